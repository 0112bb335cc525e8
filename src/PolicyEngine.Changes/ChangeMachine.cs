using System.Collections.Immutable;
using PolicyEngine.Changes.Approvals;
using PolicyEngine.Ir;

namespace PolicyEngine.Changes;

/// <summary>
/// The one state machine of changes: pure, and the only place that says which step may follow which. Replaying a journal through it gives the
/// same changes; an event that may not happen is refused with the reason, never half done.
/// </summary>
public static class ChangeMachine
{
    /// <summary>The change after the event, or why it may not happen.</summary>
    public static (Change? Change, string? Refusal) Apply(Change? change, string id, ChangeEvent happened, string actor, DateTimeOffset at)
    {
        if (change is null)
            return happened is Submitted s
                ? (new Change { Id = id, State = ChangeState.Draft, Intent = s.Intent, Author = actor, Channel = s.Channel, Undoes = s.Undoes, Conversation = s.Conversation, CreatedAt = at, UpdatedAt = at }, null)
                : (null, $"there is no change '{id}'");
        if (!May(change.State, happened)) return (null, $"{id} is {Word(change.State)}: it cannot be {Word(happened)}");
        if (happened is Approved approved && approved.ReportHash != change.ReportHash)
            return (null, $"{id} was dry-run again since: its report is now {change.ReportHash.Short}, not {approved.ReportHash.Short}");
        if (happened is Approved && change.Approvals.Any(a => a.By == actor)) return (null, $"{actor} approved {id} already");
        return (Next(change, happened, actor, at) with { UpdatedAt = at }, null);
    }

    public static bool May(ChangeState state, ChangeEvent happened) => happened switch
    {
        Submitted => false,
        Answered => state is ChangeState.NeedsAnswer,
        Planned or Asked or Refused => state is ChangeState.Draft,
        DryRun => state is ChangeState.Planned or ChangeState.DryRunFailed or ChangeState.AwaitingApproval or ChangeState.Approved or ChangeState.Superseded,
        Approved => state is ChangeState.AwaitingApproval,
        Rejected => state is ChangeState.Draft or ChangeState.NeedsAnswer or ChangeState.Planned or ChangeState.DryRunFailed or ChangeState.AwaitingApproval or ChangeState.Approved or ChangeState.Superseded,
        Superseded => state is ChangeState.Approved or ChangeState.AwaitingApproval,
        Promoted => state is ChangeState.Approved,
        RolledBack or NodeRefused => state is ChangeState.Promoted,
        _ => false,
    };

    public static string Word(ChangeState state) => state switch
    {
        ChangeState.NeedsAnswer => "waiting for an answer",
        ChangeState.DryRunFailed => "not valid (its dry run found errors)",
        ChangeState.AwaitingApproval => "awaiting approval",
        ChangeState.Superseded => "superseded (something else was promoted since its dry run)",
        ChangeState.RolledBack => "rolled back",
        _ => state.ToString().ToLowerInvariant(),
    };

    private static string Word(ChangeEvent happened) => happened switch
    {
        DryRun => "dry-run",
        NodeRefused => "refused by a node",
        RolledBack => "rolled back",
        _ => happened.GetType().Name.ToLowerInvariant(),
    };

    private static Change Next(Change change, ChangeEvent happened, string actor, DateTimeOffset at) => happened switch
    {
        Answered a => change with { State = ChangeState.Draft, Answers = change.Answers.Add(a.Answer), Questions = [] },
        Planned p => change with { State = ChangeState.Planned, Summary = p.Summary, Edits = p.Edits, Provenance = p.Provenance },
        Asked a => change with { State = ChangeState.NeedsAnswer, Summary = a.Summary, Questions = a.Questions, Provenance = a.Provenance },
        Refused r => change with { State = ChangeState.Refused, Summary = r.Summary, Reasons = r.Reasons, Provenance = r.Provenance },
        // A new report takes every earlier approval with it.
        DryRun d => change with
        {
            State = d.HasErrors ? ChangeState.DryRunFailed : ChangeState.AwaitingApproval,
            Base = d.Base,
            Candidate = d.Candidate,
            ReportHash = d.ReportHash,
            Report = d.Report,
            Approvals = [],
            Need = d.Need ?? ApprovalNeed.One,
        },
        Approved a => change with { State = change.Approvals.Length + 1 >= change.Need.Approvals ? ChangeState.Approved : ChangeState.AwaitingApproval, Approvals = change.Approvals.Add(new Approval(actor, at, a.ReportHash)) },
        Rejected r => change with { State = ChangeState.Rejected, Reasons = [r.Reason] },
        Superseded => change with { State = ChangeState.Superseded, Approvals = [] },
        Promoted p => change with { State = ChangeState.Promoted, PromotedAt = at, Replaced = p.From },
        RolledBack r => change with { State = ChangeState.RolledBack, RolledBackBy = r.By, Reasons = [r.Reason] },
        NodeRefused n => change with { Reasons = change.Reasons.Add($"{n.Node} refused {n.Type}: {n.Message}") },
        _ => change,
    };
}
