namespace PolicyEngine.Planning.Learned;

internal static class HeaderOrders
{
    private static readonly string[] Sides = ["request", "response"];

    public static IEnumerable<Order> Of(Facts facts)
    {
        foreach (var named in facts.Conditions.Where(c => c.Sort == "header"))
            foreach (var side in Sides)
            {
                var slot = new Slot($"header.{side}", named.Token);
                foreach (var value in named.Values.Take(6))
                {
                    yield return new Order($"headers.{side}.set", (s, n) => $"set {side} header {named.Name}: \"{value}\" on {s}{Narrow(n)}", slot, new Slot("header.value", named.Token));
                    yield return new Order($"headers.{side}.append", (s, n) => $"append {side} header {named.Name}: \"{value}\" on {s}{Narrow(n)}", slot, new Slot("header.value", named.Token));
                }
                yield return new Order($"headers.{side}.remove", (s, n) => $"remove {side} header {named.Name} on {s}{Narrow(n)}", slot);
                yield return new Order($"headers.{side}.gone", (s, _) => $"stop setting {side} header {named.Name} on {s}", slot) { IsWhole = true };
            }
    }

    private static string Narrow(Scope scope) => scope.IsAll ? "" : $"{scope.Path}{scope.With}{scope.Host}{(scope.Methods.Length > 0 ? $" for {scope.Methods.TrimEnd()}" : "")}";
}
