using System.Collections.Immutable;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Learned;

/// <summary>Which requests of what: methods, a path, conditions and a host, each used or not, and one of them perhaps for what is left out.</summary>
internal sealed record Scope(string Methods, string Path, string With, string Host, string Except, ImmutableArray<Slot> Slots)
{
    public static readonly Scope All = new("", "", "", "", "", []);

    private const string Exceptions = @"\b(but|bar|barring|except\w*|exclu\w+|exempt\w*|apart|aside|save|sans|spar\w+|unless|without|other than|else|otherwise|leav(?:e|es|ing)|stays?|untouched|unaffected|skip\w*|omit\w*|minus|(?:not|n't|never) (?:for|when|if|on|to|in|those|with|included|touched|at)|no [A-Z]{3,})\b";

    public bool IsAll => Slots.IsEmpty;

    /// <summary>Behind an order: " for POST requests on /x with header a: b".</summary>
    public string Behind => (Methods.Length + Path.Length + With.Length > 0 ? $" for {Methods}requests{Path}{With}" : "") + Host + Except;

    /// <summary>In the place of "requests to X".</summary>
    public string Requests(string service) => $"{Methods}requests to {service}{Path}{With}{Host}{Except}";

    /// <summary>Every subset of what an intent narrows by, the whole first; each of these also as what is left out, where the intent has words for that.</summary>
    public static IEnumerable<Scope> Of(Facts facts, ISet<int> taken)
    {
        var methods = facts.Methods.Where(m => !taken.Contains(m)).ToList();
        var paths = facts.Paths.Where(p => !taken.Contains(p)).ToList();
        var host = facts.Hosts.Where(p => !taken.Contains(p)).ToList() is [var named] ? named : -1;
        var conditions = facts.Conditions.Where(c => !taken.Contains(c.Token)).Take(2).ToList();
        foreach (var scope in Of(facts, methods, paths is [var one] ? one : -1, host, conditions)) yield return scope;
        if (!facts.Matches(Exceptions)) yield break;
        foreach (var path in paths.Take(2))
            foreach (var scope in Of(facts, methods, paths.Count == 2 ? paths.Single(p => p != path) : -1, host, conditions))
                yield return scope.But($" except on {Named(facts, path)}", new Slot("path.except", path));
        if (methods.Count > 0)
            foreach (var scope in Of(facts, [], paths is [var only] ? only : -1, host, conditions))
                yield return scope.But($" except {Joined(facts, methods)}", [.. methods.Select(m => new Slot("method.except", m))]);
        foreach (var condition in conditions)
            foreach (var (text, slot) in Ways(condition))
                foreach (var scope in Of(facts, methods, paths is [var only] ? only : -1, host, [.. conditions.Where(c => c != condition)]))
                    yield return scope.But($" except for requests with {text}", slot with { Role = slot.Role + ".except" });
    }

    private Scope But(string except, params ReadOnlySpan<Slot> slots) => this with { Except = except, Slots = [.. Slots, .. slots] };

    private static IEnumerable<Scope> Of(Facts facts, List<int> methods, int path, int host, List<Named> conditions)
    {
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
                            withMethods ? Joined(facts, methods) + " " : "",
                            withPath ? $" on {Named(facts, path)}" : "",
                            chosen.Count > 0 ? string.Concat(chosen.Select((c, i) => (i == 0 ? " with " : " and with ") + c.Text)) : "",
                            withHost ? $" on {facts[host].Value}" : "",
                            "",
                            slots.ToImmutable());
                    }
    }

    private static string Joined(Facts facts, List<int> methods) => string.Join(" and ", methods.Select(m => facts[m].Text.ToUpperInvariant()));

    private static string Named(Facts facts, int path) => $"{(facts[path].IsExact ? "exactly " : "")}{facts[path].Value}";

    private static IEnumerable<bool> Options(bool there) => there ? [true, false] : [false];

    private static IEnumerable<List<(string Text, Slot Slot)>> Conditions(List<Named> named)
    {
        if (named.Count == 0)
        {
            yield return [];
            yield break;
        }
        var ways = named.Select(Ways).ToList();
        foreach (var first in ways[0])
        {
            if (ways.Count > 1)
                foreach (var second in ways[1]) yield return [first, second];
            yield return [first];
        }
        yield return [];
    }

    private static List<(string Text, Slot Slot)> Ways(Named named) =>
        [.. named.Values.Take(3).Select(v => (named.With(v), new Slot(Sort(named) + ".value", named.Token))), (named.With(null), new Slot(Sort(named) + ".present", named.Token))];

    private static string Sort(Named named) => named.Sort == "query parameter" ? "query" : named.Sort;
}
