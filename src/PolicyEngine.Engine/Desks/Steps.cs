using System.Collections.Immutable;
using PolicyEngine.Changes;
using PolicyEngine.Changes.Approvals;
using PolicyEngine.Ir;

namespace PolicyEngine.Engine.Desks;

/// <summary>Which steps a change's state allows, and what speaks against a person taking them: the same rules that the use cases apply.</summary>
internal static class Steps
{
    private static readonly (ChangeStep Step, ChangeEvent Event, Roles May, string Word)[] All =
    [
        (ChangeStep.Answer, new Answered(""), Roles.Operator, "answer"),
        (ChangeStep.Approve, new Approved(Revision.None), Roles.Approver, "approve"),
        (ChangeStep.Promote, new Promoted(Revision.None, Revision.None, ImmutableSortedDictionary<string, Revision>.Empty), Roles.Operator, "promote"),
        (ChangeStep.DryRun, new DryRun(Revision.None, Revision.None, false, Revision.None, []), Roles.Operator, "dry-run"),
        (ChangeStep.Reject, new Rejected(""), Roles.Operator | Roles.Approver, "reject"),
        (ChangeStep.RollBack, new RolledBack("", ""), Roles.Operator, "roll back"),
    ];

    public static IEnumerable<StepView> Of(Change change, Actor actor, int people) => All
        .Where(s => ChangeMachine.May(change.State, s.Event))
        .Select(s => new StepView(s.Step, Objection(change, actor, people, s.Step, s.May, s.Word)));

    private static string? Objection(Change change, Actor actor, int people, ChangeStep step, Roles may, string word) =>
        PolicyEngineService.Forbidden(actor, may, word)?.Reason ?? (step == ChangeStep.Approve ? ApprovalRules.Objection(change, actor, people) : null);
}
