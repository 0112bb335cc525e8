namespace PolicyEngine.Xds;

/// <summary>
/// Names of the form <c>xdstp://authority/type/id…?key=value&amp;…</c> (xDS transport proposal TP1). They are the same when their parts are: the
/// order of context parameters means nothing. A last part of <c>*</c> names every member of a collection. Other names are plain text.
/// </summary>
public static class XdstpName
{
    private const string Scheme = "xdstp:";
    private const string Glob = "/*";

    public static bool Is(string name) => name.StartsWith(Scheme, StringComparison.Ordinal);

    /// <summary>The one spelling of a name: context parameters in ordinal order, no directives. A plain name is given back as it is.</summary>
    public static string Canonical(string name)
    {
        if (!Is(name)) return name;
        var end = name.IndexOf('#', StringComparison.Ordinal);
        var whole = end < 0 ? name : name[..end];
        var (path, context) = Split(whole);
        if (context.Length == 0) return path;
        var parameters = context.Split('&', StringSplitOptions.RemoveEmptyEntries);
        Array.Sort(parameters, StringComparer.Ordinal);
        return parameters.Length == 0 ? path : $"{path}?{string.Join('&', parameters)}";
    }

    public static bool IsGlob(string canonical) => Is(canonical) && Split(canonical).Path.EndsWith(Glob, StringComparison.Ordinal);

    /// <summary>Whether a name is a member of a collection: one part below it, with the same context. Both canonical.</summary>
    public static bool Matches(string glob, string name)
    {
        if (!Is(name)) return false;
        var (collection, wanted) = Split(glob);
        var (path, context) = Split(name);
        var at = path.LastIndexOf('/');
        return at == collection.Length - Glob.Length && wanted == context && at < path.Length - 1 && string.CompareOrdinal(path, 0, collection, 0, at + 1) == 0;
    }

    private static (string Path, string Context) Split(string name)
    {
        var at = name.IndexOf('?', StringComparison.Ordinal);
        return at < 0 ? (name, "") : (name[..at], name[(at + 1)..]);
    }
}
