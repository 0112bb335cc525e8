namespace PolicyEngine.Telemetry.Samples;

/// <summary>Sums over a stretch of time.</summary>
public sealed record Totals(double Requests, double Errors, Histogram? Latency)
{
    public static readonly Totals None = new(0, 0, null);

    public double ErrorRatio => Requests > 0 ? Errors / Requests : 0;

    internal Totals Plus(Increment increment) => Plus(new Totals(increment.Requests, increment.Errors, increment.Latency));

    public Totals Plus(Totals other) => Sum([this, other]);

    public static Totals Sum(IEnumerable<Totals> parts)
    {
        var sum = new TotalsSum();
        foreach (var part in parts) sum.Add(part);
        return sum.Totals;
    }
}

/// <summary>Adds up totals in place. Where the buckets of durations changed, only those of the later parts count.</summary>
internal struct TotalsSum
{
    private double _requests;
    private double _errors;
    private Histogram? _shape;
    private double[]? _counts;

    public readonly Totals Totals => new(_requests, _errors, _counts is null ? null : _shape!.WithCounts(_counts));

    public void Add(Totals part)
    {
        _requests += part.Requests;
        _errors += part.Errors;
        if (part.Latency is not { } latency) return;
        if (_counts is null || !_shape!.SameBounds(latency))
        {
            (_shape, _counts) = (latency, [.. latency.Counts]);
            return;
        }
        for (var i = 0; i < _counts.Length; i++) _counts[i] += latency.Counts[i];
    }
}
