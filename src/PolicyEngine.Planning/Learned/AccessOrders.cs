using System.Collections.Immutable;

namespace PolicyEngine.Planning.Learned;

internal static class AccessOrders
{
    public static IEnumerable<Order> Of(Facts facts)
    {
        foreach (var some in Subsets(facts.Ranges))
        {
            var ranges = string.Join(" and ", some.Select(r => facts[r].Text));
            ImmutableArray<Slot> Slots(string role) => [.. some.Select(r => new Slot(role, r))];
            yield return new Order("access.deny", (s, n) => $"deny {ranges} on {s}{n.Behind}", Slots("deny"));
            yield return new Order("access.only", (s, n) => $"only allow {ranges} on {s}{n.Behind}", Slots("only"));
            yield return new Order("access.unblock", (s, _) => $"unblock {ranges} on {s}", Slots("unblock")) { IsWhole = true };
            yield return new Order("access.allow", (s, _) => $"allow {ranges} on {s} as well", Slots("allow")) { IsWhole = true };
            yield return new Order("access.revoke", (s, _) => $"stop allowing {ranges} on {s}", Slots("revoke")) { IsWhole = true };
            yield return new Order("access.except", (s, n) => $"deny {n.Requests(s)} except from {ranges}", Slots("only")) { IsNarrow = true };
        }
        foreach (var a in facts.Ranges)
            foreach (var b in facts.Ranges.Where(b => b != a))
                yield return new Order("access.replace", (s, _) => $"replace {facts[a].Text} by {facts[b].Text} on {s}", new Slot("range.old", a), new Slot("range.new", b)) { IsWhole = true };
        yield return new Order("access.lift", (s, _) => $"lift the block on {s}") { IsWhole = true };
        yield return new Order("access.deny.some", (s, n) => $"deny {n.Requests(s)}") { IsNarrow = true };
        yield return new Order("access.only.some", (s, n) => $"only allow {n.Requests(s)}") { IsNarrow = true };
        foreach (var named in facts.Conditions)
            yield return new Order("access.without", (s, n) => $"deny {n.Methods}requests without {named.With(null)} on {s}{n.Path}{n.Host}", new Slot(named.Sort + ".without", named.Token));
    }

    private static IEnumerable<int[]> Subsets(ImmutableArray<int> all)
    {
        if (all.Length == 0) yield break;
        yield return [.. all];
        if (all.Length == 1) yield break;
        foreach (var one in all) yield return [one];
    }
}
