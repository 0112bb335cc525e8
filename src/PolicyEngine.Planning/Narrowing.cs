using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning;

/// <summary>
/// A turn that only says for which requests the sentence before holds, or for which not: "only GETs", "restrict that to partners.example.com",
/// "but not for /health", "leave 10.0.0.0/8 out of this".
/// </summary>
internal static class Narrowing
{
    private static readonly HashSet<string> Verbs = new(["restrict", "narrow", "confine", "apply", "applies"], StringComparer.Ordinal);
    private static readonly HashSet<string> Exemptions = new(["but not", "except", "excluding", "exclude", "exempt", "spare", "leave", "skip", "apart from", "other than", "not", "bar", "without", "sans"], StringComparer.Ordinal);
    private static readonly HashSet<string> Talk = new(["just", "ones", "but", "no", "come in", "comes in", "coming in", "arrive", "arriving", "down", "carrying", "that", "this", "those", "when", "out", "out of", "alone", "should", "shall", "must", "query", "has", "have", "course", "of course", "fine", "reading", "our", "office", "requests", "should be", "be"], StringComparer.Ordinal);

    /// <summary>The sentence before with that in it; null where the turn is nothing of the sort.</summary>
    public static string? Of(IReadOnlyList<Token> tokens, PlanTurn last, string said)
    {
        if (last.Plan.Edits.Select(e => e.Upserted?.Spec).ToList() is not [TargetedSpec { Target.Matches.IsEmpty: true } spec] || spec is AuthorizationSpec { Action: AuthorizationEffect.Allow }) return null;
        var excepts = tokens.Any(t => t.Concept == Concept.Except || Exemptions.Contains(t.Value));
        if (!excepts && !tokens.Any(t => t.Concept == Concept.Only || t.Value is "just" || Verbs.Contains(t.Value))) return null;
        if (IsDenied(tokens)) return null;
        var (methods, places, ranges, rest) = (new List<string>(), new List<string>(), new List<string>(), new List<Token>());
        foreach (var token in tokens.Where(t => !IsTalk(t) && !(excepts && (t.Concept is Concept.Except or Concept.Without or Concept.Not || Exemptions.Contains(t.Value)))))
        {
            if (token.Concept == Concept.Method) methods.Add(token.Text.ToUpperInvariant());
            else if (token.Kind is TokenKind.Path or TokenKind.Host) places.Add(token.Text);
            else if (token.Kind == TokenKind.Cidr && excepts) ranges.Add(token.Text);
            else rest.Add(token);
        }
        if (Condition(rest) is not { } condition || methods.Count + places.Count + ranges.Count + condition.Length == 0) return null;
        var sentence = said.TrimEnd('.', '!', ' ');
        if (!excepts) return $"{sentence}{(methods.Count > 0 ? $" for {Joined(methods)} requests" : "")}{condition}{string.Concat(places.Select(p => $" on {p}"))}";
        // Of two exceptions together nobody knows whether they are one.
        return (methods.Count > 0 ? 1 : 0) + places.Count + ranges.Count + (condition.Length > 0 ? 1 : 0) != 1 ? null
            : $"{sentence} except {(methods.Count > 0 ? $"{Joined(methods)} requests" : ranges.Count > 0 ? $"from {ranges[0]}" : places.Count > 0 ? $"on {places[0]}" : $"for requests{condition}")}";
    }

    /// <summary>"not only for GETs", "don't leave /health out", "never skip POST", "why not for POST?": the contrary, or no order.</summary>
    private static bool IsDenied(IReadOnlyList<Token> tokens)
    {
        var not = tokens.Count(t => t.Concept == Concept.Not || t.Value is "never" or "don't" or "do not" or "not" or "no longer");
        return tokens.Any(t => t.Text == "?" || t.Concept == Concept.Stop)
            || not > 1 || not == 1 && tokens.Any(t => t.Concept is Concept.Only or Concept.Except or Concept.Without || t.Value is "just" or "leave" or "exempt" or "exclude" or "excluding" or "spare" or "skip" or "bar" or "sans" || Verbs.Contains(t.Value))
            || not == 1 && tokens.Any(t => t.Value is "never" or "don't" or "do not" or "no longer");
    }

    private static string Joined(List<string> methods) => string.Join(" and ", methods.Distinct());

    /// <summary>A header, cookie or query parameter, a sign and its value, as they were said; empty where there is none, null where there is more.</summary>
    private static string? Condition(List<Token> rest)
    {
        if (rest.Count == 0) return "";
        var sort = rest.Find(t => t.Concept is Concept.Cookie or Concept.Query);
        var names = rest.Where(t => t.Kind == TokenKind.HeaderName || sort is not null && t.Kind is TokenKind.Word or TokenKind.Number && !ReferenceEquals(t, sort)).ToList();
        var value = rest.Find(t => t.Kind == TokenKind.Quoted);
        if (rest.Exists(t => !(ReferenceEquals(t, sort) || t.Concept == Concept.Header || ReferenceEquals(t, value) || t.Text is ":" or "=" || names.Contains(t)))) return null;
        return (sort, names) switch
        {
            (null, [var name]) => $" with header {name.Text}{(value is null ? "" : $": {value.Text}")}",
            ({ } of, [var name]) when value is not null => $" with {(of.Concept == Concept.Cookie ? "cookie" : "query parameter")} {name.Text}={value.Text.Trim('"')}",
            ({ } of, [var name, var worth]) => $" with {(of.Concept == Concept.Cookie ? "cookie" : "query parameter")} {name.Text}={worth.Text}",
            ({ } of, [var name]) => $" with {(of.Concept == Concept.Cookie ? "cookie" : "query parameter")} {name.Text}",
            _ => null,
        };
    }

    /// <summary>What only leads to what is meant: "no no, only the ones that come in over …".</summary>
    private static bool IsTalk(Token token) => token.IsGlue && !(token.Text is ":" or "=") || token.Concept is Concept.Only or Concept.Request or Concept.Host or Concept.Path or Concept.Reach or Concept.It || token is { Kind: TokenKind.Number, Value: "no" } || Talk.Contains(token.Value) || Verbs.Contains(token.Value);
}
