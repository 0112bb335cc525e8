namespace PolicyEngine.Telemetry.Series;

/// <summary>The last values of a series, in order of arrival and of size: a bounded window of which any quantile is known at once.</summary>
internal sealed class RollingQuantiles(int capacity)
{
    private readonly double[] _ring = new double[capacity];
    private readonly double[] _sorted = new double[capacity];
    private long _seen;

    public int Count => (int)Math.Min(_seen, capacity);

    public double this[double quantile] => _sorted[Math.Clamp((int)(quantile * Count), 0, Count - 1)];

    public void Add(double value)
    {
        var count = Count;
        if (count == capacity)
        {
            var oldest = Array.BinarySearch(_sorted, 0, count, _ring[_seen % capacity]);
            Array.Copy(_sorted, oldest + 1, _sorted, oldest, --count - oldest);
        }
        var at = Array.BinarySearch(_sorted, 0, count, value);
        if (at < 0) at = ~at;
        Array.Copy(_sorted, at, _sorted, at + 1, count - at);
        _sorted[at] = value;
        _ring[_seen++ % capacity] = value;
    }
}
