using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace PolicyEngine.Telemetry.Samples;

/// <summary>
/// Counts of durations by bucket. Bounds are upper limits in milliseconds, rising; one count more than bounds (the last is everything above).
/// Counts are of each bucket by itself, not running totals. Immutable.
/// </summary>
public sealed record Histogram
{
    public const int MostBuckets = 64;

    private Histogram(ImmutableArray<double> bounds, ImmutableArray<double> counts) => (Bounds, Counts, Total) = (bounds, counts, counts.Sum());

    public ImmutableArray<double> Bounds { get; }

    public ImmutableArray<double> Counts { get; }

    public double Total { get; }

    /// <summary>Throws <see cref="ArgumentException"/> for what is no histogram: see <see cref="TryOf"/>.</summary>
    public static Histogram Of(ImmutableArray<double> bounds, ImmutableArray<double> counts) =>
        TryOf(bounds, counts) ?? throw new ArgumentException("bounds must be finite and rise, and counts be finite, not negative, and one more than bounds", nameof(counts));

    public static Histogram? TryOf(ImmutableArray<double> bounds, ImmutableArray<double> counts)
    {
        if (bounds.Length is 0 or >= MostBuckets || counts.Length != bounds.Length + 1) return null;
        for (var i = 0; i < bounds.Length; i++)
            if (!double.IsFinite(bounds[i]) || i > 0 && bounds[i] <= bounds[i - 1]) return null;
        return counts.All(c => double.IsFinite(c) && c >= 0) ? new Histogram(bounds, counts) : null;
    }

    /// <summary>Of counts that are known to be right; the array is the histogram's from now on.</summary>
    internal Histogram WithCounts(double[] counts) => new(Bounds, ImmutableCollectionsMarshal.AsImmutableArray(counts));

    public bool SameBounds(Histogram other) => Bounds == other.Bounds || Bounds.AsSpan().SequenceEqual(other.Bounds.AsSpan());

    public Histogram Times(double factor) => new(Bounds, [.. Counts.Select(c => c * factor)]);

    /// <summary>What was added since an earlier reading of the same counters, or null if one of them went back or the buckets changed.</summary>
    public Histogram? Since(Histogram earlier) => SameBounds(earlier) ? TryOf(Bounds, [.. Counts.Zip(earlier.Counts, (now, then) => now - then)]) : null;

    /// <summary>Upper limit, in milliseconds, of the bucket that holds the quantile; infinity for the last one, NaN where nothing was counted.</summary>
    public double UpperQuantile(double q)
    {
        if (Total <= 0) return double.NaN;
        var wanted = q * Total;
        var seen = 0.0;
        for (var i = 0; i < Bounds.Length; i++)
            if ((seen += Counts[i]) >= wanted) return Bounds[i];
        return double.PositiveInfinity;
    }

    /// <summary>How many took longer than a bound (the next greater one that there is).</summary>
    public double Above(double bound)
    {
        var above = Total;
        for (var i = 0; i < Bounds.Length; i++)
        {
            above -= Counts[i];
            if (Bounds[i] >= bound) return Math.Max(0, above);
        }
        return Counts[^1];
    }

    public bool Equals(Histogram? other) => other is not null && SameBounds(other) && Counts.AsSpan().SequenceEqual(other.Counts.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Bounds.Length, Total);
}
