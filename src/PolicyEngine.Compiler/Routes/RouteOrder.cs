using PolicyEngine.Compiler.Matching;
using PolicyEngine.Ir;

namespace PolicyEngine.Compiler.Routes;

/// <summary>
/// The order in which routes of one host are tried: exact path, then longest template or prefix, then regular expression; more conditions
/// first; a higher priority, then the name, between equals.
/// </summary>
internal sealed class RouteOrder : IComparer<RouteSeed>
{
    public static readonly RouteOrder Instance = new();

    public int Compare(RouteSeed? x, RouteSeed? y)
    {
        var (a, b) = (x!.Match, y!.Match);
        var order = Class(a.Path).CompareTo(Class(b.Path));
        if (order == 0) order = b.Path.Value.Length.CompareTo(a.Path.Value.Length);
        if (order == 0) order = a.Path.Kind.CompareTo(b.Path.Kind);
        if (order == 0) order = b.Conditions.CompareTo(a.Conditions);
        if (order == 0) order = y.Priority.CompareTo(x.Priority);
        if (order == 0) order = string.CompareOrdinal(a.Path.Value, b.Path.Value);
        return order != 0 ? order : string.CompareOrdinal(x.Name, y.Name);
    }

    /// <summary>Pairs that nothing settles: the same match, the same priority.</summary>
    public static IEnumerable<Diagnostic> Conflicts(IReadOnlyList<RouteSeed> ordered)
    {
        foreach (var group in ordered.GroupBy(s => (MatchKey.Of(s.Match), s.Priority)).Where(g => g.Count() > 1))
        {
            var (first, second) = (group.First(), group.ElementAt(1));
            if (first.Document is not { } document || second.Document is not { } other || document == other) continue;
            yield return Diagnostic.Of(DiagnosticCatalogue.Conflict, $"{document.Id} and {other.Id} take the same requests of {first.Host}") with
            {
                Document = document.Id,
                Field = "spec.matches",
                Location = document.Place("spec.matches"),
                Related = [other.Id],
                Witness = Witness.Of(first.Host, first.Match),
                Fix = "narrow one by a further match, merge them into one, or give one a higher priority",
            };
        }
    }

    /// <summary>Routes that can never match, with what covers them.</summary>
    public static IEnumerable<Diagnostic> Dead(IReadOnlyList<RouteSeed> ordered)
    {
        // Only a regular expression, a template or a lower priority can stand behind something that covers it: everything else is tried
        // before what is wider. So few are compared with many.
        for (var i = 1; i < ordered.Count; i++)
        {
            var seed = ordered[i];
            var equal = MatchKey.Of(ordered[i - 1].Match) == MatchKey.Of(seed.Match);
            if (seed.Match.Path.Kind is PathMatchKind.Exact or PathMatchKind.Prefix && !equal) continue;
            var covering = ordered.Take(i).FirstOrDefault(s => MatchAlgebra.Covers(s.Match, seed.Match));
            if (covering?.Document is null || seed.Document is not { } document || covering.Priority == seed.Priority && equal) continue;
            yield return Diagnostic.Of(DiagnosticCatalogue.DeadRoute, $"{document.Id} can never match on {seed.Host}: {covering.Document.Id} comes first and takes all its requests") with
            {
                Document = document.Id,
                Field = "spec.matches",
                Location = document.Place("spec.matches"),
                Related = [covering.Document.Id],
                Witness = Witness.Of(seed.Host, seed.Match),
            };
        }
    }

    private static int Class(PathMatch path) => path.Kind switch
    {
        PathMatchKind.Exact => 0,
        PathMatchKind.Prefix or PathMatchKind.Template => 1,
        _ => 2,
    };
}
