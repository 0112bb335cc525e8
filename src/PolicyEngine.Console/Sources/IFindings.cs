using System.Collections.Immutable;

namespace PolicyEngine.Console.Sources;

/// <summary>What was found in the traffic, with the series that show it.</summary>
public interface IFindings : ILiveSource
{
    /// <summary>Since when anybody has been looking; null where nobody looks.</summary>
    DateTimeOffset? LookingSince { get; }

    /// <summary>Open ones first, then the newest.</summary>
    IReadOnlyList<FindingView> All { get; }
}

/// <param name="Subject">Who: <c>checkout v2</c>.</param>
/// <param name="Says">One sentence for people.</param>
/// <param name="Confidence">From 0 to 1.</param>
/// <param name="Change">The change that is its remedy, where there is one.</param>
public sealed record FindingView(string Id, string Kind, string Subject, string Says, bool IsOpen, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, double Confidence, ImmutableArray<EvidenceSeries> Series, string? Change = null);

/// <summary>A line to draw. <paramref name="Unit"/> stands behind its values: <c>%</c>, <c>ms</c>.</summary>
public sealed record EvidenceSeries(string Name, string Unit, ImmutableArray<EvidencePoint> Points);

public readonly record struct EvidencePoint(DateTimeOffset At, double Value);

/// <summary>Where nobody looks at the traffic.</summary>
public sealed class NoFindings : IFindings
{
    public DateTimeOffset? LookingSince => null;

    public IReadOnlyList<FindingView> All => [];

    public Task WatchAsync(Action changed, CancellationToken cancellation) => Task.Delay(Timeout.Infinite, cancellation);
}
