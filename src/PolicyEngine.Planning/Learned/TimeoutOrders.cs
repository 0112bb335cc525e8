using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Learned;

internal static class TimeoutOrders
{
    private static readonly string[] Parts = ["", "idle ", "connect "];

    private const string More = @"\b(add|plus|extra|longer|another|further|additional|on top|more)\b|\+";
    private const string Less = @"\b(shorter|shave|cut|off|away|minus|fewer|less|down|reduce)\b|−|(?<!\w)-\d";

    public static IEnumerable<Order> Of(Facts facts)
    {
        foreach (var d in facts.Durations)
            foreach (var part in Parts)
            {
                var (value, name) = (Duration.Format(facts[d].Duration), Name(part));
                yield return new Order($"timeout.{name}", (s, n) => $"set the {part}timeout of {s} to {value}{n.Behind}", new Slot($"timeout.{name}", d));
                if (facts.Has(Concept.More) || facts.Has(Concept.Raise) || facts.Matches(More)) yield return new Order($"timeout.{name}.more", (s, n) => $"raise the {part}timeout of {s} by {value}{n.Behind}", new Slot("timeout.more", d));
                if (facts.Has(Concept.Less) || facts.Has(Concept.Lower) || facts.Matches(Less)) yield return new Order($"timeout.{name}.less", (s, n) => $"lower the {part}timeout of {s} by {value}{n.Behind}", new Slot("timeout.less", d));
            }
        foreach (var several in Assigned(facts.Durations.Take(4).ToList(), Parts)) yield return new Order("timeout.several", (s, n) => string.Join(" and ", several.Select(a => $"set the {a.Part}timeout of {s} to {Duration.Format(facts[a.At].Duration)}{n.Behind}")), [.. several.Select(a => new Slot($"timeout.{Name(a.Part)}", a.At))]);
        foreach (var part in Parts)
        {
            yield return new Order($"timeout.{Name(part)}.remove", (s, n) => $"remove the {part}timeout of {s}{n.Behind}");
            if (facts.Has(Concept.Double) || facts.Matches(@"\btwice\b|[×x] ?2\b|\b2x\b")) yield return new Order($"timeout.{Name(part)}.double", (s, n) => $"double the {part}timeout of {s}{n.Behind}");
            if (facts.Has(Concept.Halve) || facts.Says("half")) yield return new Order($"timeout.{Name(part)}.halve", (s, n) => $"halve the {part}timeout of {s}{n.Behind}");
            if (facts.Has(Concept.Triple)) yield return new Order($"timeout.{Name(part)}.triple", (s, n) => $"triple the {part}timeout of {s}{n.Behind}");
        }
        // "from two seconds to three", "ten instead of five minutes": the unit is said once.
        if (facts.Services is [var first, var second] && facts.Durations is [var a, var b]) yield return new Order("timeout.each", (_, n) => $"set the timeout of {facts[first].Value} to {Duration.Format(facts[a].Duration)}{n.Behind} and set the timeout of {facts[second].Value} to {Duration.Format(facts[b].Duration)}{n.Behind}", new Slot("timeout.each", a), new Slot("timeout.each", b)) { IsWhole = true };
        foreach (var d in facts.Durations)
            foreach (var n in facts.Numbers.Where(n => n > d))
                foreach (var part in Parts.Skip(1))
                    yield return new Order("timeout.several.bare", (s, scope) => FormattableString.Invariant($"set the timeout of {s} to {Duration.Format(facts[d].Duration)}{scope.Behind} and set the {part}timeout of {s} to {facts[n].Number}s{scope.Behind}"), new Slot("timeout.request", d), new Slot($"timeout.{Name(part)}.bare", n));
        foreach (var n in facts.Numbers)
            foreach (var part in Parts)
                foreach (var unit in (string[])["s", "m", "ms"])
                    if (facts[n].Number < 10_000 && (unit != "m" || facts[n].Number < 60) && (unit != "ms" || facts[n].Number >= 50)) yield return new Order($"timeout.{Name(part)}.bare", (s, scope) => FormattableString.Invariant($"set the {part}timeout of {s} to {facts[n].Number}{unit}{scope.Behind}"), new Slot($"timeout.bare.{unit}", n));
    }

    private static string Name(string part) => part.Length == 0 ? "request" : part.Trim();

    /// <summary>Two or three values, a part each.</summary>
    private static IEnumerable<List<(string Part, int At)>> Assigned(List<int> durations, string[] parts)
    {
        foreach (var a in durations)
            foreach (var b in durations)
            {
                if (a == b) continue;
                yield return [(parts[0], a), (parts[1], b)];
                yield return [(parts[0], a), (parts[2], b)];
                if (a < b)
                {
                    yield return [(parts[1], a), (parts[2], b)];
                    yield return [(parts[1], b), (parts[2], a)];
                }
                foreach (var c in durations)
                    if (c != a && c != b) yield return [(parts[0], a), (parts[1], b), (parts[2], c)];
            }
    }
}
