using Envoy.Config.Route.V3;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>
/// Route tables that take hosts on demand, and which of them the client must still hear of: Envoy holds a listener back until it hears of a name
/// below its table, though it asks for none. On a stream that has the tables too it asks once, for whichever table comes first; so each table that
/// is sent later is spoken of when it was sent.
/// </summary>
internal sealed class HostTables
{
    private readonly Dictionary<string, Vhds> _known = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Vhds> _open = new(StringComparer.Ordinal);

    /// <summary>Names of which to say that they are absent: of each table that was sent, that it has no host <c>*</c>.</summary>
    public IEnumerable<string> Open => _open.Keys.Select(Nobody);

    /// <summary>The same of all tables there are: what a client that asks for nothing yet is told.</summary>
    public static IEnumerable<string> All(Snapshot snapshot) => snapshot[ResourceType.RouteTable].Resources.Values.Where(r => Of(r) is not null).Select(r => Nobody(r.Name));

    /// <summary>The client wants these tables anew, or no more: what it knew of them is gone.</summary>
    public void Forget(IEnumerable<string> tables)
    {
        foreach (var table in tables)
        {
            _known.Remove(table);
            _open.Remove(table);
        }
    }

    public void Sent(IEnumerable<Resource> tables)
    {
        foreach (var table in tables)
            if (Of(table) is not { } vhds) Forget([table.Name]);
            else if (!vhds.Equals(_known.GetValueOrDefault(table.Name))) _open[table.Name] = vhds;
    }

    /// <summary>It was told of all that is open.</summary>
    public void Told()
    {
        foreach (var (table, vhds) in _open) _known[table] = vhds;
        _open.Clear();
    }

    private static Vhds? Of(Resource table) => ((RouteConfiguration)table.Message).Vhds;

    private static string Nobody(string table) => table + "/*";
}
