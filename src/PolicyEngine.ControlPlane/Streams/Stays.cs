using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>
/// What a client may still run of a name although a later version of it, or its removal, was sent: what it had when it refused that, or what it
/// was left with while the rest moved on. At most two versions a name, until it acknowledges one of the name.
/// </summary>
internal sealed class Stays
{
    private Dictionary<string, Resource[]>? _byName;

    /// <summary>Of those names that are wanted: what nobody wants any more is dropped by the client itself.</summary>
    public IEnumerable<Resource> Of(Subscription subscription) => _byName is null ? [] : _byName.Where(s => subscription.Wants(s.Key)).SelectMany(s => s.Value);

    /// <summary>What was there first stays: a version that was refused after it never ran.</summary>
    public void Add(string name, Resource? had, Resource? ran)
    {
        if (_byName?.ContainsKey(name) == true || (had ?? ran) is null) return;
        (_byName ??= new(StringComparer.Ordinal))[name] = [.. new[] { had, ran }.OfType<Resource>().Distinct()];
    }

    public void Remove(IEnumerable<string> names)
    {
        if (_byName is null) return;
        foreach (var name in names) _byName.Remove(name);
        if (_byName.Count == 0) _byName = null;
    }

    /// <summary>The client took a whole list, in which only these were as before.</summary>
    public void Only(IReadOnlyCollection<string> names) => Remove([.. _byName?.Keys.Where(n => !names.Contains(n)) ?? []]);

    /// <summary>What is in a set that it acknowledged need not be known twice.</summary>
    public void Covered(ResourceSet by) => Remove([.. _byName?.Where(s => s.Value.All(r => by.Resources.GetValueOrDefault(s.Key)?.Revision == r.Revision)).Select(s => s.Key) ?? []]);
}
