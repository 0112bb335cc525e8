namespace PolicyEngine.Telemetry.Samples;

/// <summary>The last stretch of time in a fixed number of slots, so that its size does not depend on how often anybody reports.</summary>
internal sealed class TrafficWindow(TimeSpan length, int slots)
{
    private readonly long _slotTicks = length.Ticks / slots;
    private readonly Totals[] _totals = [.. Enumerable.Repeat(Totals.None, slots)];
    private long _newest = long.MinValue;

    public void Add(DateTimeOffset at, Increment increment)
    {
        Advance(at);
        var slot = at.UtcTicks / _slotTicks;
        if (slot > _newest - _totals.Length) _totals[slot % _totals.Length] = _totals[slot % _totals.Length].Plus(increment);
    }

    /// <summary>The sums of the whole window, or of its last part.</summary>
    public Totals Sum(DateTimeOffset now, TimeSpan? last = null)
    {
        Advance(now);
        var sum = new TotalsSum();
        var count = last is { } l ? Math.Clamp((int)(l.Ticks / _slotTicks), 1, _totals.Length) : _totals.Length;
        for (var i = count - 1; i >= 0; i--) sum.Add(_totals[(_newest - i) % _totals.Length]);
        return sum.Totals;
    }

    /// <summary>The window as a short series for people, oldest first.</summary>
    public IEnumerable<(DateTimeOffset From, Totals Totals)> Points(DateTimeOffset now, int each)
    {
        Advance(now);
        for (var i = _totals.Length - each; i >= 0; i -= each)
        {
            var sum = new TotalsSum();
            for (var j = each - 1; j >= 0; j--) sum.Add(_totals[(_newest - i - j) % _totals.Length]);
            yield return (new DateTimeOffset((_newest - i - each + 1) * _slotTicks, TimeSpan.Zero), sum.Totals);
        }
    }

    public void Clear()
    {
        Array.Fill(_totals, Totals.None);
        _newest = long.MinValue;
    }

    private void Advance(DateTimeOffset to)
    {
        var slot = to.UtcTicks / _slotTicks;
        if (_newest == long.MinValue || slot - _newest >= _totals.Length) Array.Fill(_totals, Totals.None);
        else for (var i = _newest + 1; i <= slot; i++) _totals[i % _totals.Length] = Totals.None;
        _newest = Math.Max(_newest, slot);
    }
}
