namespace PolicyEngine.Telemetry.Detecting;

/// <summary>How much evidence is enough. The defaults are what the tests measure.</summary>
public sealed record DetectionOptions
{
    public static readonly DetectionOptions Default = new();

    /// <summary>The traffic that is compared: the short window finds what is plain, the long one what is rare.</summary>
    public TimeSpan ShortWindow { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan LongWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>With fewer requests in the window nothing is said.</summary>
    public int MinimumVolume { get; init; } = 20;

    /// <summary>Standard deviations of Wilson bounds: one in a thousand on each side, since the question is asked every second.</summary>
    public double Z { get; init; } = 3.29;

    /// <summary>An error ratio is worse only if it is worse by this share of requests, …</summary>
    public double ErrorMargin { get; init; } = 0.02;

    /// <summary>… and this many times as bad.</summary>
    public double ErrorFactor { get; init; } = 2;

    /// <summary>To be called healthy, the error ratio must surely be within this of what it is compared with.</summary>
    public double HealthyMargin { get; init; } = 0.05;

    /// <summary>Slow is slower than the 95th percentile of what it is compared with by this factor, …</summary>
    public double LatencyFactor { get; init; } = 1.5;

    /// <summary>… which more than this share of the requests must surely be.</summary>
    public double SlowShare { get; init; } = 0.2;

    /// <summary>No latency shift is a smaller one than this, in milliseconds.</summary>
    public double LatencyFloor { get; init; } = 20;

    /// <summary>The own past counts once it is this long.</summary>
    public TimeSpan PastNeeded { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>After this time the past counts half.</summary>
    public TimeSpan PastHalfLife { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A source or version is never called silent before this.</summary>
    public TimeSpan SilentAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A version is silent when this many requests should have come and none did: the chance of that is e^-n.</summary>
    public double SilentRequests { get; init; } = 18;

    /// <summary>A source is silent after so many of its usual intervals.</summary>
    public double SilentIntervals { get; init; } = 4;

    /// <summary>A flood is at least this many requests a second, …</summary>
    public double FloodRate { get; init; } = 50;

    /// <summary>… this many times what the busiest key usually asks for, …</summary>
    public double FloodFactor { get; init; } = 5;

    /// <summary>… and this share of all requests of the service.</summary>
    public double FloodShare { get; init; } = 0.3;

    /// <summary>How long a service's clients must have been seen before one of them can stand out.</summary>
    public TimeSpan FloodPastNeeded { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A finding opens when the failure held in this many evaluations in a row that saw new data.</summary>
    public int OpenAfter { get; init; } = 2;

    /// <summary>A finding closes when health held for this long; each time it opened anew doubles it, up to <see cref="CloseAtMost"/>.</summary>
    public TimeSpan CloseAfter { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan CloseAtMost { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The same failure within this time of its end is the same incident.</summary>
    public TimeSpan SameIncident { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>An open finding of which nothing is heard any more is given up after this.</summary>
    public TimeSpan GivenUpAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often an open finding is told anew.</summary>
    public TimeSpan UpdateEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Clocks that jump further than this are not followed: what was counted before is forgotten.</summary>
    public TimeSpan ClockStep { get; init; } = TimeSpan.FromMinutes(2);

    public int MostSeries { get; init; } = 100_000;

    public int MostServices { get; init; } = 10_000;

    public int MostVersions { get; init; } = 32;

    public int MostSources { get; init; } = 10_000;

    /// <summary>Keys of clients that are counted for each service and dimension.</summary>
    public int MostKeys { get; init; } = 256;

    public int MostIncidents { get; init; } = 1_000;
}
