using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Clauses;

/// <summary>
/// "only 10.0.0.0/8 may POST to orders", "nobody but 10.0.0.9 reaches /orders/admin": methods and paths say which requests are guarded, addresses
/// and headers who may send them. As conditions of one rule they would shut out every other request to the service as well.
/// </summary>
internal static class AuthorizationNarrowing
{
    /// <summary>The target narrowed to those requests, and what is left of the rule; null after a question.</summary>
    public static (Target Target, AuthorizationRuleSpec Rule)? Of(Target target, AuthorizationRuleSpec rule, Phrase phrase, Draft draft)
    {
        var who = rule.Cidrs.Length + rule.Headers.Length > 0;
        if (rule.Paths.IsEmpty && (rule.Methods.IsEmpty || !who) || !who && rule.Methods.IsEmpty) return (target, rule);
        // "deny everything but GET from 10.0.0.0/8": that, and nothing else.
        if (phrase.Tokens.FirstOrDefault(t => t.Concept == Concept.Except) is { } except && phrase.Tokens.SkipWhile(t => !ReferenceEquals(t, except)).Skip(1).FirstOrDefault(t => !t.IsGlue && t.Concept is not (Concept.Request or Concept.Client)) is { Concept: Concept.Method } or { Kind: TokenKind.Path }) return (target, rule);
        if (OnlyOf(phrase) is { } only && (only.Kind == TokenKind.Path || who))
        {
            var (what, asks) = (string.Join(" and ", rule.Methods.Concat(rule.Paths.Select(p => p.Prefix))), string.Join(" and ", rule.Cidrs.Select(c => $"{c}").Concat(rule.Headers.Select(h => $"header {h.Name}"))));
            draft.Ask("only", who ? $"May only {asks} ask for {what}, or is nothing but {what} let in?" : $"Is nothing but {what} let in?", who && rule.Headers.IsEmpty ? [$"only {asks} may {string.Join(" and ", rule.Methods)} {string.Join(" and ", rule.Paths.Select(p => p.Prefix))} on {target.Name}", $"only allow {what} on {target.Name}"] : []);
            return null;
        }
        var methods = who ? rule.Methods : [];
        var bases = target.Matches.IsEmpty ? [new RequestMatch()] : target.Matches;
        var matches = bases.SelectMany(m => rule.Paths.IsEmpty ? [m with { Methods = methods }] : rule.Paths.Select(p => m with { Path = p, Methods = methods }));
        return (target with { Matches = [.. matches] }, rule with { Paths = [], Methods = who ? [] : rule.Methods });
    }

    /// <summary>The method or path that the "only" stands right beside: "only GET from …", "… GET only". Beside an address it says who.</summary>
    private static Token? OnlyOf(Phrase phrase)
    {
        // "restrict it to GET from 10.0.0.0/8", "…, nothing else".
        if (phrase.Tokens.Any(t => t.Concept == Concept.Limit) && phrase.Tokens.Where(t => t.Value == "to").Select(t => phrase.After(t) is { Concept: Concept.Filler } filler ? phrase.After(filler) : phrase.After(t)).ToList() is var to && !to.Exists(t => t is { Kind: TokenKind.Cidr or TokenKind.HeaderName }) && to.Find(t => t is { Concept: Concept.Method } or { Kind: TokenKind.Path }) is { } limited) return limited;
        if (phrase.Tokens.Any(t => t.Concept == Concept.Only && t.Value.EndsWith("nothing else", StringComparison.Ordinal))) return phrase.Tokens.FirstOrDefault(t => t.Concept == Concept.Method || t.Kind == TokenKind.Path);
        foreach (var only in phrase.Tokens.Where(t => t.Concept == Concept.Only))
        {
            var next = phrase.After(only);
            while (next is { Concept: Concept.Filler or Concept.Allow or Concept.Request or Concept.Preposition or Concept.Set or Concept.Client or Concept.Path or Concept.Reach }) next = phrase.After(next);
            if (next is { Kind: TokenKind.Cidr or TokenKind.HeaderName }) continue;
            var before = phrase.Before(only);
            while (before is { Concept: Concept.Filler or Concept.Request }) before = phrase.Before(before);
            // "from 10.0.0.0/8 only PUT": what they may, or who may it?
            if (before is { Kind: TokenKind.Cidr } && phrase.After(only) is { Concept: Concept.Method } method) return method;
            if (before is { Kind: TokenKind.Cidr or TokenKind.HeaderName }) continue;
            if (new[] { next, before }.FirstOrDefault(t => t is { Concept: Concept.Method } or { Kind: TokenKind.Path }) is { } beside) return beside;
        }
        return null;
    }
}
