using System.Collections.Immutable;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Phrases;

/// <summary>What a clause is laid over: the services, routes, gateways or fleets it names, and the requests it narrows itself to.</summary>
internal static class Scoping
{
    private static readonly Concept[] Nouns = [Concept.Request, Concept.Response, Concept.Path, Concept.Policy];

    /// <summary>The target, or null after a question was asked. What the clause does not name is what was spoken of before.</summary>
    public static Target? TargetOf(Phrase phrase, Draft draft, string about)
    {
        var matches = Matches(phrase);
        var named = Named(phrase, draft);
        if (named.Count > 1)
        {
            draft.Ask("target", $"{about}: for {string.Join(" or for ", named.Select(n => n.ToString()))}? Name one at a time.", named.Select(n => n.Name));
            return null;
        }
        var target = named.Count == 1 ? named[0] : Hosted(phrase, draft) ?? draft.Target;
        if (target is null)
        {
            draft.Ask("service", $"{about}: for which service?", draft.Catalog.Services.Keys);
            return null;
        }
        return target with { Matches = matches };
    }

    private static List<Target> Named(Phrase phrase, Draft draft)
    {
        var targets = new List<Target>();
        var routeWord = phrase.Tokens.FirstOrDefault(t => t.Is("route"));
        foreach (var token in phrase.Free.Where(t => t.Kind is TokenKind.Service or TokenKind.Gateway or TokenKind.Fleet).ToList())
        {
            phrase.Mark(token);
            if (token.IsGuess) draft.Ask($"name:{token.Text}", $"There is no '{token.Text}'. Did you mean {token.Value}?", [token.Value]);
            var isRoute = routeWord is not null && (ReferenceEquals(phrase.After(routeWord), token) || ReferenceEquals(phrase.Before(routeWord), token));
            if (isRoute && draft.Find(Kinds.Route, token.Value) is not null)
            {
                phrase.Mark(routeWord!);
                targets.Add(Target.OfRoute(token.Value));
            }
            else targets.Add(token.Kind switch
            {
                TokenKind.Gateway => Target.OfGateway(token.Value),
                TokenKind.Fleet => Target.OfFleet(token.Value),
                _ => Target.OfService(token.Value),
            });
        }
        foreach (var token in phrase.Free.Where(t => t.Is("gateway") || t.Is("fleet") || t.Is("edge")).ToList())
        {
            phrase.Mark(token);
            if (targets.Count == 0 && token.Is("gateway") && draft.Catalog.Gateways is { Count: 1 } only) targets.Add(Target.OfGateway(only.Keys.First()));
        }
        return [.. targets.DistinctBy(t => t.ToString())];
    }

    /// <summary>A host that one gateway answers for.</summary>
    private static Target? Hosted(Phrase phrase, Draft draft)
    {
        if (phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Host) is not { } host) return null;
        var gateways = draft.Catalog.Gateways.Where(g => g.Value.Listeners.Any(l => l.Hostnames.Contains(host.Value))).ToList();
        if (gateways.Count != 1) return null;
        phrase.Mark(host);
        return Target.OfGateway(gateways[0].Key);
    }

    /// <summary>"with header x-beta: true", "for POST requests", "on /checkout/pay": one match, all conditions together.</summary>
    private static ImmutableArray<RequestMatch> Matches(Phrase phrase)
    {
        var headers = HeaderConditions(phrase);
        var methods = phrase.Free.Where(t => t.Concept == Concept.Method && t.Text == t.Text.ToUpperInvariant()).ToList();
        methods.ForEach(phrase.Mark);
        var path = phrase.Take(TokenKind.Path);
        phrase.TakeAll(Nouns);
        if (headers.Count == 0 && methods.Count == 0 && path is null) return [];
        return
        [
            new RequestMatch
            {
                Headers = [.. headers],
                Methods = [.. methods.Select(m => m.Text)],
                Path = path is null ? null : path.Value.EndsWith("/*", StringComparison.Ordinal) ? new PathSpec { Prefix = path.Value[..^2] is { Length: > 0 } p ? p : "/" } : new PathSpec { Prefix = path.Value },
            },
        ];
    }

    /// <summary>Header conditions: a name that is written as one (x-…), or follows the word header, with an optional value.</summary>
    public static List<NamedSpec> HeaderConditions(Phrase phrase)
    {
        var conditions = new List<NamedSpec>();
        foreach (var name in phrase.Free.Where(t => IsHeaderName(t, phrase)).ToList())
        {
            phrase.Mark(name);
            if (phrase.Before(name) is { Concept: Concept.Header } word) phrase.Mark(word);
            if (phrase.After(name) is { Concept: Concept.Header } behind) phrase.Mark(behind);
            conditions.Add(Value(phrase, name) is { } value ? new NamedSpec { Name = name.Text.ToLowerInvariant(), Exact = value } : new NamedSpec { Name = name.Text.ToLowerInvariant(), Present = true });
        }
        phrase.TakeAll(Concept.Present);
        return conditions;
    }

    public static bool IsHeaderName(Token token, Phrase phrase) =>
        token.Kind == TokenKind.HeaderName
        || token.Kind is TokenKind.Word && token.Concept == Concept.None && phrase.Before(token) is { Concept: Concept.Header }
        || token.Kind == TokenKind.Quoted && phrase.Before(token) is { Concept: Concept.Header };

    /// <summary>What stands behind a name and a sign: "x-env: prod", "x-env = prod", "x-env to prod", "x-env is prod".</summary>
    public static string? Value(Phrase phrase, Token name)
    {
        var sign = phrase.After(name);
        if (sign is null || !(sign.Text is ":" or "=" || sign.Is("is") || sign.Is("equals") || sign.Is("to") || sign.Is("as"))) return null;
        var value = phrase.After(sign);
        if (value is null || value.Kind == TokenKind.Punctuation) return null;
        phrase.Mark(sign);
        phrase.Mark(value);
        return value.Kind == TokenKind.Quoted ? value.Value : value.Text;
    }

    /// <summary>"for the next two hours", "until 2026-12-01": when the policy ends; null where it does not say.</summary>
    public static DateTimeOffset? Until(Phrase phrase, Draft draft)
    {
        if (phrase.Take(TokenKind.Time) is { } time)
        {
            phrase.TakeAll(Concept.Until);
            return time.Time;
        }
        var span = phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Duration && t.Duration >= TimeSpan.FromMinutes(1)
            && (phrase.PrepositionOf(t) is "for" || phrase.Before(t)?.Is("next") == true));
        if (span is null) return null;
        phrase.Mark(span);
        if (phrase.Before(span) is { } next && next.Is("next")) phrase.Mark(next);
        return draft.Now + span.Duration;
    }
}
