using PolicyEngine.Telemetry.Samples;

namespace PolicyEngine.Telemetry.Detecting;

/// <summary>What is remembered of one version.</summary>
internal sealed class VersionState(DetectionOptions options)
{
    public const int Slots = 60;

    public TrafficWindow Window { get; } = new(options.LongWindow, Slots);

    public Past Past { get; } = new(options.PastHalfLife);

    public DateTimeOffset LastHeard { get; set; }

    public DateTimeOffset LastTraffic { get; set; }

    public double? InFlight { get; set; }

    public string LastSource { get; set; } = "";
}

/// <summary>What is remembered of one service and its versions.</summary>
internal sealed class ServiceState(string name, DetectionOptions options)
{
    public string Name { get; } = name;

    public SortedDictionary<string, VersionState> Versions { get; } = new(StringComparer.Ordinal);

    public Past Past { get; } = new(options.PastHalfLife);

    public DateTimeOffset LearntAt { get; set; }

    public DateTimeOffset LastHeard { get; set; }

    /// <summary>Whether anything was heard since it was last judged.</summary>
    public bool IsFresh { get; set; }

    /// <summary>The version's state, or null where the service already has as many versions as are kept.</summary>
    public VersionState? Version(string name, DateTimeOffset now)
    {
        if (Versions.TryGetValue(name, out var state)) return state;
        if (Versions.Count >= options.MostVersions && !DropIdle(now)) return null;
        return Versions[name] = new VersionState(options);
    }

    public Totals Sum(DateTimeOffset now, TimeSpan last) => Totals.Sum(Versions.Values.Select(v => v.Window.Sum(now, last)));

    private bool DropIdle(DateTimeOffset now)
    {
        var idle = Versions.MinBy(v => v.Value.LastHeard);
        return now - idle.Value.LastHeard > options.LongWindow && Versions.Remove(idle.Key);
    }
}

/// <summary>What is remembered of one source: when it was last heard, and how often it speaks.</summary>
internal sealed class SourceState
{
    private const double Weight = 0.2;
    private const int FewestReports = 4;

    private int _reports;

    public DateTimeOffset LastHeard { get; set; }

    /// <summary>The usual time between reports; zero until a few came.</summary>
    public TimeSpan Interval => _reports >= FewestReports ? _interval : TimeSpan.Zero;

    private TimeSpan _interval;

    public void Heard(DateTimeOffset now)
    {
        // Samples that arrive together are one report.
        var gap = now - LastHeard;
        if (_reports > 0 && gap < TimeSpan.FromMilliseconds(100)) return;
        if (_reports > 0) _interval = _reports == 1 ? gap : _interval + Weight * (gap - _interval);
        _reports++;
        LastHeard = now;
    }
}
