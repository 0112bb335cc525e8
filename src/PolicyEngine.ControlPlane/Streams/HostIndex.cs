using System.Runtime.CompilerServices;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>
/// Which virtual host of a table a host is served by: exact domains first, then the longest <c>*suffix</c>, the longest <c>prefix*</c>, then <c>*</c>,
/// as Envoy looks for them. Built once for a set, on the first question.
/// </summary>
internal sealed class HostIndex
{
    private static readonly ConditionalWeakTable<ResourceSet, HostIndex> Known = [];

    private readonly ResourceSet _set;
    private readonly Dictionary<(string Table, string Domain), string> _domains = [];
    private readonly Dictionary<string, List<(string Pattern, string Name)>> _patterns = new(StringComparer.Ordinal);

    private HostIndex(ResourceSet set)
    {
        _set = set;
        foreach (var resource in set.Resources.Values)
        {
            var (table, _) = Split(resource.Name);
            foreach (var domain in ((Envoy.Config.Route.V3.VirtualHost)resource.Message).Domains.Select(d => d.ToLowerInvariant()))
            {
                if (!domain.Contains('*', StringComparison.Ordinal)) _domains.TryAdd((table, domain), resource.Name);
                else if (_patterns.TryGetValue(table, out var patterns)) patterns.Add((domain, resource.Name));
                else _patterns[table] = [(domain, resource.Name)];
            }
        }
        foreach (var patterns in _patterns.Values) patterns.Sort((a, b) => Rank(a.Pattern) != Rank(b.Pattern) ? Rank(a.Pattern) - Rank(b.Pattern) : b.Pattern.Length - a.Pattern.Length);
    }

    public static HostIndex Of(ResourceSet set) => Known.GetValue(set, s => new HostIndex(s));

    /// <summary><c>table/host</c>; a table's name may hold slashes, a host's none.</summary>
    public static (string Table, string Host) Split(string name) => name.LastIndexOf('/') is var at && at < 0 ? ("", name) : (name[..at], name[(at + 1)..]);

    /// <summary>The name of the resource that is asked for as <c>table/host</c>; null where there is none.</summary>
    public string? Find(string alias)
    {
        if (_set.Resources.ContainsKey(alias)) return alias;
        var (table, host) = Split(alias);
        host = host.ToLowerInvariant();
        if (_domains.TryGetValue((table, host), out var exact)) return exact;
        return _patterns.TryGetValue(table, out var patterns) ? patterns.Find(p => Matches(p.Pattern, host)).Name : null;
    }

    private static int Rank(string pattern) => pattern == "*" ? 2 : pattern[0] == '*' ? 0 : 1;

    private static bool Matches(string pattern, string host) =>
        pattern == "*"
        || (host.Length >= pattern.Length && (pattern[0] == '*' ? host.EndsWith(pattern[1..], StringComparison.Ordinal) : pattern[^1] == '*' && host.StartsWith(pattern[..^1], StringComparison.Ordinal)));
}
