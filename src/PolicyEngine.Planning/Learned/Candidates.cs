using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Learned;

/// <summary>All that an intent might order, as far as its values go: orders, each with every scope, for now or for good.</summary>
internal static class Candidates
{
    public const int Most = 500;

    public static IEnumerable<Candidate> Of(Facts facts)
    {
        var services = Services(facts).ToList();
        var orders = TimeoutOrders.Of(facts).Concat(LimitOrders.Of(facts)).Concat(RetryOrders.Of(facts)).Concat(AccessOrders.Of(facts)).Concat(SplitOrders.Of(facts)).Concat(HeaderOrders.Of(facts)).ToList();
        return Every(facts, services, orders).Take(Most);
    }

    private static IEnumerable<Candidate> Every(Facts facts, List<(string Text, List<Slot> Slots)> services, List<Order> orders)
    {
        var counts = facts.Has(Concept.Shadow) || facts.Matches(@"\b(count\w*|shadow|dry|log\w*|simulat\w*|pretend|enforc\w+|trial|bit(e|ing)|reject\w*|metrics?|record\w*|observ\w+|report\w*|monitor\w*|watch\w*|would)\b");
        foreach (var order in orders)
        {
            var taken = order.Slots.Select(s => s.Token).ToHashSet();
            IEnumerable<Scope> scopes = order.IsWhole ? [Scope.All] : Scope.Of(facts, taken);
            foreach (var scope in scopes.Where(s => !order.IsNarrow || !s.IsAll))
                foreach (var (service, slots) in services)
                {
                    var text = Clean(order.Text(service, scope));
                    yield return new Candidate(order.Frame, text, [.. order.Slots, .. scope.Slots, .. slots]);
                    if (counts && (order.Frame.StartsWith("limit", StringComparison.Ordinal) || order.Frame.StartsWith("access.deny", StringComparison.Ordinal) || order.Frame.StartsWith("access.only", StringComparison.Ordinal)))
                        yield return new Candidate(order.Frame + ".counted", $"in shadow, {text}", [.. order.Slots, .. scope.Slots, .. slots]);
                    foreach (var d in facts.Durations)
                        if (!taken.Contains(d) && facts[d].Duration >= TimeSpan.FromMinutes(1)) yield return new Candidate(order.Frame, $"for the next {Duration.Format(facts[d].Duration)}, {text}", [.. order.Slots, .. scope.Slots, .. slots, new Slot("ends", d)]);
                }
        }
    }

    /// <summary>Each that is named, all of them together; or what was spoken of before, or what the path says.</summary>
    private static IEnumerable<(string Text, List<Slot> Slots)> Services(Facts facts)
    {
        foreach (var s in facts.Services) yield return (facts[s].Value, [new Slot("service", s)]);
        if (facts.Services.Length > 1) yield return (string.Join(" and ", facts.Services.Select(s => facts[s].Value)), [.. facts.Services.Select(s => new Slot("service.each", s))]);
        foreach (var f in facts.Scopes) yield return ($"{(facts[f].Kind == TokenKind.Fleet ? "fleet" : "gateway")} {facts[f].Value}", [new Slot("scope", f)]);
        if (facts.Services.Length > 0) yield break;
        // "cut ml-b to 12%": only one service has such a version.
        foreach (var v in facts.Versions)
            if (facts.Catalog.Services.Where(s => s.Value.Versions.Any(n => n.Name == facts[v].Value)).Select(s => s.Key).ToList() is [var only]) yield return (only, [new Slot("service.implied", v)]);
        yield return ("", []);
    }

    /// <summary>Without the words that stand before a service where there is none.</summary>
    private static string Clean(string text) => string.Join(' ', text.Replace(" of  ", " ", StringComparison.Ordinal).Replace(" to  ", " ", StringComparison.Ordinal).Replace(" on  ", " ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
