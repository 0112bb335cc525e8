using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Policies.TrafficSplits;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Governing;
using PolicyEngine.Telemetry.Remedies;
using PolicyEngine.Telemetry.Tests.Remedies;
using PolicyEngine.Telemetry.Tests.Simulation;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Telemetry.Tests;

/// <summary>Anomaly, remedy, proof: all the parts together on a virtual clock, the traffic following what stands.</summary>
public sealed class ClosedLoopTests
{
    private static readonly ServiceCatalog Catalog = new(DocumentFolder.Read(Path.Combine(RepositoryPaths.Shop, "catalog")).Documents);
    private static readonly PolicySet Canary = new PolicySet(DocumentFolder.Read(Path.Combine(RepositoryPaths.Shop, "policies")).Documents)
        .Apply([PolicyEdit.Upsert(Document.Of("checkout-split", new TrafficSplitSpec { Target = new() { Service = "checkout" }, Backends = [new() { Version = "v1", Weight = Ir.Percentage.Of(95) }, new() { Version = "v2", Weight = Ir.Percentage.Of(5) }] }))]);

    private readonly Shop _shop = new(61);
    private readonly List<RemedyDecision> _decisions = [];
    private readonly List<RemedyEvent> _recorded = [];
    private RemedyState _state = RemedyState.Initial(RemedyRules.Default);
    private PolicySet _policies = Canary;
    private RemedyProposal? _waiting;
    private DateTimeOffset _promoted;
    private Subject? _subject;
    private Func<double> _errors = () => 0.001;
    private Func<double> _stableErrors = () => 0.001;
    private bool _approves = true;
    private bool _reports = true;

    public ClosedLoopTests() => _shop.Script = _ => [.. Serving()];

    [Fact]
    public void FailingCanary_WhereRemediesMayPass_IsCleanInLessThanFifteenSeconds_AndProven()
    {
        Live(TimeSpan.FromMinutes(5));
        var failing = _shop.Now;
        _errors = () => 1;
        Live(TimeSpan.FromSeconds(60));
        Assert.True(_promoted - failing < TimeSpan.FromSeconds(15), $"{_promoted - failing}");
        Assert.Equal(RemedyPhase.Standing, Assert.Single(_state.Incidents).Phase);
        Assert.DoesNotContain(_decisions, d => d is RollBack or AskPerson);
        Assert.Equal(["v1"], Serving().Select(v => v.Name));
    }

    [Fact]
    public void FailingCanary_WhereAPersonMustApprove_WaitsAndChangesNothing()
    {
        _approves = false;
        Live(TimeSpan.FromMinutes(5));
        _errors = () => 1;
        Live(TimeSpan.FromSeconds(30));
        Assert.Equal(RemedyPhase.AwaitingApproval, Assert.Single(_state.Incidents).Phase);
        Assert.Equal(Canary.Revision, _policies.Revision);
    }

    [Fact]
    public void WrongRemedy_AfterWhichItStillFails_IsUndoneAndAPersonAsked()
    {
        Live(TimeSpan.FromMinutes(5));
        _errors = () => 1;
        // It was not v2 but what both need: as soon as the requests go to v1, they fail there.
        _stableErrors = () => _policies.Documents.Count > Canary.Documents.Count ? 0.5 : 0.001;
        Live(TimeSpan.FromSeconds(90));
        Assert.Single(_decisions.OfType<RollBack>());
        Assert.Contains(_decisions, d => d is AskPerson);
        Assert.Equal(Canary.Revision, _policies.Revision);
        Assert.Contains(_state.Incidents, i => i.Phase == RemedyPhase.WithPerson);
    }

    [Fact]
    public void FlappingCanary_GetsAtMostOneRemedyACoolDown()
    {
        Live(TimeSpan.FromMinutes(5));
        _errors = () => (_shop.Now - Shop.Start).TotalSeconds % 60 < 20 ? 1 : 0.001;
        Live(TimeSpan.FromHours(2));
        // A remedy stands for an hour, the canary comes back with its end and fails again.
        Assert.InRange(_decisions.Count(d => d is Propose), 1, 2);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(600)]
    public void Restart_InMidWatchOfARemedyThatHelps_WaitsForRequestsAnew_AndSeesRecovery(int secondsAway)
    {
        UntilWatched();
        Restart(TimeSpan.FromSeconds(secondsAway));
        _reports = false;
        Live(TimeSpan.FromSeconds(10));
        Assert.Equal(RemedyPhase.Watching, Assert.Single(_state.Incidents).Phase);
        _reports = true;
        Live(TimeSpan.FromSeconds(10));
        Assert.Equal(RemedyPhase.Standing, Assert.Single(_state.Incidents).Phase);
        Assert.DoesNotContain(_decisions, d => d is RollBack or AskPerson);
    }

    [Fact]
    public void Restart_InMidWatchOfAWrongRemedy_DoesNotTakeTheFailureForTheUsual_AndUndoesIt()
    {
        // What it would learn after the restart is that half of all fails.
        _stableErrors = () => _policies.Documents.Count > Canary.Documents.Count ? 0.5 : 0.001;
        UntilWatched();
        Restart(TimeSpan.FromSeconds(3));
        Live(TimeSpan.FromMinutes(3));
        Assert.Single(_decisions.OfType<RollBack>());
        Assert.Equal(Canary.Revision, _policies.Revision);
    }

    [Fact]
    public void Restart_InMidWatch_AfterWhichNobodyReports_ConcludesNothing_AndAsksAPerson()
    {
        UntilWatched();
        Restart(TimeSpan.FromMinutes(5));
        _reports = false;
        Live(TimeSpan.FromMinutes(3));
        Assert.DoesNotContain(_decisions, d => d is RollBack);
        Assert.Contains("tells neither way", Assert.Single(_decisions.OfType<AskPerson>()).Why, StringComparison.Ordinal);
        Assert.Equal(RemedyPhase.WithPerson, Assert.Single(_state.Incidents).Phase);
        Assert.Equal(FindingState.Open, Assert.Single(_shop.Detection.Findings).State);
    }

    private void UntilWatched()
    {
        Live(TimeSpan.FromMinutes(5));
        _errors = () => 1;
        for (var i = 0; i < 60 && !_state.Incidents.Exists(r => r.Phase == RemedyPhase.Watching); i++) Live(TimeSpan.FromSeconds(1));
        Assert.Equal(RemedyPhase.Watching, Assert.Single(_state.Incidents).Phase);
    }

    private void Restart(TimeSpan away)
    {
        _shop.Restart(away);
        _state = RemedyMachine.Rebuild(_recorded, RemedyRules.Default);
        Happen(new Restarted(_shop.Now));
        // The same from the record, once more.
        var again = RemedyMachine.Rebuild(_recorded, RemedyRules.Default);
        Assert.Equal(_state.Incidents, again.Incidents);
    }

    private IEnumerable<VersionScript> Serving()
    {
        var split = (TrafficSplitSpec)new SplitView(_policies, Catalog).Splits.Single(d => d.Name.EndsWith("checkout-split", StringComparison.Ordinal)).Spec;
        return split.Backends.Where(b => b.Weight.Millionths > 0).Select(b => new VersionScript(b.Version, (double)b.Weight.Value / 100) { ErrorRatio = b.Version == "v2" ? _errors() : _stableErrors(), Reports = _reports });
    }

    private void Live(TimeSpan length)
    {
        for (var end = _shop.Now + length; _shop.Now < end;)
        {
            _shop.Detection.Expect(ServingVersions.Of(_policies, Catalog));
            foreach (var change in _shop.Run(TimeSpan.FromSeconds(1)))
            {
                if (change.Step is FindingStep.Opened or FindingStep.Reopened) Happen(new IncidentOpened(_shop.Now, change.Finding.Id, change.Finding.Subject.Service));
                if (change.Step == FindingStep.Closed) Happen(new IncidentClosed(_shop.Now, change.Finding.Id));
            }
            foreach (var watched in _state.Incidents.Where(i => i.Phase == RemedyPhase.Watching))
                Happen(new RecoveryJudged(_shop.Now, watched.Incident, _shop.Detection.RecoveryOf(_subject!, _promoted)));
            var ended = _policies.Documents.Values.Where(d => d.Metadata.ExpiresAt <= _shop.Now).Select(PolicyEdit.Remove).ToList();
            if (ended.Count > 0) _policies = _policies.Apply(ended);
            Happen(new Tick(_shop.Now));
        }
    }

    private void Happen(RemedyEvent happened)
    {
        if (happened is not Tick) _recorded.Add(happened);
        var (state, decisions) = RemedyMachine.Handle(_state, happened, RemedyRules.Default);
        _state = state;
        _decisions.AddRange(decisions);
        foreach (var decision in decisions) CarryOut(decision);
    }

    private void CarryOut(RemedyDecision decision)
    {
        switch (decision)
        {
            case Propose:
                var finding = _shop.Detection.Findings.Single(f => f.Id == decision.Incident);
                var outcome = RemedyPlanner.For(finding, RemedyPlannerTests.Delivered, _policies, Catalog, _shop.Now);
                if (outcome.Proposal is not { } proposal)
                {
                    Happen(new NotProposed(_shop.Now, decision.Incident, outcome.Reason!.Message));
                    return;
                }
                (_waiting, _subject) = (proposal, finding.Subject);
                Happen(new Proposed(_shop.Now, decision.Incident, "c-1", proposal.Playbook, proposal.RecoveryWithin, proposal.CoolDown, proposal.EndsAt));
                if (!_approves) return;
                _policies = _policies.Apply(proposal.Edits);
                _promoted = _shop.Now;
                Happen(new Promoted(_shop.Now, decision.Incident, "c-1"));
                break;
            case RollBack:
                _policies = _policies.Apply(_waiting!.Edits.Select(e => PolicyEdit.Remove(e.Upserted!)));
                Happen(new RolledBack(_shop.Now, decision.Incident, "c-1"));
                break;
        }
    }
}
