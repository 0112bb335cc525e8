using FsCheck.Xunit;
using PolicyEngine.Changes;
using PolicyEngine.Ir;
using Xunit;

namespace PolicyEngine.Changes.Tests;

public sealed class MachineTests
{
    private static readonly ChangeEvent[] Events =
    [
        new Submitted("x", "test"), new Answered("y"), new Planned("s", [], []), new Asked("s", []), new Refused("s", []),
        new DryRun(Revision.None, Revision.None, false, Revision.Of("r1"), []), new DryRun(Revision.None, Revision.None, true, Revision.Of("r2"), []),
        new Approved(Revision.Of("r1")), new Approved(Revision.Of("r2")), new Rejected("no"), new Superseded(Revision.None),
        new Promoted(Revision.None, Revision.None, System.Collections.Immutable.ImmutableSortedDictionary<string, Revision>.Empty), new RolledBack("c-2", "r"), new NodeRefused("n", "t", "m", []),
    ];

    private static readonly ChangeState[] Terminal = [ChangeState.Refused, ChangeState.Rejected, ChangeState.RolledBack];

    /// <summary>Whatever happens in whatever order: promoted only by way of an approval of the very report, and what is over stays over.</summary>
    [Property(MaxTest = 2000)]
    public bool Apply_AnyEvents_NeverPromotesWhatWasNotApproved(List<byte> steps)
    {
        Change? change = null;
        var approvedHash = Revision.None;
        foreach (var step in steps)
        {
            var happened = Events[step % Events.Length];
            var before = change;
            var (next, refusal) = ChangeMachine.Apply(change, "c-1", happened, "a", DateTimeOffset.UnixEpoch);
            if (next is null == (refusal is null)) return false;
            if (next is null) continue;
            if (before is not null && Terminal.Contains(before.State)) return false;
            if (happened is Approved a) approvedHash = a.ReportHash;
            if (happened is Promoted && (before!.State != ChangeState.Approved || before.ReportHash != approvedHash || before.Approvals.IsEmpty)) return false;
            if (happened is DryRun && next.Approvals.Length > 0) return false;
            change = next;
        }
        return true;
    }

    [Fact]
    public void Apply_ApprovalOfAnotherReport_IsRefusedWithBothHashes()
    {
        var (change, _) = ChangeMachine.Apply(null, "c-1", Events[0], "a", default);
        (change, _) = ChangeMachine.Apply(change, "c-1", Events[2], "a", default);
        (change, _) = ChangeMachine.Apply(change, "c-1", Events[5], "a", default);
        var (none, refusal) = ChangeMachine.Apply(change, "c-1", Events[8], "a", default);
        Assert.Null(none);
        Assert.Contains(Revision.Of("r1").Short, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void May_EveryStateAndEvent_IsDecided()
    {
        // Exhaustive: each pair either may or may not, and a terminal state allows nothing.
        foreach (var state in Enum.GetValues<ChangeState>())
            foreach (var happened in Events)
                if (Terminal.Contains(state)) Assert.False(ChangeMachine.May(state, happened));
    }
}
