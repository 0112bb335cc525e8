using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Catalog;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Phrases;

/// <summary>What a clause is laid over: the service, route, gateway or fleet it names, and the requests it narrows itself to.</summary>
internal static class Scoping
{
    /// <summary>The target, or null after a question was asked. What the clause does not name is what was spoken of before.</summary>
    public static Target? TargetOf(Phrase phrase, Draft draft, string about, IReadOnlyList<Token>? paths = null)
    {
        var said = paths ?? [.. phrase.Free.Where(t => t.Kind == TokenKind.Path)];
        var matches = Conditions.Of(phrase);
        phrase.TakeAll(Concept.Request, Concept.Policy);
        if (phrase.Take(t => t.Kind == TokenKind.Document) is { } named)
        {
            if (draft.Named(named.Value).ToList() is [{ Spec: RouteSpec }])
            {
                phrase.Take(t => t.Value is "route" or "routes");
                return Target.OfRoute(named.Value) with { Matches = matches };
            }
            if (draft.Named(named.Value).ToList() is [{ Spec: TargetedSpec spec } document])
            {
                draft.Focus = document;
                if (phrase.Free.FirstOrDefault(t => t.IsEntity && t.Value == spec.Target.Name) is { } again) phrase.Mark(again);
                return matches.IsEmpty ? spec.Target : spec.Target with { Matches = matches };
            }
            draft.Ask("standing", $"Several policies are called '{named.Text}'. Which?", draft.Named(named.Value).Select(d => d.Id));
            return null;
        }
        var targets = Entities(phrase, draft);
        // "the play time-out", where play is a route and nothing else.
        if (targets.Count == 0 && phrase.Free.Where(t => t is { Kind: TokenKind.Word, Concept: Concept.None or Concept.Foreign, IsGuess: false } && draft.Find(Kinds.Route, t.Value) is not null).ToList() is [var route])
        {
            phrase.Mark(route);
            targets.Add(Target.OfRoute(route.Value));
        }
        if (targets is [var one, var other] && (OnGateway(one, other, draft) ?? OnGateway(other, one, draft)) is { } through) targets = [through];
        if (targets.Count > 1)
        {
            draft.Ask("target", $"{about}: for {string.Join(" or for ", targets.Select(n => n.ToString()))}? Name one at a time.", targets.Select(n => n.Name));
            return null;
        }
        var target = targets.Count == 1 ? targets[0] : Hosted(phrase, draft, out var asked) is { } hosted ? hosted : asked ? null : Routed(said, draft) ?? draft.Target;
        if (targets.Count == 1 && target is { Service: { } service } && phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Host) is { } host && draft.Of(Kinds.Route).Where(d => d.Spec is RouteSpec r && r.Backends.Any(b => b.Service == service)).ToList() is { Count: > 0 } routes && routes.TrueForAll(d => ((RouteSpec)d.Spec).Hosts is [var only] && only == host.Value))
            phrase.Mark(host);
        else if (target is { Service: not null } && targets.Count == 1 && RouteOn(phrase, draft, target.Service) is { } ofHost)
            target = Target.OfRoute(ofHost.Name);
        if (target is null)
        {
            if (draft.Questions.Count == 0 || !draft.Questions.Any(q => q.Id is "service" or "host")) draft.Ask("service", $"{about}: for which service?", draft.Catalog.Services.Keys);
            return null;
        }
        return target with { Matches = matches };
    }

    /// <summary>"on partners.example.com, payments …": of several routes that lead to it, the one for that host alone.</summary>
    private static Document? RouteOn(Phrase phrase, Draft draft, string service)
    {
        if (phrase.Free.Where(t => t.Kind == TokenKind.Host).ToList() is not [var host] || phrase.Tokens.Any(t => t.Kind is TokenKind.Version or TokenKind.Percent || t.Concept is Concept.Canary or Concept.Newer)) return null;
        var routes = draft.Of(Kinds.Route).Where(d => d.Spec is RouteSpec r && (r.Hosts.IsEmpty || r.Hosts.Contains(host.Value)) && r.Backends.Any(b => b.Service == service)).ToList();
        if (routes is not [{ Spec: RouteSpec { Hosts.Length: 1 } only }] || !only.Backends.All(b => b.Service == service)) return null;
        phrase.Mark(host);
        return routes[0];
    }

    /// <summary>"payments via the partners gateway": the one route of that gateway's hosts that leads to it, and to nothing else.</summary>
    private static Target? OnGateway(Target service, Target gateway, Draft draft)
    {
        if (service.Scope != Scope.Service || gateway.Scope != Scope.Gateway) return null;
        var hosts = draft.Catalog.Gateways[gateway.Name].Listeners.SelectMany(l => l.Hostnames).ToList();
        return draft.Of(Kinds.Route).Where(d => d.Spec is RouteSpec r && r.Backends.Any(b => b.Service == service.Name) && (r.Gateways.Contains(gateway.Name) || r.Gateways.IsEmpty && (r.Hosts.IsEmpty || r.Hosts.Any(hosts.Contains)))).ToList() is [{ Spec: RouteSpec only } route]
            && only.Backends.All(b => b.Service == service.Name) && (only.Gateways.Length == 1 || !only.Hosts.IsEmpty && only.Hosts.All(hosts.Contains)) ? Target.OfRoute(route.Name) : null;
    }

    /// <summary>What is below the path of a route is of the service behind it, where that is one; not what any route would take.</summary>
    public static Target? Routed(IReadOnlyList<Token> paths, Draft draft)
    {
        var services = paths.Select(p => Conditions.PathOf(p).Prefix).OfType<string>().Select(path => draft.Of(Kinds.Route).Select(d => d.Spec).OfType<RouteSpec>()
            .SelectMany(r => r.Matches.Select(m => (Route: r, Prefix: m.Path?.Prefix ?? m.Path?.Exact)))
            .Where(r => r.Prefix is { Length: > 1 } prefix && (path == prefix || path.StartsWith(prefix + "/", StringComparison.Ordinal)))
            .GroupBy(r => r.Prefix!.Length).OrderByDescending(g => g.Key).FirstOrDefault()?.SelectMany(r => r.Route.Backends.Select(b => b.Service)).Distinct().ToList()).ToList();
        return services.Count > 0 && services.TrueForAll(s => s is [_]) && services.Select(s => s![0]).Distinct().ToList() is [var only] ? Target.OfService(only) : null;
    }

    private static List<Target> Entities(Phrase phrase, Draft draft)
    {
        var targets = new List<Target>();
        var routeWord = phrase.Free.FirstOrDefault(t => t.Value is "route" or "routes");
        foreach (var token in phrase.Free.Where(t => t.Kind is TokenKind.Service or TokenKind.Gateway or TokenKind.Fleet).ToList())
        {
            phrase.Mark(token);
            AskForGuess(token, draft);
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
        foreach (var at in phrase.Free.Where(t => t.Concept is Concept.GatewayNoun or Concept.FleetNoun).ToList())
        {
            var beside = new[] { phrase.Before(at), phrase.Before(at) is { Value: "the" } ? phrase.Before(at, 2) : null, phrase.After(at), phrase.After(at, 2) }.Any(t => t is { Kind: TokenKind.Gateway or TokenKind.Fleet });
            if (beside || targets.Count == 0 && (at.Concept == Concept.GatewayNoun ? draft.Catalog.Gateways.Count : draft.Catalog.Fleets.Count) == 1) phrase.Mark(at);
        }
        phrase.TakeAll(Concept.ServiceNoun);
        if (targets.Count == 0 && phrase.Tokens.FirstOrDefault(t => t.Concept is Concept.GatewayNoun or Concept.FleetNoun && phrase.IsTaken(t)) is { } noun)
            targets.Add(noun.Concept == Concept.GatewayNoun ? Target.OfGateway(draft.Catalog.Gateways.Keys.First()) : Target.OfFleet(draft.Catalog.Fleets.Keys.First()));
        else if (targets.Count == 0 && phrase.Take(t => t.Concept is Concept.GatewayNoun or Concept.FleetNoun) is { } one)
            draft.Ask("service", one.Concept == Concept.GatewayNoun ? "Which gateway?" : "Which fleet?", one.Concept == Concept.GatewayNoun ? draft.Catalog.Gateways.Keys : draft.Catalog.Fleets.Keys);
        return [.. targets.DistinctBy(t => t.ToString())];
    }

    public static void AskForGuess(Token token, Draft draft)
    {
        if (token.IsGuess) draft.Ask($"name:{token.Text}", $"There is no '{token.Text}'. Did you mean {token.Value}?", [token.Value]);
    }

    /// <summary>A host: the gateway, where that answers for nothing else; the route, where there is one for it alone.</summary>
    private static Target? Hosted(Phrase phrase, Draft draft, out bool asked)
    {
        asked = false;
        if (phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Host) is not { } host) return null;
        var routes = draft.Of(Kinds.Route).Where(d => d.Spec is RouteSpec r && r.Hosts.Contains(host.Value)).ToList();
        var gateways = draft.Catalog.Gateways.Where(g => g.Value.Listeners.Any(l => l.Hostnames.Contains(host.Value))).ToList();
        if (gateways.Count == 0 && routes.Count == 0) return null;
        phrase.Mark(host);
        phrase.TakeAll(Concept.Host);
        if (gateways.Count == 1 && IsOwn(gateways[0].Value, host.Value)) return Target.OfGateway(gateways[0].Key);
        if (routes.Count == 1) return Target.OfRoute(routes[0].Name);
        asked = true;
        draft.Ask("host", $"{host.Value} is only a part of what {string.Join(" and ", gateways.Select(g => "gateway " + g.Key))} answers for. For the whole gateway, or for which route or service?", [.. gateways.Select(g => g.Key), .. routes.Select(r => "route " + r.Name)]);
        return null;
    }

    private static bool IsOwn(GatewaySpec gateway, string host) => gateway.Listeners.SelectMany(l => l.Hostnames).All(h => h == host || h == "*." + host);
}
