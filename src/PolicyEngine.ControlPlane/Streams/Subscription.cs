namespace PolicyEngine.ControlPlane.Streams;

/// <summary>
/// Which names of a type a stream wants. Follows the xDS text on wildcards: an empty first request is the legacy wildcard, <c>*</c> the
/// explicit one; once names were given, an empty list means nothing (state of the world).
/// </summary>
public sealed class Subscription
{
    private const string Star = "*";

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private bool _everNamed;

    public bool IsWildcard { get; private set; }

    public IReadOnlySet<string> Names => _names;

    public bool Wants(string name) => IsWildcard || _names.Contains(name);

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
        var answer = new List<string>();
        foreach (var name in subscribe.Distinct(StringComparer.Ordinal))
        {
            if (name == Star) IsWildcard = true;
            else _names.Add(name);
            answer.Add(name);
        }
        foreach (var name in unsubscribe)
        {
            answer.Remove(name);
            if (name == Star) IsWildcard = false;
            // Under a wildcard, the client must learn whether a name that it gave up is still part of it.
            else if (_names.Remove(name) && IsWildcard) answer.Add(name);
        }
        return answer;
    }
}
