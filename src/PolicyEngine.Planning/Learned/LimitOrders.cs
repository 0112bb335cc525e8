using System.Globalization;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Learned;

internal static class LimitOrders
{
    private const string More = @"\b(more|fewer|less|extra|additional|another|further|by|plus|minus|up|down|off|on top)\b";
    private const string Burst = @"\b(bursts?|peaks?|spikes?|surges?)\b";

    public static IEnumerable<Order> Of(Facts facts)
    {
        foreach (var (rate, slots) in Rates(facts))
            foreach (var (key, keySlots) in Keys(facts))
            {
                var used = slots.Select(s => s.Token).ToHashSet();
                yield return new Order("limit" + Sort(key), (s, n) => $"limit {s} to {rate}{key}{n.Behind}", [.. slots, .. keySlots]);
                foreach (var b in facts.Numbers.Where(b => !used.Contains(b) && facts[b].Number >= 1))
                    yield return new Order("limit.burst" + Sort(key), (s, n) => string.Create(CultureInfo.InvariantCulture, $"limit {s} to {rate}{key} with a burst of {facts[b].Number}{n.Behind}"), [.. slots, .. keySlots, new Slot("burst", b)]);
                if (key.Length == 0)
                    foreach (var b in facts.Numbers.Where(b => !used.Contains(b) && facts[b].Number >= 1))
                        yield return new Order("limit.change.burst", (s, _) => string.Create(CultureInfo.InvariantCulture, $"change the limit of {s} to {rate} and set the burst of {s} to {facts[b].Number}"), [.. slots, new Slot("burst", b)]) { IsWhole = true };
                if (key.Length == 0) yield return new Order("limit.change", (s, n) => $"change the limit of {s} to {rate}{n.Behind}", [.. slots]);
            }
        foreach (var n in facts.Numbers)
        {
            yield return new Order("limit.number", (s, _) => string.Create(CultureInfo.InvariantCulture, $"change the limit of {s} to {facts[n].Number}"), new Slot("limit.number", n));
            yield return new Order("limit.more", (s, _) => string.Create(CultureInfo.InvariantCulture, $"raise the limit of {s} by {facts[n].Number}"), new Slot("limit.more", n)) { IsWhole = true };
            yield return new Order("limit.less", (s, _) => string.Create(CultureInfo.InvariantCulture, $"lower the limit of {s} by {facts[n].Number}"), new Slot("limit.less", n)) { IsWhole = true };
            yield return new Order("limit.burst.set", (s, _) => string.Create(CultureInfo.InvariantCulture, $"set the burst of {s} to {facts[n].Number}"), new Slot("burst", n));
        }
        // "fifty more a minute".
        if (facts.Matches(More))
            foreach (var r in facts.Rates)
            {
                yield return new Order("limit.more", (s, _) => string.Create(CultureInfo.InvariantCulture, $"raise the limit of {s} by {facts[r].Number}"), new Slot("limit.more", r)) { IsWhole = true };
                yield return new Order("limit.less", (s, _) => string.Create(CultureInfo.InvariantCulture, $"lower the limit of {s} by {facts[r].Number}"), new Slot("limit.less", r)) { IsWhole = true };
            }
        if (facts.Matches(Burst))
        {
            if (facts.Has(Concept.Double) || facts.Matches(@"\btwice\b|[×x] ?2\b")) yield return new Order("limit.burst.double", (s, _) => $"double the burst of {s}") { IsWhole = true };
            if (facts.Has(Concept.Halve) || facts.Says("half")) yield return new Order("limit.burst.halve", (s, _) => $"halve the burst of {s}") { IsWhole = true };
            foreach (var n in facts.Numbers)
            {
                yield return new Order("limit.burst.more", (s, _) => string.Create(CultureInfo.InvariantCulture, $"raise the burst of {s} by {facts[n].Number}"), new Slot("burst.more", n)) { IsWhole = true };
                yield return new Order("limit.burst.less", (s, _) => string.Create(CultureInfo.InvariantCulture, $"lower the burst of {s} by {facts[n].Number}"), new Slot("burst.less", n)) { IsWhole = true };
            }
        }
        foreach (var (key, keySlots) in Keys(facts).Where(k => k.Text.Length > 0)) yield return new Order("limit.key" + Sort(key), (s, _) => $"count the limit of {s}{key}", [.. keySlots]) { IsWhole = true };
        yield return new Order("limit.remove", (s, _) => $"remove the rate limit of {s}") { IsWhole = true };
        if (facts.Has(Concept.Double) || facts.Matches(@"\btwice\b|[×x] ?2\b")) yield return new Order("limit.double", (s, _) => $"double the rate limit of {s}") { IsWhole = true };
        if (facts.Has(Concept.Triple)) yield return new Order("limit.triple", (s, _) => $"triple the rate limit of {s}") { IsWhole = true };
        if (facts.Has(Concept.Halve) || facts.Says("half")) yield return new Order("limit.halve", (s, _) => $"halve the rate limit of {s}") { IsWhole = true };
    }

    private static string Sort(string key) => key.Length == 0 ? "" : key.Contains("header", StringComparison.Ordinal) ? ".header" : key.Contains("path", StringComparison.Ordinal) ? ".path" : ".ip";

    private static IEnumerable<(string Text, List<Slot> Slots)> Rates(Facts facts)
    {
        foreach (var r in facts.Rates) yield return (string.Create(CultureInfo.InvariantCulture, $"{facts[r].Number} requests per {facts[r].Unit.ToString().ToLowerInvariant()}"), [new Slot("rate", r)]);
        foreach (var n in facts.Numbers)
            foreach (var u in facts.Units.Where(u => u > n && u - n < 12).Take(2))
                yield return (string.Create(CultureInfo.InvariantCulture, $"{facts[n].Number} requests per {facts[u].Concept.ToString().ToLowerInvariant()}"), [new Slot("rate.number", n), new Slot("rate.unit", u)]);
        // "no more than 20 in one second".
        foreach (var n in facts.Numbers)
            foreach (var d in facts.Durations.Where(d => d > n))
                if (Unit(facts[d].Duration) is { } unit) yield return (string.Create(CultureInfo.InvariantCulture, $"{facts[n].Number} requests per {unit}"), [new Slot("rate.number", n), new Slot("rate.time", d)]);
    }

    private static string? Unit(TimeSpan time) => time.TotalSeconds switch { 1 => "second", 60 => "minute", 3600 => "hour", 86400 => "day", _ => null };

    private static IEnumerable<(string Text, List<Slot> Slots)> Keys(Facts facts)
    {
        yield return ("", []);
        yield return (" per client ip", []);
        foreach (var h in facts.Headers.DistinctBy(h => facts[h].Value)) yield return ($" per header {facts[h].Value}", [new Slot("key", h)]);
        if (facts.Has(Concept.Path)) yield return (" per path", []);
    }
}
