using PolicyEngine.Compiler.Matching;
using PolicyEngine.Ir;

namespace PolicyEngine.Compiler.Combining;

/// <summary>Which of the parts that claim a slot gets it, and the conflicts where that is not settled. Never by age or name.</summary>
internal static class Combiner
{
    public static List<Part> Winners(IEnumerable<Part> parts, string host, RouteMatch match, ICollection<Diagnostic> diagnostics)
    {
        var winners = new List<Part>();
        foreach (var slot in parts.GroupBy(p => p.Slot, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var rank = slot.Max(p => p.Rank);
            var specific = slot.Where(p => p.Rank == rank).ToList();
            if (specific.TrueForAll(p => p.Shared))
            {
                winners.AddRange(specific.OrderBy(p => p.Origin, StringComparer.Ordinal));
                continue;
            }
            var priority = specific.Max(p => p.Spec.Priority);
            var top = specific.Where(p => p.Spec.Priority == priority).DistinctBy(p => p.Origin).OrderBy(p => p.Origin, StringComparer.Ordinal).ToList();
            winners.Add(top[0]);
            if (top.Count > 1) diagnostics.Add(Conflict(top, host, match));
        }
        return winners;
    }

    private static Diagnostic Conflict(List<Part> parts, string host, RouteMatch match)
    {
        var first = parts[0];
        var others = parts.Skip(1).Select(p => p.Origin).ToList();
        return Diagnostic.Of(DiagnosticCatalogue.Conflict, $"{first.Origin} and {string.Join(", ", others)} both say something about the same requests of {first.Spec.Target}") with
        {
            Document = first.Origin,
            Field = "spec.target",
            Location = first.Document.Place("spec.target"),
            Related = [.. others],
            Witness = Witness.Of(host, match),
            Fix = "narrow one by target.matches, merge them into one, or give one a higher priority",
        };
    }
}
