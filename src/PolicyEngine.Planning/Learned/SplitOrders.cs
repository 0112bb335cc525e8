using System.Collections.Immutable;
using System.Globalization;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Learned;

/// <summary>Splits, mirrors and faults: shares of requests, and where they go or what becomes of them.</summary>
internal static class SplitOrders
{
    public static IEnumerable<Order> Of(Facts facts) => Splits(facts).Concat(Mirrors(facts)).Concat(Faults(facts));

    /// <summary>Versions that are named, or the newer one of two that is not.</summary>
    private static IEnumerable<(string Text, ImmutableArray<Slot> Slots)> Versions(Facts facts)
    {
        foreach (var v in facts.Versions) yield return (facts[v].Value, [new Slot("version", v)]);
        if (facts.Services is [var s] && facts.Catalog.Services.GetValueOrDefault(facts[s].Value) is { Versions: [_, var second] } && !facts.Versions.Any(v => facts[v].Value == second.Name)) yield return (second.Name, []);
    }

    private static IEnumerable<(string Text, ImmutableArray<Slot> Slots)> Shares(Facts facts)
    {
        foreach (var p in facts.Percents) yield return (facts[p].Share.ToString(), [new Slot("share", p)]);
        foreach (var n in facts.Numbers)
            if (facts[n].Number is > 0 and <= 100) yield return (string.Create(CultureInfo.InvariantCulture, $"{facts[n].Number}%"), [new Slot("share.bare", n)]);
    }

    private static IEnumerable<Order> Splits(Facts facts)
    {
        foreach (var (version, at) in Versions(facts))
        {
            var named = at.IsEmpty ? ".implied" : "";
            yield return new Order("split.all" + named, (s, n) => n.IsAll ? $"send 100% of {s} to {version}" : $"send 100% of {n.Requests(s)} to {version}", at);
            yield return new Order("split.none" + named, (s, _) => $"send 0% of {s} to {version}", at) { IsWhole = true };
            foreach (var (share, slots) in Shares(facts)) yield return new Order("split.share" + named, (s, n) => n.IsAll ? $"send {share} of {s} to {version}" : $"send {share} of {n.Requests(s)} to {version}", [.. at, .. slots]);
            foreach (var p in facts.Percents)
            {
                yield return new Order("split.more" + named, (s, _) => $"raise the share of {s} {version} by {facts[p].Share.ToString().TrimEnd('%')} points", [.. at, new Slot("share.more", p)]) { IsWhole = true };
                yield return new Order("split.less" + named, (s, _) => $"lower the share of {s} {version} by {facts[p].Share.ToString().TrimEnd('%')} points", [.. at, new Slot("share.less", p)]) { IsWhole = true };
            }
            if (facts.Has(Concept.Double)) yield return new Order("split.double" + named, (s, _) => $"double the share of {s} {version}", at) { IsWhole = true };
            if (facts.Has(Concept.Halve) || facts.Says("half")) yield return new Order("split.halve" + named, (s, _) => $"halve the share of {s} {version}", at) { IsWhole = true };
        }
        if (facts.Versions is [var a, var b])
            foreach (var (x, xs) in Shares(facts))
                foreach (var (y, ys) in Shares(facts))
                    if (!xs[0].Token.Equals(ys[0].Token)) yield return new Order("split.both", (s, n) => $"send {x} of {n.Requests(s)} to {facts[a].Value} and {y} to {facts[b].Value}", new Slot("share.first", xs[0].Token), new Slot("share.second", ys[0].Token));
        yield return new Order("split.even", (s, _) => $"split {s} evenly") { IsWhole = true };
        yield return new Order("split.swap", (s, _) => $"swap the shares of {s}") { IsWhole = true };
        yield return new Order("split.remove", (s, _) => $"remove the traffic split of {s}") { IsWhole = true };
    }

    private static IEnumerable<Order> Mirrors(Facts facts)
    {
        if (!facts.Has(Concept.Mirror) && !facts.Has(Concept.Shadow) && !facts.Matches(@"cop(y|ies|ied)|dupl|clon|mirror|shadow|replay|\btee")) yield break;
        foreach (var (version, at) in Versions(facts))
        {
            yield return new Order("mirror.all", (s, n) => $"mirror {n.Requests(s)} to {s} {version}", at);
            foreach (var (share, slots) in Shares(facts)) yield return new Order("mirror.share", (s, n) => $"mirror {share} of {n.Requests(s)} to {s} {version}", [.. at, .. slots]);
        }
        foreach (var p in facts.Percents.Concat(facts.Numbers.Where(n => facts[n].Number is > 0 and < 100)))
            yield return new Order("mirror.more", (s, _) => string.Create(CultureInfo.InvariantCulture, $"raise the mirrored share of {s} by {(facts[p].Kind == TokenKind.Percent ? facts[p].Share.ToString().TrimEnd('%') : facts[p].Number)} points"), new Slot("mirror.more", p)) { IsWhole = true };
        if (facts.Has(Concept.Double)) yield return new Order("mirror.double", (s, _) => $"double the mirrored share of {s}") { IsWhole = true };
        foreach (var (share, slots) in Shares(facts)) yield return new Order("mirror.change", (s, _) => $"change the mirrored share of {s} to {share}", [.. slots]) { IsWhole = true };
        yield return new Order("mirror.remove", (s, _) => $"stop mirroring {s}") { IsWhole = true };
    }

    private static IEnumerable<Order> Faults(Facts facts)
    {
        var shares = Shares(facts).Append(("100%", [])).ToList();
        foreach (var (share, slots) in shares)
        {
            foreach (var d in facts.Durations) yield return new Order("fault.delay", (s, n) => $"delay {share} of {n.Requests(s)} by {Ir.Duration.Format(facts[d].Duration)}", [new Slot("delay", d), .. slots]);
            foreach (var status in facts.Statuses.Where(x => facts[x].Kind == TokenKind.Number)) yield return new Order("fault.abort", (s, n) => string.Create(CultureInfo.InvariantCulture, $"fail {share} of {n.Requests(s)} with {facts[status].Number}"), [new Slot("abort", status), .. slots]);
        }
        foreach (var (share, slots) in Shares(facts))
        {
            yield return new Order("fault.delay.share", (s, _) => $"change the share of the delay of {s} to {share}", [.. slots]) { IsWhole = true };
            yield return new Order("fault.abort.share", (s, _) => $"change the share of the aborts of {s} to {share}", [.. slots]) { IsWhole = true };
        }
        foreach (var d in facts.Durations) yield return new Order("fault.delay.change", (s, _) => $"change the delay of {s} to {Ir.Duration.Format(facts[d].Duration)}", new Slot("delay", d)) { IsWhole = true };
        foreach (var status in facts.Statuses.Where(x => facts[x].Kind == TokenKind.Number)) yield return new Order("fault.abort.change", (s, _) => string.Create(CultureInfo.InvariantCulture, $"change the status of the aborts of {s} to {facts[status].Number}"), new Slot("abort", status)) { IsWhole = true };
        yield return new Order("fault.remove", (s, _) => $"remove the faults of {s}") { IsWhole = true };
        yield return new Order("fault.delay.remove", (s, _) => $"remove the delay of {s}") { IsWhole = true };
        yield return new Order("fault.abort.remove", (s, _) => $"remove the aborts of {s}") { IsWhole = true };
    }
}
