using System.Collections.Immutable;
using System.Text.Json;
using System.Threading.Channels;
using PolicyEngine.Changes;
using PolicyEngine.Changes.Journal;
using PolicyEngine.Changes.Stores;
using PolicyEngine.Ir;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Governing;
using PolicyEngine.Telemetry.Remedies;
using PolicyEngine.Telemetry.Samples;
using Happened = PolicyEngine.Telemetry.Governing.RemedyEvent;

namespace PolicyEngine.Engine.Remedies;

/// <summary>What the remedies stand on; playbooks are asked each time, as their folder may change.</summary>
public sealed record RemedyParts(PolicyEngineService Engine, IChangeStore Store, TimeProvider Time, Func<Playbooks> Playbooks)
{
    public RemedyRules Rules { get; init; } = RemedyRules.Default;

    public DetectionOptions Detection { get; init; } = DetectionOptions.Default;
}

/// <summary>
/// Samples in; findings, and remedies as changes, out. Samples wait in a bounded queue; everything else happens in <see cref="TickAsync"/>, one
/// tick at a time. What happened is in the journal, and a restart goes on from there.
/// </summary>
public sealed class RemedyService : IDisposable
{
    private const int MostWaiting = 100_000;

    private readonly RemedyParts _parts;
    private readonly RemedyLog _log;
    private readonly Detection _detection;
    private readonly Channel<(Sample? Sample, KeySample? Key, string? Left, DateTimeOffset At)> _waiting = Channel.CreateBounded<(Sample?, KeySample?, string?, DateTimeOffset)>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly SemaphoreSlim _tick = new(1, 1);
    private readonly Notices<Finding> _notices = new();
    private volatile RemedyState _state;
    private ImmutableArray<Finding> _findings = [];
    private Revision _expected;
    private bool _hasBegun;

    public RemedyService(RemedyParts parts)
    {
        (_parts, _log, _detection) = (parts, new RemedyLog(parts.Store), new Detection(parts.Detection));
        var (events, open) = _log.Read();
        _state = RemedyMachine.Rebuild(events, parts.Rules);
        _detection.Restore(open);
        _findings = [.. _detection.Findings];
        Since = parts.Time.GetUtcNow();
    }

    /// <summary>Since when this process looks.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>Open findings, and those that closed not long ago, oldest first.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    public RemedyState State => _state;

    public IAsyncEnumerable<Finding> Watch(CancellationToken cancellation) => _notices.Listen(cancellation);

    public void Observe(Sample sample) => _waiting.Writer.TryWrite((sample, null, null, _parts.Time.GetUtcNow()));

    /// <summary>What was counted in one interval.</summary>
    public void Observe(IEnumerable<KeySample> samples)
    {
        var now = _parts.Time.GetUtcNow();
        foreach (var sample in samples) _waiting.Writer.TryWrite((null, sample, null, now));
    }

    /// <summary>A source went away on purpose.</summary>
    public void Leave(string source) => _waiting.Writer.TryWrite((null, null, source, _parts.Time.GetUtcNow()));

    /// <summary>The global switch.</summary>
    public async Task<Outcome<RemedyState>> SwitchAsync(bool on, Actor actor, CancellationToken cancellation)
    {
        if (!actor.May(Roles.Operator)) return new Refusal(RefusalKind.Forbidden, $"{actor.Name} may not switch remedies: that takes the role operator");
        await _tick.WaitAsync(cancellation);
        try
        {
            await Happen(new SwitchTurned(_parts.Time.GetUtcNow(), on, actor.Name), cancellation, actor);
            return _state;
        }
        finally
        {
            _tick.Release();
        }
    }

    /// <summary>Judges what came in and does what is to be done. To be called every second.</summary>
    public async Task TickAsync(CancellationToken cancellation)
    {
        await _tick.WaitAsync(cancellation);
        try
        {
            var now = _parts.Time.GetUtcNow();
            if (!_hasBegun && _state.Incidents.Exists(i => i.Phase == RemedyPhase.Watching)) await Happen(new Restarted(now), cancellation);
            _hasBegun = true;
            TakeIn();
            var changes = _detection.Evaluate(now);
            _findings = [.. _detection.Findings];
            foreach (var change in changes)
            {
                _notices.Tell(change.Finding);
                if (change.Step is FindingStep.Opened or FindingStep.Reopened) await Happen(new IncidentOpened(now, change.Finding.Id, change.Finding.Subject.Service), cancellation, finding: change.Finding);
                if (change.Step == FindingStep.Closed) await Happen(new IncidentClosed(now, change.Finding.Id), cancellation, finding: change.Finding);
            }
            foreach (var incident in _state.Incidents.Where(i => i.Change is not null).ToList())
                foreach (var happened in ChangeOf(incident, now)) await Happen(happened, cancellation);
            await Happen(new Tick(now), cancellation);
        }
        finally
        {
            _tick.Release();
        }
    }

    public void Dispose() => _tick.Dispose();

    private void TakeIn()
    {
        var head = _parts.Engine.Head;
        if (_expected != head.Policies.Revision)
        {
            _detection.Expect(ServingVersions.Of(head.Policies, head.Catalog));
            _expected = head.Policies.Revision;
        }
        while (_waiting.Reader.TryRead(out var next))
        {
            if (next.Sample is { } sample) _detection.Observe(sample, next.At);
            if (next.Key is { } key) _detection.Observe(key, next.At);
            if (next.Left is { } source) _detection.Leave(source);
        }
    }

    /// <summary>What became of an incident's change since: people approve, reject and roll back without telling anybody here.</summary>
    private IEnumerable<Happened> ChangeOf(IncidentRemedy incident, DateTimeOffset now)
    {
        if (_parts.Engine.Change(incident.Change!).Value is not { } change) yield break;
        switch (incident.Phase, change.State)
        {
            case (RemedyPhase.AwaitingApproval, ChangeState.Promoted):
                yield return new Telemetry.Governing.Promoted(now, incident.Incident, change.Id);
                break;
            case (RemedyPhase.AwaitingApproval, ChangeState.Rejected or ChangeState.Refused or ChangeState.DryRunFailed):
                yield return new Telemetry.Governing.Refused(now, incident.Incident, change.Id, change.Reasons is [var why, ..] ? why : "it cannot be promoted");
                break;
            case (RemedyPhase.Watching or RemedyPhase.Standing, ChangeState.RolledBack):
                yield return new Telemetry.Governing.RolledBack(now, incident.Incident, change.Id);
                break;
            case (RemedyPhase.Watching, ChangeState.Promoted) when _findings.FirstOrDefault(f => f.Id == incident.Incident) is { } finding:
                var verdict = _detection.RecoveryOf(finding.Subject, change.PromotedAt!.Value);
                if (verdict == Verdict.Healthy || verdict == Verdict.Failing && incident.IsBlind) yield return new RecoveryJudged(now, incident.Incident, verdict);
                break;
        }
    }

    private async Task Happen(Happened happened, CancellationToken cancellation, Actor? actor = null, Finding? finding = null)
    {
        // On the record first: what is decided from it may be done twice after a crash, never lost.
        if (happened is not Tick) _log.Write(IncidentOf(happened), happened, finding, actor ?? Actor.System, happened.At);
        var (state, decisions) = RemedyMachine.Handle(_state, happened, _parts.Rules);
        _state = state;
        foreach (var decision in decisions)
            if (await CarryOut(decision, cancellation) is { } outcome) await Happen(outcome, cancellation);
    }

    private async Task<Happened?> CarryOut(RemedyDecision decision, CancellationToken cancellation)
    {
        var now = _parts.Time.GetUtcNow();
        switch (decision)
        {
            case Propose:
                return await Proposal(decision.Incident, now, cancellation);
            case Withdraw withdraw:
                await _parts.Engine.WithdrawRemedyAsync(withdraw.Change, withdraw.Why, cancellation);
                return null;
            case RollBack rollBack:
                var undone = await _parts.Engine.RollBackAsync(rollBack.Change, rollBack.Why, Actor.System, cancellation);
                return undone.Refusal is { } refusal ? new RollbackFailed(now, decision.Incident, rollBack.Change, refusal.Reason) : new Telemetry.Governing.RolledBack(now, decision.Incident, rollBack.Change);
            default:
                // A person is asked by what the state says: it is shown with the findings.
                return null;
        }
    }

    private async Task<Happened> Proposal(string incident, DateTimeOffset now, CancellationToken cancellation)
    {
        if (_findings.FirstOrDefault(f => f.Id == incident) is not { } finding) return new NotProposed(now, incident, "the finding is no longer known");
        var head = _parts.Engine.Head;
        var outcome = RemedyPlanner.For(finding, _parts.Playbooks(), head.Policies, head.Catalog, now);
        if (outcome.Proposal is not { } proposal) return new NotProposed(now, incident, outcome.Reason!.Message);
        var provenance = JsonSerializer.SerializeToNode(new { planner = "playbook", playbook = proposal.Playbook, finding }, JournalJson.Options)!.AsObject();
        var change = await _parts.Engine.RemedyAsync(new RemedySubmission(incident, proposal.Playbook, $"{finding.Says}: {proposal.Says}", proposal.EndsAt - now, proposal.Edits, provenance), cancellation);
        return change switch
        {
            { Value: { State: ChangeState.AwaitingApproval or ChangeState.Approved or ChangeState.Promoted } made } => new Proposed(now, incident, made.Id, proposal.Playbook, proposal.RecoveryWithin, proposal.CoolDown, proposal.EndsAt),
            { Value: { } failed } => new NotProposed(now, incident, $"{failed.Id} does not pass its dry run"),
            _ => new NotProposed(now, incident, change.Refusal!.Reason),
        };
    }

    private static string IncidentOf(Happened happened) => happened switch
    {
        IncidentOpened e => e.Incident,
        IncidentClosed e => e.Incident,
        Proposed e => e.Incident,
        NotProposed e => e.Incident,
        Telemetry.Governing.Refused e => e.Incident,
        Telemetry.Governing.Promoted e => e.Incident,
        RecoveryJudged e => e.Incident,
        Telemetry.Governing.RolledBack e => e.Incident,
        RollbackFailed e => e.Incident,
        _ => "remedies",
    };
}
