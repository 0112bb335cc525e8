namespace PolicyEngine.Telemetry.Floods;

/// <summary>A key's rate: what was counted, of which at most <see cref="Error"/> may have been another's.</summary>
internal readonly record struct KeyRate(string Key, double Rate, double Error)
{
    public double Surely => Rate - Error;
}

/// <summary>
/// Requests a second of the busiest keys, old requests counting less and less. A fixed number of counters (the space-saving rule: a new key takes
/// over the smallest counter and owes it as its error), so a million keys take no more room than these, and a busy key is never lost.
/// </summary>
internal sealed class KeyCounts(int capacity, TimeSpan halfLife)
{
    /// <summary>Beyond this the counts are made smaller, all at once.</summary>
    private const double HeaviestWeight = 1e100;

    private readonly Dictionary<string, (double Count, double Error)> _counts = new(StringComparer.Ordinal);
    private readonly double _decay = Math.Log(2) / halfLife.TotalSeconds;
    private double _total;
    private double _untold;
    private double _weight = 1;
    private DateTimeOffset _from;
    private DateTimeOffset _at;

    /// <summary>Requests a second of all keys.</summary>
    public double TotalRate => _total * _decay / _weight;

    public void Add(DateTimeOffset now, string key, double requests)
    {
        Advance(now);
        requests *= _weight;
        _total += requests;
        if (_counts.TryGetValue(key, out var own)) _counts[key] = own with { Count = own.Count + requests };
        else if (_counts.Count < capacity) _counts[key] = (requests, 0);
        else
        {
            var smallest = _counts.MinBy(c => c.Value.Count);
            _counts.Remove(smallest.Key);
            _counts[key] = (smallest.Value.Count + requests, smallest.Value.Count);
        }
    }

    /// <summary>Requests of keys that were not told, any of which may have been counted at other times: each may be owed the most that one of them had.</summary>
    public void AddOthers(DateTimeOffset now, double requests, double mostOfOne)
    {
        Advance(now);
        _total += requests * _weight;
        _untold += mostOfOne * _weight;
    }

    /// <summary>The keys that are busy beyond doubt, the busiest first.</summary>
    public IEnumerable<KeyRate> Busiest(DateTimeOffset now)
    {
        Advance(now);
        return _counts.Select(c => RateOf(c.Key, c.Value)).OrderByDescending(r => r.Surely).ThenBy(r => r.Key, StringComparer.Ordinal);
    }

    public KeyRate? Find(DateTimeOffset now, string key)
    {
        Advance(now);
        return _counts.TryGetValue(key, out var counted) ? RateOf(key, counted) : null;
    }

    private KeyRate RateOf(string key, (double Count, double Error) counted) => new(key, (counted.Count + _untold) * _decay / _weight, (counted.Error + _untold) * _decay / _weight);

    /// <summary>What is counted weighs more the later it comes, so that what was counted before need not be touched.</summary>
    private void Advance(DateTimeOffset now)
    {
        if (now <= _at) return;
        if (_at == default) _from = now;
        _at = now;
        _weight = Math.Exp(_decay * (now - _from).TotalSeconds);
        if (_weight < HeaviestWeight) return;
        foreach (var key in _counts.Keys.ToArray()) _counts[key] = (_counts[key].Count / _weight, _counts[key].Error / _weight);
        (_total, _untold, _from, _weight) = (_total / _weight, _untold / _weight, now, 1);
    }
}
