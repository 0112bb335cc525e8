using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Routes;

namespace PolicyEngine.Planning.Clauses;

/// <summary>What becomes of a route that stands and is named: "the titles route takes /catalogue as well", "on the titles route, rewrite the prefix to /t".</summary>
internal static class RouteAltering
{
    public static bool Is(IReadOnlyList<Token> tokens)
    {
        if (Noun(tokens) is not { } noun || tokens.HasAny(Concept.Redirect, Concept.InsteadOf, Concept.Timeout, Concept.Retry, Concept.Limit, Concept.Deny, Concept.Mirror, Concept.Delay, Concept.Abort, Concept.Header, Concept.Only, Concept.Not, Concept.Without)
            || tokens.Has(TokenKind.Percent) || tokens.Has(TokenKind.Rate) || tokens.Has(TokenKind.Duration) || tokens.Has(TokenKind.Version) || tokens.Has(TokenKind.HeaderName) || tokens.Has(TokenKind.Cidr) || tokens.Has(TokenKind.Number) || tokens.Has(TokenKind.Status)) return false;
        if (Strips(tokens) || Hosts(tokens, noun)) return true;
        return tokens.Has(TokenKind.Path) && !tokens.HasAny(Concept.Stop, Concept.Off) && (tokens.Has(Concept.Rewrite) || tokens.Has(Concept.Too) || Adds(tokens, noun) || tokens.HasAny(Concept.Send, Concept.Allow, Concept.Answer) && noun.Position < tokens.First(t => t.Kind == TokenKind.Path).Position && tokens.Count(t => t.Kind == TokenKind.Service) < 2);
    }

    public static void Apply(Phrase phrase, Draft draft)
    {
        if (Named(phrase, draft) is not { Spec: RouteSpec spec } route)
        {
            draft.Ask("standing", "Which route is to be changed?", draft.Of(Kinds.Route).Select(d => d.Name));
            return;
        }
        if (!phrase.Has(TokenKind.Path) && Noun(phrase.Tokens) is { } of && Hosts(phrase.Tokens, of))
        {
            Extend(phrase, draft, route, spec);
            return;
        }
        var besides = phrase.Has(Concept.Too) || phrase.Tokens.FirstOrDefault(t => !t.IsGlue)?.Concept == Concept.Set;
        var strips = Strips(phrase.Tokens);
        var aims = phrase.Tokens.Any(t => t.Kind == TokenKind.Path && phrase.PrepositionOf(t) is "to" or "onto" or "into" or "as" or "with" or "by");
        var rewrites = phrase.Take(Concept.Rewrite) || strips;
        phrase.Take(t => t.Value is "match" or "matches" or "listen" or "listens" or "know" or "knows");
        phrase.TakeAll(Concept.Route, Concept.Set, Concept.Send, Concept.Allow, Concept.Answer, Concept.Present, Concept.Request, Concept.Path, Concept.Too, Concept.Rewrite, Concept.Reach, Concept.Fully);
        if (strips) phrase.TakeAll(Concept.Stop);
        phrase.Take(t => t.Kind == TokenKind.Host && spec.Hosts.Contains(t.Value));
        var paths = phrase.TakeAll(TokenKind.Path).Select(p => Conditions.PathOf(p).Prefix!).Distinct(StringComparer.Ordinal).ToList();
        var now = paths.Where(p => !spec.Matches.Any(m => (m.Path?.Prefix ?? m.Path?.Exact) == p)).ToList();
        if (draft.Ends is not null) draft.Ask("until", "A route that changes for a while cannot be planned. Is it to change for good?");
        else if (rewrites)
        {
            var to = strips ? now.Count == 0 ? "/" : null : now is [var one] && paths[^1] == one && (paths.Count > 1 || aims) ? one : null;
            if (to is null || paths.Count > 2) draft.Ask("path", $"Route {route.Name} takes {Taken(spec)}. What is that rewritten to?");
            else draft.Put(route.With(spec with { Rewrite = new RewriteSpec { Prefix = to, Host = spec.Rewrite?.Host } }));
        }
        else if (now.Count == 0 || spec.Matches.IsEmpty) draft.Ask("path", $"Route {route.Name} takes that already. Which path is to be added?");
        else if (!besides) draft.Ask("path", $"Route {route.Name} takes {Taken(spec)}. Is it to take {string.Join(" and ", now)} as well, or instead?", ["as well", "instead"]);
        else if (spec.Matches.Select(m => m with { Path = null }).Distinct().Count() > 1) draft.Ask("path", $"Route {route.Name} takes several sorts of requests. Which of them are to come on {string.Join(" and ", now)} as well?");
        else draft.Put(route.With(spec with { Matches = [.. spec.Matches, .. now.Select(p => spec.Matches[0] with { Path = new() { Prefix = p } })] }));
    }

    /// <summary>"extend the orders route to *.example.com", "the orders route should cover www.example.com as well".</summary>
    private static bool Hosts(IReadOnlyList<Token> tokens, Token noun) => !tokens.Has(TokenKind.Path) && !tokens.HasAny(Concept.Stop, Concept.Off, Concept.Rewrite) && tokens.Count(t => t.Kind == TokenKind.Host) == 1
        && (tokens.Has(Concept.Too) || tokens.Any(IsExtending) || tokens.FirstOrDefault(t => !t.IsGlue) is { Concept: Concept.Set, Value: "add" or "append" or "include" or "attach" } && tokens.First(t => t.Kind == TokenKind.Host).Position < noun.Position);

    private static bool IsExtending(Token token) => token.Kind == TokenKind.Word && token.Value is "extend" or "extends" or "extended" or "widen" or "widened" or "broaden" or "stretch" or "expand";

    private static void Extend(Phrase phrase, Draft draft, Document route, RouteSpec spec)
    {
        var host = phrase.Take(TokenKind.Host)!;
        phrase.Take(t => IsExtending(t) || t.Value is "cover" or "covers" or "match" or "matches");
        phrase.TakeAll(Concept.Route, Concept.Set, Concept.Send, Concept.Allow, Concept.Answer, Concept.Present, Concept.Request, Concept.Too, Concept.Reach, Concept.Host, Concept.GatewayNoun);
        if (draft.Ends is not null) draft.Ask("until", "A route that changes for a while cannot be planned. Is it to change for good?");
        else if (!RouteClause.IsKnown(draft, host.Value)) draft.Ask("host", $"No gateway answers for {host.Text}. Which host?", draft.Catalog.Gateways.Values.SelectMany(g => g.Listeners).SelectMany(l => l.Hostnames).Distinct());
        else if (spec.Hosts.IsEmpty || spec.Hosts.Contains(host.Value)) draft.Ask("host", $"Route {route.Name} takes that already. Which host is to be added?");
        else draft.Put(route.With(spec with { Hosts = [.. spec.Hosts, host.Value] }));
    }

    private static string Taken(RouteSpec spec) => spec.Matches.IsEmpty ? "everything" : string.Join(" and ", spec.Matches.Select(m => m.Path?.Prefix ?? m.Path?.Exact ?? "every path"));

    /// <summary>"the titles route", "route titles": no "route" that is to be done or made.</summary>
    private static Token? Noun(IReadOnlyList<Token> tokens) => tokens.Where((t, i) => t.Kind == TokenKind.Document
        || t is { Concept: Concept.Route, Value: "route" } && tokens.ElementAtOrDefault(i - 1) is { IsEntity: true } or { Value: "the" or "our" or "this" } or { Kind: TokenKind.Word, Concept: Concept.None or Concept.Foreign, IsGuess: false }).FirstOrDefault();

    /// <summary>"add /catalogue to the titles route".</summary>
    private static bool Adds(IReadOnlyList<Token> tokens, Token noun) => tokens.FirstOrDefault(t => !t.IsGlue) is { Concept: Concept.Set, Value: "add" or "append" or "include" or "attach" } && tokens.Last(t => t.Kind == TokenKind.Path).Position < noun.Position;

    private static bool Strips(IReadOnlyList<Token> tokens) => tokens.Has(Concept.Stop) && tokens.Any(t => t is { Concept: Concept.Path, Value: "prefix" or "path prefix" }) && tokens.Count(t => t.Kind == TokenKind.Path) < 2;

    /// <summary>By its own name, or the only one that leads to the service.</summary>
    private static Document? Named(Phrase phrase, Draft draft)
    {
        if (phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Document) is { } document && draft.Find(Kinds.Route, document.Value) is { } called)
        {
            phrase.Mark(document);
            return called;
        }
        if (phrase.Free.FirstOrDefault(t => t is { Concept: Concept.Route, Value: "route" }) is not { } word) return null;
        var near = new[] { phrase.Before(word), phrase.After(word), phrase.After(word) is { Concept: Concept.Filler or Concept.Preposition } ? phrase.After(word, 2) : null, phrase.After(word, 3) }.OfType<Token>().Where(t => t is { Kind: TokenKind.Word, IsGuess: false, Concept: Concept.None or Concept.Foreign } or { Kind: TokenKind.Service, IsGuess: false }).ToList();
        foreach (var token in near)
        {
            var route = draft.Find(Kinds.Route, token.Text.ToLowerInvariant()) ?? (token.Kind != TokenKind.Service ? null : draft.Of(Kinds.Route).Where(d => d.Spec is RouteSpec { Backends: { IsEmpty: false } backends } && backends.All(b => b.Service == token.Value)).ToList() is [var only] ? only : null);
            if (route is null) continue;
            phrase.Mark(token);
            return route;
        }
        return OnGateway(phrase, draft);
    }

    /// <summary>"the partner route": of the routes of a gateway's hosts the one that takes a path, or leads to a service, that is named beside it.</summary>
    private static Document? OnGateway(Phrase phrase, Draft draft)
    {
        if (phrase.Free.FirstOrDefault(t => t is { Kind: TokenKind.Gateway, IsGuess: false }) is not { } gateway) return null;
        var hosts = draft.Catalog.Gateways[gateway.Value].Listeners.SelectMany(l => l.Hostnames).ToList();
        var paths = phrase.Free.Where(t => t.Kind == TokenKind.Path).Select(t => Conditions.PathOf(t).Prefix).ToList();
        var services = phrase.Free.Where(t => t is { Kind: TokenKind.Service, IsGuess: false }).ToList();
        if (draft.Of(Kinds.Route).Where(d => d.Spec is RouteSpec r && !r.Hosts.IsEmpty && r.Hosts.All(hosts.Contains) && services.TrueForAll(s => r.Backends.Any(b => b.Service == s.Value)) && (services.Count > 0 || r.Matches.Any(m => paths.Contains(m.Path?.Prefix ?? m.Path?.Exact)))).ToList() is not [var only]) return null;
        phrase.Mark(gateway);
        services.ForEach(phrase.Mark);
        return only;
    }
}
