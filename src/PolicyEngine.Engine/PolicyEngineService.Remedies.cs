using System.Text.Json.Nodes;
using PolicyEngine.Changes;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Approvals;

namespace PolicyEngine.Engine;

/// <summary>A remedy against a finding: edits with an end, and where they come from.</summary>
public sealed record RemedySubmission(string Incident, string Playbook, string Says, TimeSpan Lasts, IReadOnlyList<PolicyEdit> Edits, JsonObject Provenance);

/// <summary>Remedies are changes like any other; the approval document says which may pass without a person.</summary>
public sealed partial class PolicyEngineService
{
    private const string RemedyChannel = "remedy";

    /// <summary>Submits a remedy and dry-runs it; promotes it, where the approval document lets its playbook pass within its bounds.</summary>
    public Task<Outcome<Change>> RemedyAsync(RemedySubmission remedy, CancellationToken cancellation) => InTurn(() => Task.FromResult(Remedy(remedy)), cancellation);

    /// <summary>Takes a remedy back that nobody needs any more.</summary>
    public Task<Outcome<Change>> WithdrawRemedyAsync(string id, string reason, CancellationToken cancellation) =>
        InTurn(() => Task.FromResult(_book.Step(id, new Rejected(reason), Actor.System)), cancellation);

    private Outcome<Change> Remedy(RemedySubmission remedy)
    {
        // After a crash the same remedy may be asked for again: it is on the record already.
        if (Turns.Of(_book.All, remedy.Incident).LastOrDefault(Turns.IsProposal) is { } standing) return standing;
        var id = _book.NextId();
        if (_book.Step(id, new Submitted(remedy.Says, RemedyChannel, null, remedy.Incident), Actor.System) is { Refusal: { } refused }) return refused;
        var outcome = Planned(id, Planning.Paraphrasing.Paraphrase.Of(remedy.Edits, _head.Policies), remedy.Edits, remedy.Provenance, Actor.System, _parts.Approval());
        if (outcome.Value is not { State: ChangeState.AwaitingApproval } change || !MayPass(remedy, change)) return outcome;
        if (DryRun(id, Actor.System, BySystemItself) is not { Value: { } exempt } again) return outcome;
        return _book.Step(id, new Approved(exempt.ReportHash), Actor.System) is { Refusal: { } unapproved } ? unapproved : Promote(id, Actor.System, BySystemItself);
    }

    private bool MayPass(RemedySubmission remedy, Change change) =>
        _parts.Approval().Remedies is { } self
        && self.Playbooks.Contains(remedy.Playbook)
        && remedy.Lasts <= self.AtMost
        && Enum.TryParse<RiskLevel>((string?)change.Report?["risk"], ignoreCase: true, out var risk) && risk <= self.Risk;
}
