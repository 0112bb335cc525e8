using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>
/// VHDS: a client asks for a host of a route table (<c>table/host</c>) and gets the virtual host that serves it, under the name that the virtual
/// host has. Here is which names stand for which, on one stream.
/// </summary>
internal sealed class OnDemandHosts
{
    private readonly Dictionary<string, string?> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _tables = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private ResourceSet? _set;

    /// <summary>Names to which there is nothing to say but that.</summary>
    public IReadOnlyCollection<string> Unknown => [.. _open.Where(n => _asked.GetValueOrDefault(n) is null).Order(StringComparer.Ordinal)];

    public IEnumerable<string> Aliases(string name) => _asked.Where(a => a.Value == name).Select(a => a.Key).Order(StringComparer.Ordinal);

    public void Ask(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            _asked[name] = null;
            _open.Add(name);
            _tables.TryAdd(HostIndex.Split(name).Table, null);
            if (_asked.Count > Limits.MostHosts) throw Limits.Exceeded($"more than {Limits.MostHosts} hosts on a stream");
        }
        _set = null;
    }

    /// <summary>Gives the resources that nothing stands for any more.</summary>
    public IReadOnlyList<string> GiveUp(IEnumerable<string> names)
    {
        var gone = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            _open.Remove(name);
            if (_asked.Remove(name, out var resource) && resource is not null) gone.Add(resource);
        }
        gone.ExceptWith(_asked.Values.OfType<string>());
        return [.. gone];
    }

    /// <summary>Finds what is asked for in the snapshot; gives what the client must be sent, new or again.</summary>
    /// <param name="tables">The route tables on the same stream, if they are: what counts is what the client was sent of them.</param>
    public IReadOnlyCollection<string> Look(Snapshot snapshot, TypeState? tables)
    {
        var owed = new HashSet<string>(StringComparer.Ordinal);
        var set = snapshot[ResourceType.VirtualHost];
        if (!ReferenceEquals(set, _set))
        {
            var index = HostIndex.Of(set);
            foreach (var (alias, known) in _asked.ToList())
            {
                var now = index.Find(alias);
                _asked[alias] = now ?? known;
                if (now is not null && (now != known || _open.Contains(alias))) owed.Add(now);
            }
            _set = set;
        }
        // A table that comes anew comes without them (VHDS documentation).
        foreach (var (table, before) in _tables.ToList())
        {
            var now = tables is null ? snapshot.Find(ResourceType.RouteTable, table)?.Revision.Short : tables.Holding.Version(table);
            if (now == before) continue;
            _tables[table] = now;
            if (before is null) continue;
            foreach (var (alias, resource) in _asked)
                if (resource is not null && HostIndex.Split(alias).Table == table) owed.Add(resource);
        }
        return owed;
    }

    /// <summary>All open questions were answered.</summary>
    public void Answered() => _open.Clear();
}
