using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyEngine.Changes;
using PolicyEngine.Changes.DryRuns;
using PolicyEngine.Changes.Journal;
using PolicyEngine.Ir;
using PolicyEngine.Planning;
using PolicyEngine.Policies;

namespace PolicyEngine.Engine;

/// <summary>From words to a plan: submissions, answers, turns of conversations.</summary>
public sealed partial class PolicyEngineService
{
    private const string ChatChannel = "chat";
    private const string NothingPlanned = "Nothing was planned.";
    private const int MostTurns = 200;
    private const int MostPlansAtOnce = 8;

    private static readonly string[] ReservedChannels = [ImportChannel, ClockChannel, RollbackChannel, RemedyChannel];
    private static readonly Refused Interrupted = new(NothingPlanned, ["The planning was interrupted; say it again."]);
    private static readonly TimeSpan PlanWait = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _plans = new(MostPlansAtOnce, MostPlansAtOnce);

    /// <summary>Words or edits to a plan, and on to its dry run where the plan is clear.</summary>
    public async Task<Outcome<Change>> SubmitAsync(Submission submission, Actor actor, CancellationToken cancellation)
    {
        if (Forbidden(actor, Roles.Operator, "submit") is { } forbidden) return forbidden;
        // A key that somebody pasted must not be on the record for ever.
        submission = submission with { Intent = KeyMaterial.HiddenBlocks(submission.Intent) };
        if (string.IsNullOrWhiteSpace(submission.Intent) && submission.Edits.Count == 0) return new Refusal(RefusalKind.Invalid, "say what you want, in words or as edits");
        if (ReservedChannels.Contains(submission.Channel)) return new Refusal(RefusalKind.Invalid, $"the channel '{submission.Channel}' is the engine's own");
        var submitted = await InTurn(() => Task.FromResult(Open(submission, actor)), cancellation);
        if (submitted.Value is not { } change) return submitted;
        return submission.Edits.Count > 0
            ? await InTurn(() => Task.FromResult(PlanEdits(change.Id, submission.Edits, actor)), cancellation)
            : await PlanWords(change, submission.Intent, null, actor, cancellation);
    }

    /// <summary>
    /// A turn of a conversation: a new one, or one that goes on. The answer to a question carries the same plan on; anything else is planned on
    /// top of what the conversation proposed so far, and replaces that.
    /// </summary>
    public async Task<Outcome<Change>> SayAsync(string? conversation, string text, Actor actor, CancellationToken cancellation)
    {
        if (conversation is null) return await SubmitAsync(new Submission(text, ChatChannel) { StartsConversation = true }, actor, cancellation);
        if (Turns.Of(_book.All, conversation).ToList() is not [_, ..] turns) return new Refusal(RefusalKind.NotFound, $"there is no conversation '{Shortened(conversation)}'");
        if (turns[0].Author != actor.Name) return new Refusal(RefusalKind.Forbidden, $"the conversation is {turns[0].Author}'s");
        if (turns.Count >= MostTurns) return new Refusal(RefusalKind.Conflict, $"a conversation has at most {MostTurns} turns; begin another");
        return turns[^1].State switch
        {
            ChangeState.Draft => new Refusal(RefusalKind.Conflict, "the last turn is still being planned"),
            ChangeState.NeedsAnswer => await AnswerAsync(turns[^1].Id, text, actor, cancellation),
            _ => await SubmitAsync(new Submission(text, ChatChannel) { Conversation = conversation }, actor, cancellation),
        };
    }

    /// <summary>The turns of a conversation, oldest first; none where there is no such conversation.</summary>
    public IReadOnlyList<Change> Conversation(string id) => [.. Turns.Of(_book.All, id)];

    /// <summary>An answer carries the same plan on.</summary>
    public async Task<Outcome<Change>> AnswerAsync(string id, string answer, Actor actor, CancellationToken cancellation)
    {
        if (Forbidden(actor, Roles.Operator, "answer") is { } forbidden) return forbidden;
        if (_book.Find(id) is not { } change) return Unknown(id);
        answer = KeyMaterial.HiddenBlocks(answer);
        if (string.IsNullOrWhiteSpace(answer)) return new Refusal(RefusalKind.Invalid, "an answer needs words");
        var answered = await InTurn(() => Task.FromResult(_book.Step(id, new Answered(answer), actor)), cancellation);
        return answered.Value is null ? answered : await PlanWords(answered.Value, answer, change, actor, cancellation);
    }

    private Outcome<Change> Open(Submission submission, Actor actor)
    {
        var id = _book.NextId();
        var text = submission.Intent.Length <= PlanRequest.LongestIntent ? submission.Intent : submission.Intent[..PlanRequest.LongestIntent] + "…";
        return _book.Step(id, new Submitted(text, submission.Channel, null, submission.StartsConversation ? id : submission.Conversation), actor);
    }

    /// <param name="asked">The change as it was before this answer, where the words are one.</param>
    private async Task<Outcome<Change>> PlanWords(Change change, string words, Change? asked, Actor actor, CancellationToken cancellation)
    {
        // Planning may take its time and takes no turn: what must happen at once (a rollback, an expiry) does not wait for it.
        var head = _head;
        var context = Turns.Before(change, _book.All, head);
        if (!await _plans.WaitAsync(PlanWait, cancellation)) return _book.Step(change.Id, new Refused(NothingPlanned, ["Too much is being planned at the moment; say it again in a little while."]), actor);
        Plan plan;
        try
        {
            plan = await _parts.Planner.PlanAsync(new PlanRequest
            {
                Intent = words,
                Catalog = head.Catalog,
                Policies = context.Policies,
                Earlier = asked is null ? context.Earlier : [.. context.Earlier, Asked(asked, context.Policies)],
                Now = _parts.Time.GetUtcNow(),
                Progress = text => _notices.Tell(new ChangeNotice(change.Id, "Planning", change.State, actor.Name, _parts.Time.GetUtcNow(), text)),
                Compile = p => Candidate.Of(head.Catalog, p, head).Diagnostics,
            }, cancellation);
        }
        catch
        {
            // Whoever asked went away, or the planner broke: the change does not stay a draft, or its conversation could never go on.
            await InTurn(() => Task.FromResult(_book.Step(change.Id, Interrupted, Actor.System)), CancellationToken.None);
            throw;
        }
        finally
        {
            _plans.Release();
        }
        return await InTurn(() => Task.FromResult(plan.Status switch
        {
            PlanStatus.Planned => Planned(change.Id, plan, head, context, actor),
            PlanStatus.NeedsClarification => _book.Step(change.Id, new Asked(plan.Summary, [.. plan.Questions.Select(q => new ChangeQuestion(q.Id, q.Text, q.Choices))], Signature(plan)), actor),
            _ => _book.Step(change.Id, new Refused(plan.Summary, plan.Reasons, Signature(plan)), actor),
        }), cancellation);
    }

    /// <summary>The plan with what it stands on: a turn holds what the proposal that it replaces held, but for what it takes back.</summary>
    private Outcome<Change> Planned(string id, Plan plan, Candidate head, TurnContext context, Actor actor)
    {
        var edits = context.Replaces is null ? plan.Edits : head.Policies.EditsTo(context.Policies.Apply(plan.Edits));
        var outcome = edits.IsEmpty
            ? _book.Step(id, new Refused("All of it is taken back.", [$"With that, nothing of {context.Replaces} is left to change."], Signature(plan)), actor)
            : Planned(id, plan.Summary, edits, Signature(plan), actor, _parts.Approval());
        if (outcome.Value is not null && context.Replaces is { } replaced && _book.Find(replaced) is { } before && Turns.IsProposal(before)) _book.Step(replaced, new Rejected(Turns.ReplacedBy(id)), actor);
        return outcome;
    }

    /// <summary>Which planner the plan is of, by what: on the record whatever it ended as.</summary>
    private static JsonObject Signature(Plan plan) => JsonSerializer.SerializeToNode(plan.Provenance, JournalJson.Options)!.AsObject();

    private PlanTurn Asked(Change change, PolicySet before) => new(Spoken(change), new Plan
    {
        Status = PlanStatus.NeedsClarification,
        Summary = change.Summary,
        Questions = [.. change.Questions.Select(q => new Question(q.Id, q.Text, q.Choices))],
        Provenance = new Provenance(_parts.Planner.Name, "", Revision.Of(change.Intent)),
    }, before);

    /// <summary>What was being planned when the process ended is planned by nobody any more.</summary>
    private void FinishDrafts()
    {
        foreach (var draft in _book.All.Where(c => c.State == ChangeState.Draft).ToList()) _book.Step(draft.Id, Interrupted, Actor.System);
    }

    private static string Spoken(Change change) => string.Join(' ', change.Answers.Prepend(change.Intent));
}
