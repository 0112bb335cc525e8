using System.Collections.Immutable;
using System.Text.Json.Nodes;
using PolicyEngine.Changes;
using PolicyEngine.Changes.DryRuns;
using PolicyEngine.Ir;
using PolicyEngine.Planning;
using PolicyEngine.Policies;

namespace PolicyEngine.Engine;

/// <summary>What a turn of a conversation stands on: the turns before it, the policies that it is planned on, and the proposal that it replaces.</summary>
/// <param name="Policies">What is served, with what the turns before proposed and nobody promoted yet.</param>
/// <param name="Replaces">The proposal that goes when this turn becomes one: it is part of it.</param>
internal sealed record TurnContext(ImmutableArray<PlanTurn> Earlier, PolicySet Policies, string? Replaces);

/// <summary>Conversations out of changes: each turn is a change, so they survive a restart as changes do. Pure.</summary>
internal static class Turns
{
    /// <summary>The turns of a conversation, oldest first.</summary>
    public static IEnumerable<Change> Of(IEnumerable<Change> changes, string conversation) => changes.Where(c => c.Conversation == conversation);

    public static TurnContext Before(Change turn, IEnumerable<Change> changes, Candidate head) => turn.Conversation is { } conversation
        ? Within(Of(changes, conversation).TakeWhile(c => c.Id != turn.Id), head)
        : AfterLast(turn, changes, head);

    /// <summary>Without a conversation, "it" may still mean the author's last change, if it is what stands.</summary>
    private static TurnContext AfterLast(Change turn, IEnumerable<Change> changes, Candidate head)
    {
        var last = changes.Where(c => c.Author == turn.Author && c.Edits.Length > 0 && c.Id != turn.Id).MaxBy(c => c.CreatedAt);
        return last is { State: ChangeState.Promoted } && last.Candidate == head.Policies.Revision
            ? new TurnContext([Turn(last, head.Policies.Apply(Inverse(last)), head.Policies)], head.Policies, null)
            : new TurnContext([], head.Policies, null);
    }

    private static TurnContext Within(IEnumerable<Change> turns, Candidate head)
    {
        var earlier = ImmutableArray.CreateBuilder<PlanTurn>();
        var (policies, open) = (head.Policies, (string?)null);
        foreach (var turn in turns.Where(t => t.Edits.Length > 0))
        {
            if (turn.State == ChangeState.Promoted)
            {
                var stands = turn.Candidate == head.Policies.Revision;
                earlier.Add(Turn(turn, stands ? head.Policies.Apply(Inverse(turn)) : head.Policies, head.Policies));
                (policies, open) = (head.Policies, null);
            }
            else if (IsProposal(turn) || turn.State == ChangeState.Rejected)
            {
                // Each proposal holds the ones that it replaced; so what this turn did is the step from there.
                var proposed = head.Policies.Apply(Edits(turn));
                earlier.Add(Turn(turn, policies, proposed));
                (policies, open) = IsProposal(turn) || Replaced(turn) ? (proposed, IsProposal(turn) ? turn.Id : open) : (head.Policies, null);
            }
        }
        return new TurnContext(earlier.ToImmutable(), policies, open);
    }

    public static bool IsProposal(Change change) => change.State is ChangeState.Planned or ChangeState.DryRunFailed or ChangeState.AwaitingApproval or ChangeState.Approved or ChangeState.Superseded;

    public static string ReplacedBy(string id) => $"replaced by {id}";

    private static bool Replaced(Change change) => change.Reasons is [var reason, ..] && reason.StartsWith("replaced by ", StringComparison.Ordinal);

    private static PlanTurn Turn(Change change, PolicySet before, PolicySet after) => new(string.Join(' ', change.Answers.Prepend(change.Intent)), new Plan
    {
        Status = PlanStatus.Planned,
        Summary = change.Summary,
        Edits = before.EditsTo(after),
        Provenance = new Provenance("", "", Revision.Of(change.Intent)),
    }, before);

    private static IReadOnlyList<PolicyEdit> Edits(Change change) => Read(change.Edits);

    public static IReadOnlyList<PolicyEdit> Inverse(Change change) => Read([.. (change.Report?["inverse"] as JsonArray ?? []).OfType<JsonObject>()]);

    private static IReadOnlyList<PolicyEdit> Read(ImmutableArray<JsonObject> edits) => [.. edits.Select((e, i) => EditJson.Read(e, $"edit {i + 1}").Edit).OfType<PolicyEdit>()];
}
