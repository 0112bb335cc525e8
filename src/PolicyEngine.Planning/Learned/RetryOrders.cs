using System.Globalization;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Learned;

internal static class RetryOrders
{
    private static readonly (string Condition, string Pattern)[] Conditions =
    [
        ("connect-failure", @"connect\w*[ -](fail|refus|can|could|attempt\w* fail)|fail\w* (to )?connect|can(not|'t) (be )?connect|refuses? connections?|unreachable|connect-failure|connection (is |was )?(errors?|failures?|problems?|refus)|(no|without a) connection"),
        ("reset", @"\bresets?\b"), ("gateway-error", @"gateway[- ]errors?"), ("refused-stream", @"refused?[_ -]streams?"), ("retriable-4xx", @"retriable[- ]4xx"),
        ("unavailable", @"\bunavailab"), ("cancelled", @"\bcancel+ed\b"), ("deadline-exceeded", @"deadlines?[ _-](is |are |was |were |has been )?exceed|exceed\w* (the |its |their )?deadline"), ("resource-exhausted", @"resources?[ _-](is |are |were )?exhaust|exhaust\w* (its |their |the )?resources?|out of resources"), ("internal", @"\binternal( errors?)?\b"),
        ("5xx", @"\b5xx\b|server errors?|five.?hundreds?|\b500s\b"),
    ];

    public static IEnumerable<Order> Of(Facts facts)
    {
        if (!Speaks(facts)) yield break;
        foreach (var on in new[] { On(facts, true), On(facts, false), "" }.Distinct())
        {
            foreach (var n in facts.Numbers.Where(n => facts[n].Number is >= 1 and <= 10 && facts[n].Number == Math.Floor(facts[n].Number)))
            {
                var times = string.Create(CultureInfo.InvariantCulture, $"{facts[n].Number} times");
                var slot = new Slot("attempts", n);
                yield return new Order("retry" + Sort(on), (s, scope) => $"retry {s} {times}{on}{scope.Behind}", slot);
                foreach (var (text, slots) in Waits(facts)) yield return new Order("retry.waits" + Sort(on), (s, scope) => $"retry {s} {times}{on}{text}{scope.Behind}", [slot, .. slots]);
            }
            if (on.Length == 0) continue;
            yield return new Order("retry.once", (s, scope) => $"retry {s} 1 times{on}{scope.Behind}");
            yield return new Order("retry.on.change", (s, scope) => $"change the retries of {s} to{on}") { IsWhole = true };
            yield return new Order("retry.on.stop", (s, scope) => $"stop retrying {s}{on}") { IsWhole = true };
        }
        foreach (var n in facts.Numbers.Where(n => facts[n].Number is >= 1 and <= 10))
            yield return new Order("retry.change", (s, scope) => string.Create(CultureInfo.InvariantCulture, $"change the retries of {s} to {facts[n].Number} times{scope.Behind}"), new Slot("attempts.change", n));
        foreach (var (text, slots) in Waits(facts)) yield return new Order("retry.waits.change", (s, scope) => $"change the retries of {s}: {text[6..]}", [.. slots]) { IsWhole = true };
        yield return new Order("retry.more", (s, _) => $"retry {s} once more") { IsWhole = true };
        yield return new Order("retry.less", (s, _) => $"one retry fewer for {s}") { IsWhole = true };
        yield return new Order("retry.remove", (s, scope) => $"remove the retries of {s}{scope.Behind}");
    }

    public static bool Speaks(Facts facts) => facts.Has(Concept.Retry) || facts.Has(Concept.PerTry) || facts.Has(Concept.BackOff)
        || facts.Matches(@"\b(again|re-?tr|repeat|tr(y|ies|ied)\b|attempts?|chances?|another go|goes\b|re-?sen[dt]|replay|repetition|retransmit|resets?\b|back-?off|pauses?)");

    private static string Sort(string on) => on.Length == 0 ? "" : ".on";

    private static string On(Facts facts, bool statuses)
    {
        var on = statuses ? facts.Statuses.Select(s => facts[s].Kind == TokenKind.Status ? facts[s].Value : facts[s].Number.ToString(CultureInfo.InvariantCulture)).ToList() : [];
        foreach (var (condition, pattern) in Conditions)
            if ((statuses || condition != "5xx") && facts.Matches(pattern)) on.Add(condition);
        return on.Count == 0 ? "" : " on " + string.Join(" and ", on.Distinct());
    }

    /// <summary>How long a try may take, and the waits between tries: every assignment of the times that are said.</summary>
    private static IEnumerable<(string Text, List<Slot> Slots)> Waits(Facts facts)
    {
        string Of(int d) => Duration.Format(facts[d].Duration);
        foreach (var a in facts.Durations)
        {
            yield return ($" with a per-try timeout of {Of(a)}", [new Slot("pertry", a)]);
            yield return ($" with a back-off of {Of(a)}", [new Slot("base", a)]);
            foreach (var b in facts.Durations.Where(b => b != a))
            {
                if (facts[b].Duration > facts[a].Duration) yield return ($" with a back-off between {Of(a)} and {Of(b)}", [new Slot("base", a), new Slot("max", b)]);
                yield return ($" with a per-try timeout of {Of(a)} and a back-off of {Of(b)}", [new Slot("pertry", a), new Slot("base", b)]);
                foreach (var c in facts.Durations.Where(c => c != a && c != b && facts[c].Duration > facts[b].Duration))
                    yield return ($" with a per-try timeout of {Of(a)} and a back-off between {Of(b)} and {Of(c)}", [new Slot("pertry", a), new Slot("base", b), new Slot("max", c)]);
            }
        }
    }
}
