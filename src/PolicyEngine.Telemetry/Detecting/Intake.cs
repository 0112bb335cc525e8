using PolicyEngine.Telemetry.Floods;
using PolicyEngine.Telemetry.Samples;

namespace PolicyEngine.Telemetry.Detecting;

/// <summary>Everything that is remembered of the traffic: samples are checked, made increments of, and summed. Bounded in every direction.</summary>
internal sealed class Intake(DetectionOptions options)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly BoundedTable<SeriesKey, CounterTrack> _series = new(options.MostSeries, _ => new CounterTrack());
    private readonly BoundedTable<string, ServiceState> _services = new(options.MostServices, n => new ServiceState(n, options));
    private readonly BoundedTable<string, SourceState> _sources = new(options.MostSources, _ => new SourceState());
    private readonly BoundedTable<(string Service, string Dimension), FloodState> _floods = new(options.MostServices, k => new FloodState(k.Service, k.Dimension, options));
    private IntakeCounts _counts = new();

    public DateTimeOffset Now { get; private set; }

    public IntakeCounts Counts => _counts with { Evicted = _counts.Evicted + _series.Evicted + _services.Evicted + _sources.Evicted + _floods.Evicted };

    public IEnumerable<KeyValuePair<string, SourceState>> Sources => _sources.Entries;

    public IEnumerable<ServiceState> Services => _services.Entries.Select(e => e.Value);

    public IEnumerable<FloodState> Floods => _floods.Entries.Select(e => e.Value);

    public ServiceState? Service(string name) => _services.TryPeek(name, out var state) ? state : null;

    public SourceState? Source(string name) => _sources.TryPeek(name, out var state) ? state : null;

    public FloodState? Flood(string service, string dimension) => _floods.TryPeek((service, dimension), out var state) ? state : null;

    public void Add(Sample sample, DateTimeOffset receivedAt)
    {
        var now = Follow(receivedAt);
        if (!SampleChecks.IsPossible(sample))
        {
            _counts = _counts with { Impossible = _counts.Impossible + 1 };
            return;
        }
        _sources.Get(sample.Source).Heard(now);
        var outcome = _series.Get(sample.Series).Add(sample, out var increment);
        Count(outcome);
        if (outcome is TrackOutcome.Duplicate or TrackOutcome.Late or TrackOutcome.Impossible) return;
        var service = _services.Get(sample.Service);
        if (service.Version(sample.Version, now) is not { } version)
        {
            _counts = _counts with { Evicted = _counts.Evicted + 1 };
            return;
        }
        (service.IsFresh, service.LastHeard) = (true, now);
        (version.LastHeard, version.LastSource, version.InFlight) = (now, sample.Source, sample.InFlight ?? version.InFlight);
        if (version.LastTraffic == default || increment.Requests > 0) version.LastTraffic = now;
        if (outcome != TrackOutcome.First) version.Window.Add(now, increment);
    }

    public void Add(KeySample sample, DateTimeOffset receivedAt)
    {
        var now = Follow(receivedAt);
        if (!SampleChecks.IsPossible(sample))
        {
            _counts = _counts with { Impossible = _counts.Impossible + 1 };
            return;
        }
        // Clients are told of when they ask: that nothing is heard of them is no silence of the source.
        _floods.Get((sample.Service, sample.Dimension)).Add(now, sample);
        _counts = _counts with { Accepted = _counts.Accepted + 1 };
    }

    public void Leave(string source) => _sources.Remove(source);

    /// <summary>The moment that counts. Where our own clock made a leap, or nobody asked for long, nobody is blamed for the silence.</summary>
    public DateTimeOffset Advance(DateTimeOffset time)
    {
        var before = _evaluated;
        var now = Follow(time);
        if (before != default && now - before > Pause)
        {
            _counts = _counts with { ClockSteps = _counts.ClockSteps + 1 };
            foreach (var (_, source) in Sources) source.LastHeard = Later(source.LastHeard, now);
            foreach (var version in Services.SelectMany(s => s.Versions.Values)) version.LastTraffic = Later(version.LastTraffic, now);
        }
        return _evaluated = now;

        static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
    }

    private DateTimeOffset _evaluated;

    /// <summary>Learns what is usual from what nothing is amiss with.</summary>
    public void Learn(DateTimeOffset now, Func<Subject, bool> isSuspected)
    {
        foreach (var service in Services)
        {
            if (!service.IsFresh) continue;
            service.IsFresh = false;
            var elapsed = now - service.LearntAt;
            if (elapsed < options.ShortWindow) continue;
            service.LearntAt = now;
            if (elapsed > options.LongWindow) elapsed = options.ShortWindow;
            var well = new List<VersionState>();
            foreach (var (version, state) in service.Versions)
                if (!IsSuspected(service.Name, version)) well.Add(state);
            foreach (var state in well) state.Past.Learn(now, state.Window.Sum(now, elapsed), elapsed);
            if (!IsSuspected(service.Name, null)) service.Past.Learn(now, Totals.Sum(well.Select(v => v.Window.Sum(now, elapsed))), elapsed);
        }

        bool IsSuspected(string service, string? version) =>
            isSuspected(ErrorRatioDetector.Of(service, version)) || isSuspected(LatencyDetector.Of(service, version)) || isSuspected(new Subject { Kind = Policies.Playbooks.FindingKind.Silence, Service = service, Version = version });
    }

    /// <summary>Our own clock does not go back: a little is ignored, a leap means that what was counted has no place in time any more.</summary>
    private DateTimeOffset Follow(DateTimeOffset time)
    {
        if (time >= Now) return Now = time;
        if (Now - time < options.ClockStep) return Now;
        _counts = _counts with { ClockSteps = _counts.ClockSteps + 1 };
        (Now, _evaluated) = (time, default);
        foreach (var (_, source) in Sources) source.LastHeard = time;
        foreach (var service in Services)
        {
            (service.LastHeard, service.LearntAt) = (time, time);
            foreach (var version in service.Versions.Values)
            {
                version.Window.Clear();
                (version.LastHeard, version.LastTraffic) = (time, time);
            }
        }
        return Now;
    }

    private void Count(TrackOutcome outcome) => _counts = outcome switch
    {
        TrackOutcome.Duplicate => _counts with { Duplicates = _counts.Duplicates + 1 },
        TrackOutcome.Late => _counts with { Late = _counts.Late + 1 },
        TrackOutcome.Impossible => _counts with { Impossible = _counts.Impossible + 1 },
        TrackOutcome.Reset => _counts with { Accepted = _counts.Accepted + 1, Resets = _counts.Resets + 1 },
        _ => _counts with { Accepted = _counts.Accepted + 1 },
    };
}
