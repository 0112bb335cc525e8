using System.Collections.Immutable;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Learned;

/// <summary>Which requests of what: methods, a path, conditions and a host, each used or not.</summary>
internal sealed record Scope(string Methods, string Path, string With, string Host, ImmutableArray<Slot> Slots)
{
    public static readonly Scope All = new("", "", "", "", []);

    public bool IsAll => Slots.IsEmpty;

    /// <summary>Behind an order: " for POST requests on /x with header a: b".</summary>
    public string Behind => (Methods.Length + Path.Length + With.Length > 0 ? $" for {Methods}requests{Path}{With}" : "") + Host;

    /// <summary>In the place of "requests to X".</summary>
    public string Requests(string service) => $"{Methods}requests to {service}{Path}{With}{Host}";

    /// <summary>Every subset of what an intent narrows by, the whole first.</summary>
    public static IEnumerable<Scope> Of(Facts facts, ISet<int> taken)
    {
        var methods = facts.Methods.Where(m => !taken.Contains(m)).ToList();
        var path = facts.Paths.Where(p => !taken.Contains(p)).ToList() is [var one] ? one : -1;
        var host = facts.Hosts.Where(p => !taken.Contains(p)).ToList() is [var named] ? named : -1;
        var conditions = facts.Conditions.Where(c => !taken.Contains(c.Token)).Take(2).ToList();
        foreach (var withMethods in Options(methods.Count > 0))
            foreach (var withPath in Options(path >= 0))
                foreach (var withHost in Options(host >= 0))
                    foreach (var chosen in Conditions(conditions))
                    {
                        var slots = ImmutableArray.CreateBuilder<Slot>();
                        if (withMethods) slots.AddRange(methods.Select(m => new Slot("method", m)));
                        if (withPath) slots.Add(new Slot("path", path));
                        if (withHost) slots.Add(new Slot("host", host));
                        slots.AddRange(chosen.Select(c => c.Slot));
                        yield return new Scope(
                            withMethods ? string.Join(" and ", methods.Select(m => facts[m].Text.ToUpperInvariant())) + " " : "",
                            withPath ? $" on {(facts[path].IsExact ? "exactly " : "")}{facts[path].Value}" : "",
                            chosen.Count > 0 ? string.Concat(chosen.Select((c, i) => (i == 0 ? " with " : " and with ") + c.Text)) : "",
                            withHost ? $" on {facts[host].Value}" : "",
                            slots.ToImmutable());
                    }
    }

    private static IEnumerable<bool> Options(bool there) => there ? [true, false] : [false];

    private static IEnumerable<List<(string Text, Slot Slot)>> Conditions(List<Named> named)
    {
        if (named.Count == 0)
        {
            yield return [];
            yield break;
        }
        var ways = named.Select(n => n.Values.Take(3).Select(v => (n.With(v), new Slot(Sort(n) + ".value", n.Token))).Append((n.With(null), new Slot(Sort(n) + ".present", n.Token))).ToList()).ToList();
        foreach (var first in ways[0])
        {
            if (ways.Count > 1)
                foreach (var second in ways[1]) yield return [first, second];
            yield return [first];
        }
        yield return [];
    }

    private static string Sort(Named named) => named.Sort == "query parameter" ? "query" : named.Sort;
}
