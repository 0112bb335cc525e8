using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Clauses;

/// <summary>The versions of a service, by name, by label, or by a word for them.</summary>
internal static class Versions
{
    public static List<string> Of(Draft draft, string service) => [.. draft.Service(service)?.Versions.Select(v => v.Name) ?? []];

    /// <summary>The one that takes what no split speaks of; null where the catalog does not say.</summary>
    public static string? Stable(Draft draft, string service)
    {
        var known = Of(draft, service);
        return draft.Service(service)?.DefaultVersion ?? (known.Count == 1 ? known[0] : null);
    }

    /// <summary>The version that is called so, or that a word for one means ("the new version"); null where that is none or several.</summary>
    public static string? Named(Draft draft, string service, Token? version, Token? word = null)
    {
        var known = Of(draft, service);
        if (version is not null) return known.Find(v => string.Equals(v, version.Value, StringComparison.OrdinalIgnoreCase));
        if (word is null) return null;
        var label = draft.Service(service)!.Versions.Where(v => v.Labels.Values.Contains(word.Value.Split(' ')[0], StringComparer.OrdinalIgnoreCase)).ToList();
        if (label.Count == 1) return label[0].Name;
        var stable = Stable(draft, service) ?? (known.Count == 2 ? known[0] : null);
        if (word.Concept == Concept.Older) return stable;
        return known.Count == 2 ? known.Find(v => v != stable) : null;
    }
}
