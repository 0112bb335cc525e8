using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>
/// Which names of a type a stream wants. Follows the xDS text on wildcards: an empty first request is the legacy wildcard, <c>*</c> the
/// explicit one; once names were given, an empty list means nothing (state of the world). A glob (<c>xdstp://…/*</c>) wants the members of a
/// collection. Names are canonical (<see cref="XdstpName"/>).
/// </summary>
public sealed class Subscription
{
    private const string Star = "*";

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private List<string>? _globs;
    private bool _everNamed;

    public bool IsWildcard { get; private set; }

    public IReadOnlySet<string> Names => _names;

    public bool HasGlobs => _globs is not null;

    public bool Wants(string name) => IsWildcard || _names.Contains(name) || InGlob(name);

    public bool InGlob(string name) => _globs?.Exists(g => XdstpName.Matches(g, name)) == true;

    /// <summary>What of a set is wanted, by name.</summary>
    public IEnumerable<Resource> Of(ResourceSet set) => IsWildcard || HasGlobs
        ? set.Resources.Values.Where(r => Wants(r.Name))
        : _names.Order(StringComparer.Ordinal).Select(n => set.Resources.GetValueOrDefault(n)).OfType<Resource>();

    /// <summary>The whole list of a state-of-the-world request. Gives the names (or <c>*</c>) that were not wanted before.</summary>
    public IReadOnlyList<string> Replace(IReadOnlyCollection<string> names, bool emptyMeansWildcard)
    {
        if (names.Count == 0 && !_everNamed)
        {
            if (!emptyMeansWildcard || IsWildcard) return [];
            IsWildcard = true;
            return [Star];
        }
        _everNamed = true;
        var fresh = names.Where(n => n == Star ? !IsWildcard : !_names.Contains(n)).Distinct(StringComparer.Ordinal).ToList();
        IsWildcard = names.Contains(Star);
        _names.Clear();
        foreach (var name in names)
            if (name != Star) _names.Add(name);
        FindGlobs();
        return fresh;
    }

    /// <summary>A delta request. Gives the names (or <c>*</c>) that must be answered, though the client may have them (xDS: "must still provide").</summary>
    public IReadOnlyList<string> Change(IReadOnlyCollection<string> subscribe, IReadOnlyCollection<string> unsubscribe, bool first, bool emptyMeansWildcard)
    {
        if (first && subscribe.Count == 0 && unsubscribe.Count == 0)
        {
            if (!emptyMeansWildcard) return [];
            IsWildcard = true;
            return [Star];
        }
        if (subscribe.Count == 0 && unsubscribe.Count == 0) return [];
        var answer = new List<string>();
        foreach (var name in subscribe.Distinct(StringComparer.Ordinal))
        {
            if (name == Star) IsWildcard = true;
            else _names.Add(name);
            answer.Add(name);
        }
        if (unsubscribe.Count > 0)
        {
            var gone = unsubscribe.ToHashSet(StringComparer.Ordinal);
            answer.RemoveAll(gone.Contains);
            if (gone.Contains(Star)) IsWildcard = false;
            // Under a wildcard, the client must learn whether a name that it gave up is still part of it.
            foreach (var name in gone)
                if (_names.Remove(name) && IsWildcard) answer.Add(name);
        }
        FindGlobs();
        return answer;
    }

    private void FindGlobs()
    {
        _globs = null;
        foreach (var name in _names)
            if (XdstpName.IsGlob(name)) (_globs ??= []).Add(name);
    }
}
