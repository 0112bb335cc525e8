using PolicyEngine.Policies.Catalog;

namespace PolicyEngine.Compiler;

/// <summary>Which host names a listener answers for.</summary>
internal sealed class Hosts
{
    private readonly HashSet<string> _exact = new(StringComparer.Ordinal);
    private readonly List<string> _suffixes = [];
    private readonly bool _all;

    public Hosts(IEnumerable<ListenerSpec> listeners)
    {
        foreach (var listener in listeners)
        {
            _all |= listener.Hostnames.IsEmpty || listener.Hostnames.Contains("*");
            foreach (var name in listener.Hostnames)
            {
                _exact.Add(name);
                if (name.StartsWith("*.", StringComparison.Ordinal)) _suffixes.Add(name[1..]);
            }
        }
    }

    /// <summary>The names as written, or <c>*</c>.</summary>
    public IEnumerable<string> Known => _all ? _exact.Append("*").Distinct() : _exact;

    public bool Answer(string host) =>
        _all || _exact.Contains(host) || _suffixes.Exists(s => host.Length > s.Length && host.EndsWith(s, StringComparison.Ordinal));
}
