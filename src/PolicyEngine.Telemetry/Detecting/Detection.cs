using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Telemetry.Floods;
using PolicyEngine.Telemetry.Samples;

namespace PolicyEngine.Telemetry.Detecting;

/// <summary>
/// Samples in, findings out. Deterministic: the same samples and moments give the same findings, and no clock is read. Of a bounded size whatever
/// reports. One caller at a time.
/// </summary>
public sealed class Detection(DetectionOptions? options = null)
{
    private readonly DetectionOptions _options = options ?? DetectionOptions.Default;
    private readonly Intake _intake = new(options ?? DetectionOptions.Default);
    private readonly IncidentBook _incidents = new(options ?? DetectionOptions.Default);
    private IReadOnlySet<VersionKey>? _expected;
    private readonly Dictionary<Subject, Remembered> _remembered = [];
    private long _evictedTold;
    private long _overflowTold;

    /// <summary>What became of the samples.</summary>
    public IntakeCounts Counts => _intake.Counts;

    /// <summary>The findings that are open, and those that closed not long ago, oldest first.</summary>
    public IEnumerable<Finding> Findings => _incidents.Findings;

    /// <summary>Which versions are meant to get requests (see <c>ServingVersions</c>). One that is not is never called silent, and its failure ends when the service is well without it.</summary>
    public void Expect(IReadOnlySet<VersionKey> versions) => _expected = versions;

    /// <summary>Takes up the findings that were open when the process ended, with what they were held against.</summary>
    public void Restore(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            _incidents.Restore(finding);
            _remembered[finding.Subject] = Remembered.Of(finding);
        }
    }

    /// <param name="sample">What a source says.</param>
    /// <param name="receivedAt">When it arrived, by our own clock: what counts. The sample's own time only tells order and repetition.</param>
    public void Observe(Sample sample, DateTimeOffset receivedAt) => _intake.Add(sample, receivedAt);

    public void Observe(KeySample sample, DateTimeOffset receivedAt) => _intake.Add(sample, receivedAt);

    /// <summary>The source said that it goes, or was taken away on purpose: its silence is no finding.</summary>
    public void Leave(string source) => _intake.Leave(source);

    /// <summary>Judges everything at this moment. To be called every second or so, data or not: silence is found here too.</summary>
    public ImmutableArray<FindingChange> Evaluate(DateTimeOffset time)
    {
        var now = _intake.Advance(time);
        var changes = ImmutableArray.CreateBuilder<FindingChange>();
        foreach (var judgement in Judgements(now))
        {
            if (_incidents.Judge(SinceRestart(judgement, now), now) is not { } change) continue;
            changes.Add(change);
            if (change.Step == FindingStep.Closed) _remembered.Remove(change.Finding.Subject);
        }
        _intake.Learn(now, s => _incidents.IsSuspected(s));
        _incidents.Sweep(now);
        return changes.ToImmutable();
    }

    /// <summary>Unknown unless there is enough recent traffic to say more.</summary>
    public Verdict VerdictOf(string service, string version)
    {
        if (_incidents.Open.Any(i => i.Subject.Service == service && (i.Subject.Version ?? version) == version && i.Subject.Kind != FindingKind.Flood)) return Verdict.Failing;
        if (_intake.Service(service) is not { } state || !state.Versions.TryGetValue(version, out var own) || _intake.Now - own.LastHeard > _options.LongWindow) return Verdict.Unknown;
        var judgement = new ServiceJudge(state, _intake.Now, _options, _incidents.IsSuspected).Judge().Where(j => j.Subject.Kind == FindingKind.ErrorRatio && (j.Subject.Version ?? version) == version).Select(j => j.Verdict).ToList();
        return judgement.Contains(Verdict.Failing) ? Verdict.Failing : judgement.Contains(Verdict.Healthy) ? Verdict.Healthy : Verdict.Unknown;
    }

    /// <summary>Whether what the finding told of is over, by the traffic since a moment: <see cref="Verdict.Failing"/> if it surely goes on, <see cref="Verdict.Unknown"/> if there is too little to tell.</summary>
    public Verdict RecoveryOf(Subject subject, DateTimeOffset since)
    {
        if (subject.Source is { } source) return _intake.Source(source) is { } s && s.LastHeard > since ? Verdict.Healthy : Verdict.Unknown;
        if (subject.Dimension is { } dimension) return _intake.Flood(subject.Service, dimension) is { } flood ? Recovery.Of(subject, flood, since, _intake.Now) : Verdict.Unknown;
        return _intake.Service(subject.Service) is { } service ? Recovery.Of(subject, service, since, _intake.Now, _options, _remembered.GetValueOrDefault(subject)) : Verdict.Unknown;
    }

    /// <summary>What people should know of the telemetry itself, once.</summary>
    public IEnumerable<Diagnostic> Diagnostics()
    {
        var evicted = Counts.Evicted;
        if (evicted > _evictedTold) yield return Diagnostic.Of(DiagnosticCatalogue.SeriesEvicted, $"{evicted - _evictedTold:N0} series were dropped; at most {_options.MostSeries:N0} are kept");
        _evictedTold = evicted;
        if (_incidents.Overflow > _overflowTold) yield return Diagnostic.Of(DiagnosticCatalogue.TooManyIncidents, $"failures were seen that are not followed: there are {_options.MostIncidents:N0} incidents already");
        _overflowTold = _incidents.Overflow;
    }

    private IEnumerable<Judgement> Judgements(DateTimeOffset now)
    {
        var silent = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, source) in _intake.Sources.ToList())
        {
            var judgement = SilenceDetector.Source(name, source, now, _options);
            if (judgement.Verdict == Verdict.Failing) silent.Add(name);
            if (now - source.LastHeard > _options.GivenUpAfter) Leave(name);
            yield return judgement;
        }
        foreach (var service in _intake.Services)
        {
            if (service.IsFresh)
                foreach (var judgement in new ServiceJudge(service, now, _options, _incidents.IsSuspected).Judge()) yield return WithoutTraffic(service, judgement, now);
            foreach (var judgement in Silence(service, silent, now)) yield return judgement;
        }
        foreach (var incident in _incidents.Open.Where(i => !IsHeardOf(i.Subject, now)).ToList()) yield return Judgement.Unknown(incident.Subject, $"nothing is heard of {incident.Subject}");
        foreach (var flood in _intake.Floods)
            foreach (var judgement in flood.Judge(now, [.. _incidents.Open.Where(i => i.Subject.Kind == FindingKind.Flood && i.Subject.Service == flood.Service && i.Subject.Dimension == flood.Dimension).Select(i => i.Subject.Key!)])) yield return judgement;
    }

    /// <summary>Two that fail alike are well beside each other: of what was open before a restart only what it was held against then can say that it is over.</summary>
    private Judgement SinceRestart(Judgement judgement, DateTimeOffset now)
    {
        var subject = judgement.Subject;
        if (judgement.Verdict == Verdict.Failing || subject.Kind is not (FindingKind.ErrorRatio or FindingKind.LatencyShift) || !_remembered.TryGetValue(subject, out var remembered)) return judgement;
        return _intake.Service(subject.Service) is { } service && Recovery.Of(subject, service, now - _options.LongWindow, now, _options, remembered) == Verdict.Healthy
            ? Judgement.Healthy(subject, judgement.Verdict == Verdict.Healthy ? judgement.Says : $"{subject} is as well as what it was compared with before the restart")
            : Judgement.Unknown(subject, $"too little was seen of {subject} since the restart");
    }

    private bool IsHeardOf(Subject subject, DateTimeOffset now) => subject switch
    {
        { Source: { } source } => _intake.Source(source) is not null,
        { Dimension: { } dimension } => _intake.Flood(subject.Service, dimension) is not null,
        _ => _intake.Service(subject.Service) is { } service && (subject.Version is null || service.Versions.ContainsKey(subject.Version)) && (subject.Kind == FindingKind.Silence || now - service.LastHeard <= _options.LongWindow),
    };

    /// <summary>A version that was taken out of the traffic on purpose is over when the service is well without it.</summary>
    private Judgement WithoutTraffic(ServiceState service, Judgement judgement, DateTimeOffset now)
    {
        if (judgement is not { Subject.Version: { } version } || !_incidents.IsSuspected(judgement.Subject) || _expected is null || _expected.Contains(new VersionKey(service.Name, version))) return judgement;
        if (!service.Versions.TryGetValue(version, out var state) || state.Window.Sum(now, _options.ShortWindow).Requests > 0) return judgement;
        return Recovery.Of(judgement.Subject, service, now - _options.ShortWindow, now, _options, _remembered.GetValueOrDefault(judgement.Subject)) == Verdict.Healthy
            ? Judgement.Healthy(judgement.Subject, $"{judgement.Subject} no longer gets requests, and {service.Name} is well without it")
            : Judgement.Unknown(judgement.Subject, $"{judgement.Subject} no longer gets requests");
    }

    private IEnumerable<Judgement> Silence(ServiceState service, HashSet<string> silentSources, DateTimeOffset now)
    {
        var expected = service.Versions.Where(v => _expected?.Contains(new VersionKey(service.Name, v.Key)) != false).ToList();
        var heard = expected.Where(v => IsHeard(v.Value)).ToList();
        var whole = new Subject { Kind = FindingKind.Silence, Service = service.Name };
        var interval = heard.Select(v => _intake.Source(v.Value.LastSource)?.Interval ?? TimeSpan.Zero).DefaultIfEmpty(TimeSpan.Zero).Max();
        var all = heard.Count == 0
            ? Judgement.Unknown(whole, $"the sources of {service.Name} are silent")
            : SilenceDetector.Traffic(service.Name, null, service.Past, heard.Max(v => v.Value.LastTraffic), interval, now, _options);
        yield return all;
        foreach (var (version, state) in service.Versions)
        {
            var subject = new Subject { Kind = FindingKind.Silence, Service = service.Name, Version = version };
            if (!expected.Exists(v => v.Key == version)) yield return Judgement.Healthy(subject, $"{subject} is not meant to get requests");
            else if (!IsHeard(state) || all.Verdict == Verdict.Failing || _incidents.IsSuspected(whole)) yield return Judgement.Unknown(subject, $"nothing is heard of {service.Name}");
            else yield return SilenceDetector.Traffic(service.Name, version, state.Past, state.LastTraffic, interval, now, _options);
        }

        bool IsHeard(VersionState state) => !silentSources.Contains(state.LastSource) && _intake.Source(state.LastSource) is not null;
    }
}
