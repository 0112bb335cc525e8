namespace PolicyEngine.Telemetry.Samples;

/// <summary>What became of the samples: nothing is left out without being counted here.</summary>
public sealed record IntakeCounts
{
    public long Accepted { get; init; }

    /// <summary>NaN, infinite or negative numbers, more errors than requests, names that cannot be.</summary>
    public long Impossible { get; init; }

    /// <summary>The same series at the same time again.</summary>
    public long Duplicates { get; init; }

    /// <summary>Older than what was already known of the series.</summary>
    public long Late { get; init; }

    /// <summary>Counters that began anew: the source restarted.</summary>
    public long Resets { get; init; }

    /// <summary>Clocks that jumped, the sources' and our own.</summary>
    public long ClockSteps { get; init; }

    /// <summary>Series dropped because there were too many.</summary>
    public long Evicted { get; init; }
}
