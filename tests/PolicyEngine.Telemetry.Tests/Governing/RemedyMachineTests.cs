using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Governing;
using Xunit;

namespace PolicyEngine.Telemetry.Tests.Governing;

public sealed class RemedyMachineTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly List<RemedyEvent> _recorded = [];
    private readonly List<RemedyDecision> _decisions = [];
    private RemedyState _state = RemedyState.Initial(RemedyRules.Default);

    private IncidentRemedy Remedy => _state.Find("f-1")!;

    [Fact]
    public void Remedy_ThatHelps_WaitsForApproval_IsWatched_Stands_AndEnds()
    {
        Assert.Equal([new Propose("f-1")], Now(0, t => new IncidentOpened(t, "f-1", "checkout")));
        Assert.Empty(Now(1, Proposal));
        Assert.Equal(RemedyPhase.AwaitingApproval, Remedy.Phase);
        Assert.Empty(Now(600, t => new Tick(t)));
        Assert.Empty(Now(601, t => new Promoted(t, "f-1", "c-1")));
        Assert.Equal(RemedyPhase.Watching, Remedy.Phase);
        Assert.Empty(Now(610, t => new RecoveryJudged(t, "f-1", Verdict.Healthy)));
        Assert.Equal(RemedyPhase.Standing, Remedy.Phase);
        Assert.Empty(Now(700, t => new IncidentClosed(t, "f-1")));
        Assert.Empty(Now(3602, t => new Tick(t)));
        Assert.Empty(_state.Incidents);
    }

    [Theory]
    [InlineData(Verdict.Failing)]
    [InlineData(Verdict.Unknown)]
    public void Remedy_AfterWhichRecoveryIsNotSeen_IsRolledBackAndAPersonAsked(Verdict seen)
    {
        Propose();
        Now(10, t => new Promoted(t, "f-1", "c-1"));
        Assert.Empty(Now(25, t => new RecoveryJudged(t, "f-1", seen)));
        var decisions = Now(41, t => new Tick(t));
        Assert.Equal("c-1", Assert.IsType<RollBack>(decisions[0]).Change);
        Assert.IsType<AskPerson>(decisions[1]);
        Now(42, t => new RolledBack(t, "f-1", "c-1"));
        Assert.Equal(RemedyPhase.WithPerson, Remedy.Phase);
        Assert.Empty(Now(7200, t => new Tick(t)));
    }

    [Fact]
    public void Recovery_SeenTooLate_IsNone()
    {
        Propose();
        Now(10, t => new Promoted(t, "f-1", "c-1"));
        Assert.Contains(Now(41, t => new RecoveryJudged(t, "f-1", Verdict.Healthy)), d => d is RollBack);
    }

    [Fact]
    public void Finding_ThatClosesBeforeApproval_TakesItsChangeBack()
    {
        Propose();
        Assert.Equal("c-1", Assert.IsType<Withdraw>(Assert.Single(Now(20, t => new IncidentClosed(t, "f-1")))).Change);
        Assert.Empty(Now(60, t => new IncidentOpened(t, "f-1", "checkout")));
        Assert.Equal("checkout cools down", Remedy.Why);
        Assert.Equal([new Propose("f-1")], Now(1 + 15 * 60, t => new Tick(t)));
    }

    [Fact]
    public void Switch_TurnedOff_ProposesNothingAndRollsNothingBack()
    {
        Propose();
        Now(10, t => new Promoted(t, "f-1", "c-1"));
        Now(11, t => new SwitchTurned(t, false, "ada"));
        Assert.Empty(Now(12, t => new IncidentOpened(t, "f-2", "search")));
        Assert.Contains("switched off", Assert.IsType<AskPerson>(Assert.Single(Now(60, t => new Tick(t)))).Why, StringComparison.Ordinal);
        Assert.Equal([new Propose("f-2")], Now(61, t => new SwitchTurned(t, true, "ada")));
    }

    [Fact]
    public void TwoIncidents_OfOneTarget_GetOneRemedyAtATime()
    {
        Propose();
        Assert.Empty(Now(2, t => new IncidentOpened(t, "f-2", "checkout")));
        Assert.Equal("another remedy for checkout is under way", _state.Find("f-2")!.Why);
    }

    [Fact]
    public void ManyIncidents_AtOnce_GetOnlySoManyRemediesAnHour()
    {
        var proposed = Enumerable.Range(0, 50).SelectMany(i => Now(i, t => new IncidentOpened(t, $"f-{i}", $"s-{i}"))).Count(d => d is Propose);
        Assert.Equal(RemedyRules.Default.MostPerHour, proposed);
        for (var i = 0; i < proposed; i++) Now(55 + i, t => new Proposed(t, $"f-{i}", $"c-{i}", "p", TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(15), Start.AddDays(1)));
        Assert.Equal(RemedyRules.Default.MostPerHour, Now(3700, t => new Tick(t)).Count(d => d is Propose));
    }

    [Fact]
    public void IncidentThatNoPlaybookAnswers_IsAPersons_AndCostsOthersNothing()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal([new Propose($"f-{i}")], Now(i, t => new IncidentOpened(t, $"f-{i}", $"s-{i}")));
            Assert.IsType<AskPerson>(Assert.Single(Now(i, t => new NotProposed(t, $"f-{i}", "no playbook"))));
        }
    }

    [Fact]
    public void Restart_InTheMiddle_GoesOnWhereItWas()
    {
        Propose();
        Now(10, t => new Promoted(t, "f-1", "c-1"));
        Restart();
        Assert.Equal(RemedyPhase.Watching, Remedy.Phase);
        Assert.Contains(Now(50, t => new Tick(t)), d => d is RollBack);
        // It died before the rollback was on the record: it is asked for again.
        Restart();
        Assert.Contains(Now(51, t => new Tick(t)), d => d is RollBack);
        Now(52, t => new RolledBack(t, "f-1", "c-1"));
        Restart();
        Assert.Equal(RemedyPhase.WithPerson, Remedy.Phase);
    }

    [Fact]
    public void Restart_InMidWatch_GivesTheWholeTimeAnew_ButNotBeyondTheRemedysEnd()
    {
        Propose();
        Now(10, t => new Promoted(t, "f-1", "c-1"));
        Restart();
        Assert.Empty(Now(3000, t => new Restarted(t)));
        Assert.Equal((RemedyPhase.Watching, Start.AddSeconds(3030)), (Remedy.Phase, Remedy.Deadline));
        Assert.Contains("tells neither way", Assert.IsType<AskPerson>(Assert.Single(Now(3031, t => new Tick(t)))).Why, StringComparison.Ordinal);
        Assert.Equal(RemedyPhase.WithPerson, Remedy.Phase);
    }

    [Fact]
    public void Restart_AfterWhichFailureIsSeen_RollsBack()
    {
        Propose();
        Now(10, t => new Promoted(t, "f-1", "c-1"));
        Restart();
        Now(100, t => new Restarted(t));
        Assert.Empty(Now(110, t => new RecoveryJudged(t, "f-1", Verdict.Failing)));
        Assert.Contains(Now(131, t => new Tick(t)), d => d is RollBack);
    }

    [Fact]
    public void Restart_AfterTheWatchWasOver_DoesNotBeginItAnew()
    {
        Propose();
        Now(10, t => new Promoted(t, "f-1", "c-1"));
        // Something else is on the record after the deadline; the rollback is not.
        Now(50, t => new IncidentOpened(t, "f-2", "search"));
        Restart();
        Assert.Contains(Now(60, t => new Restarted(t)), d => d is RollBack);
    }

    [Fact]
    public void Restart_BeforeTheProposalIsOnTheRecord_ProposesAgainOnce()
    {
        Now(0, t => new IncidentOpened(t, "f-1", "checkout"));
        Restart();
        Assert.Equal(RemedyPhase.Held, Remedy.Phase);
    }

    [Fact]
    public void Change_NobodyApproves_IsTakenBackAtItsEnd()
    {
        Propose();
        var decisions = Now(3700, t => new Tick(t));
        Assert.Equal([typeof(Withdraw), typeof(AskPerson)], decisions.Select(d => d.GetType()));
    }

    [Fact]
    public void Finding_ThatComesBackUnderTheRemedy_MustRecoverAgain()
    {
        Propose();
        Now(10, t => new Promoted(t, "f-1", "c-1"));
        Now(20, t => new IncidentClosed(t, "f-1"));
        Now(100, t => new IncidentOpened(t, "f-1", "checkout"));
        Assert.Equal(RemedyPhase.Watching, Remedy.Phase);
        Assert.Contains(Now(131, t => new Tick(t)), d => d is RollBack);
    }

    /// <summary>A history has no ticks, so by it another of two may have been next; what then came to nothing ends no cool-down but its own.</summary>
    [Fact]
    public void Restart_KeepsTheCoolDownOfTheOtherRemedyOfATarget()
    {
        Propose();
        Now(60, t => new IncidentClosed(t, "f-1"));
        Now(120, t => new IncidentOpened(t, "f-2", "checkout"));
        Assert.Contains(Now(16 * 60, t => new Tick(t)), d => d is Propose { Incident: "f-2" });
        Now(17 * 60, t => new IncidentOpened(t, "f-1", "checkout"));
        Now(18 * 60, t => new Proposed(t, "f-2", "c-2", "failing-canary", TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(15), Start.AddHours(2)));
        Restart();
        Assert.Equal(Start.AddMinutes(33), _state.CoolDowns["checkout"]);
    }

    private void Propose()
    {
        Now(0, t => new IncidentOpened(t, "f-1", "checkout"));
        Now(1, Proposal);
    }

    private static RemedyEvent Proposal(DateTimeOffset at) => new Proposed(at, "f-1", "c-1", "failing-canary", TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(15), Start.AddHours(1));

    private IReadOnlyList<RemedyDecision> Now(double seconds, Func<DateTimeOffset, RemedyEvent> make)
    {
        var happened = make(Start.AddSeconds(seconds));
        var (state, decisions) = RemedyMachine.Handle(_state, happened, RemedyRules.Default);
        if (happened is not Tick) _recorded.Add(happened);
        _decisions.AddRange(decisions);
        _state = state;
        return decisions;
    }

    private void Restart() => _state = RemedyMachine.Rebuild(_recorded.Select(e => RemedyEventJson.Read(RemedyEventJson.Write(e))), RemedyRules.Default);
}
