using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>
/// What a client runs of a type by its own answers, by name: all of the set that it acknowledged last, but for the names that it has otherwise,
/// because it refused them or was not told yet. Answers come in the order of the responses, so each acknowledgement changes just what was news.
/// </summary>
internal sealed class Running
{
    private ResourceSet? _set;

    /// <summary>Wanted names that it has otherwise than in the set: which resource, or null where it has none.</summary>
    private Dictionary<string, Resource?>? _otherwise;

    /// <summary>Versions that it brought from an earlier stream, of names that it was told nothing of since.</summary>
    private Dictionary<string, string>? _brought;

    /// <summary>Whether it acknowledged anything yet, and runs nothing that this process never saw.</summary>
    public bool IsKnown => _set is not null && _brought is null;

    public IEnumerable<Resource> Resources =>
        (_otherwise is null ? _set?.Resources.Values : _set!.Resources.Values.Where(r => !_otherwise.ContainsKey(r.Name)).Concat(_otherwise.Values.OfType<Resource>())) ?? [];

    public Resource? Find(string name) => _otherwise is not null && _otherwise.TryGetValue(name, out var had) ? had : _set?.Resources.GetValueOrDefault(name);

    /// <summary>Whether it has every name of a set, in whichever version.</summary>
    public bool Has(ResourceSet set) => ReferenceEquals(_set, set) && _otherwise?.ContainsValue(null) != true;

    /// <summary>Whether it has something, of the names that are wanted, that the set has otherwise or not at all.</summary>
    public bool IsBehind(Subscription subscription) => _otherwise?.Any(o => o.Value is not null && subscription.Wants(o.Key)) == true;

    /// <summary>It says at the start of a stream that it has this.</summary>
    public void Brought(string name, string version) => (_brought ??= new(StringComparer.Ordinal))[name] = version;

    /// <summary>It took a response: of what was not news in it, it has what it had.</summary>
    public void Take(Response response, Subscription subscription)
    {
        if (response.AsBefore is not { } whole) Move(response.Set, response.News, subscription);
        else (_set, _otherwise, _brought) = (response.Set, whole.Count == 0 ? null : new(whole, StringComparer.Ordinal), null);
    }

    /// <summary>There is a set of which nothing has to be said to it.</summary>
    public void Settle(ResourceSet set, Subscription subscription) => Move(set, Pending.Nothing, subscription);

    /// <summary>It dropped all but these names.</summary>
    public void Only(IReadOnlyCollection<string> names)
    {
        foreach (var name in (_set?.Resources.Keys ?? []).Concat(_otherwise?.Keys ?? Enumerable.Empty<string>()).Except(names, StringComparer.Ordinal).ToList())
            (_otherwise ??= new(StringComparer.Ordinal))[name] = null;
    }

    private void Move(ResourceSet to, Pending news, Subscription subscription)
    {
        // The common cases: it was in step, or had nothing, and all that changed is what it was sent.
        var isPlain = _otherwise is null && _brought is null && (_set is null ? news.Resources.Count == to.Resources.Count : SetDiff.Between(_set, to).Key == news.Key);
        if (!isPlain) _otherwise = Otherwise(to, news.Names.ToHashSet(StringComparer.Ordinal), subscription);
        _set = to;
    }

    private Dictionary<string, Resource?>? Otherwise(ResourceSet to, HashSet<string> told, Subscription subscription)
    {
        Arrived(to, told, subscription, out var arrived);
        var changed = _set is null ? to.Resources.Keys : SetDiff.Between(_set, to) is var diff ? diff.Changed.Select(r => r.Name).Concat(diff.Removed) : [];
        var otherwise = new Dictionary<string, Resource?>(StringComparer.Ordinal);
        foreach (var name in changed.Concat(_otherwise?.Keys ?? Enumerable.Empty<string>()))
            if (!told.Contains(name) && !arrived.Contains(name) && subscription.Wants(name) && Find(name) is var had && had?.Revision != to.Resources.GetValueOrDefault(name)?.Revision) otherwise[name] = had;
        return otherwise.Count == 0 ? null : otherwise;
    }

    /// <summary>Of what it brought: names that it has just as they are in this set.</summary>
    private void Arrived(ResourceSet to, HashSet<string> told, Subscription subscription, out HashSet<string> arrived)
    {
        arrived = new(StringComparer.Ordinal);
        foreach (var (name, version) in _brought ?? [])
        {
            var isSame = to.Resources.GetValueOrDefault(name)?.Revision.Short == version;
            if (isSame) arrived.Add(name);
            if (isSame || told.Contains(name) || !subscription.Wants(name)) _brought!.Remove(name);
        }
        if (_brought?.Count == 0) _brought = null;
    }
}
