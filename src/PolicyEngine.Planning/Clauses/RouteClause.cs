using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"route /returns to orders", "redirect /old to /new", "answer /health with 200 'ok'", "shop.example.com/cart goes to cart".</summary>
internal sealed class RouteClause : IClause
{
    public Kind Kind => Kinds.Route;

    public int Recognises(IReadOnlyList<Token> tokens)
    {
        if (tokens.Has(Concept.Redirect)) return 70;
        if (RouteAltering.Is(tokens) && !Moves(tokens)) return 61;
        if (!tokens.Has(TokenKind.Path) && tokens.Has(Concept.Route) && tokens.HasAny(Concept.Stop, Concept.Off) && tokens.Has(TokenKind.Service) && !tokens.Has(TokenKind.Version) && !tokens.HasAny(Concept.Timeout, Concept.Retry, Concept.Limit, Concept.Mirror, Concept.Delay, Concept.Abort, Concept.Header, Concept.Canary, Concept.Deny, Concept.Allow, Concept.Send, Concept.Failing) && !tokens.Has(TokenKind.HeaderName)) return 50;
        if (TakesHost(tokens)) return 57;
        if (!tokens.Has(TokenKind.Path)) return tokens.Has(Concept.Route) && tokens.Has(TokenKind.Host) && tokens.Has(TokenKind.Service) && !tokens.Has(TokenKind.Percent) ? 40 : 0;
        // "/live/manifest has to answer within 1s": by when, and not with what.
        var timed = tokens.Has(TokenKind.Duration) && tokens.Any(t => t.Value is "within" || t.Concept == Concept.AtMost) && !tokens.Any(t => t.Kind is TokenKind.Number or TokenKind.Quoted or TokenKind.Status);
        if (tokens.Has(Concept.Answer) && !timed && !Serves(tokens) && !tokens.Has(TokenKind.Percent)) return 70;
        if (Serves(tokens) && !tokens.Has(TokenKind.Percent) && !tokens.Has(TokenKind.Duration)) return 59;
        if (Answers(tokens)) return 59;
        if ((tokens.Has(TokenKind.Host) || tokens.Has(TokenKind.Gateway)) && tokens.Has(TokenKind.Service) && Exposes(tokens) && !tokens.Has(TokenKind.Percent) && !tokens.Has(TokenKind.Duration) && !tokens.Has(TokenKind.Rate) && !tokens.Has(TokenKind.Cidr) && !tokens.HasAny(Concept.Deny, Concept.Timeout, Concept.Retry, Concept.Limit, Concept.Mirror, Concept.Redirect, Concept.Only, Concept.Stop)) return 59;
        var other = tokens.Has(TokenKind.Percent) || tokens.Has(TokenKind.Rate) || tokens.HasAny(Concept.Deny, Concept.Allow, Concept.Limit, Concept.Timeout, Concept.Retry, Concept.Mirror, Concept.Delay, Concept.Abort, Concept.Header, Concept.Cookie, Concept.Query, Concept.Only, Concept.PerTry) || tokens.Has(TokenKind.HeaderName);
        if (Strips(tokens)) return 60;
        if (Moves(tokens)) return 59;
        if (tokens.Has(Concept.Rewrite) && tokens.Count(t => t.Kind == TokenKind.Path) == 2) return 60;
        var routes = tokens.HasAny(Concept.Route, Concept.Send) || tokens.Any(t => t.Value == "to" && t.Concept == Concept.Preposition);
        if (tokens.HasAny(Concept.Stop, Concept.Off) && !other && (tokens.Has(Concept.Route) || tokens.Has(TokenKind.Host) && !tokens.Has(TokenKind.Service) && tokens.Any(t => t.Concept == Concept.Send && t.Value.StartsWith("serv", StringComparison.Ordinal)))) return 50;
        // "send uploads requests under /big to v2" splits what a service gets.
        if (tokens.Has(TokenKind.Version) && !tokens.SkipWhile(t => t.Kind != TokenKind.Path).Any(t => t.Kind == TokenKind.Service)) return 0;
        return routes && tokens.Has(TokenKind.Service) && !other && !tokens.Has(TokenKind.Duration) ? 58 : 0;
    }

    public void Apply(Phrase phrase, Draft draft)
    {
        if (RouteAltering.Is(phrase.Tokens) && !Moves(phrase.Tokens))
        {
            RouteAltering.Apply(phrase, draft);
            return;
        }
        if (IsWithin(phrase, draft))
        {
            new SplitClause().Apply(phrase, draft);
            return;
        }
        if (Moves(phrase.Tokens) && phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Path && (phrase.PrepositionOf(t) is "from" || phrase.Tokens.First(o => o.Kind == TokenKind.Path) == t)) is { } old)
        {
            phrase.TakeAll(Concept.Send, Concept.Set, Concept.Route, Concept.Path, Concept.Request);
            Move(phrase, draft, old);
            return;
        }
        if (MovesTo(phrase, draft) is { } moved)
        {
            phrase.TakeAll(Concept.Send, Concept.Set, Concept.Route, Concept.Path, Concept.Request);
            Move(phrase, draft, moved);
            return;
        }
        var strips = Strips(phrase.Tokens);
        if (strips) phrase.TakeAll(Concept.Stop);
        var (redirect, answer, rewrite, removes) = (phrase.Has(Concept.Redirect), phrase.Has(Concept.Answer) && !Serves(phrase.Tokens) || Answers(phrase.Tokens), phrase.Take(Concept.Rewrite) || strips, phrase.Has(Concept.Stop) || phrase.Has(Concept.Off));
        var (permanent, temporary) = (phrase.Take(Concept.Permanent), phrase.Take(Concept.Temporary));
        var exact = phrase.Tokens.Any(IsExact) || draft.IsExact;
        var below = phrase.Tokens.FirstOrDefault(t => t.Kind == TokenKind.Path) is { } first && IsAllBelow(first, phrase);
        if (answer && (phrase.Has(TokenKind.Host) || draft.Catalog.Gateways.Count == 1)) phrase.TakeAll(Concept.GatewayNoun);
        phrase.TakeAll(Concept.Redirect, Concept.Answer, Concept.Response, Concept.Send, Concept.Route, Concept.Set, Concept.Path, Concept.Request, Concept.Host, Concept.ServiceNoun, Concept.Fully, Concept.Stop, Concept.Off, Concept.Client, Concept.Instead);
        if (removes && !phrase.Has(TokenKind.Path))
        {
            Drop(phrase, draft);
            return;
        }
        if (Exposes(phrase.Tokens) && phrase.Has(TokenKind.Host)) phrase.TakeAll(Concept.Too, Concept.Reach, Concept.AtMost, Concept.Policy);
        if (Serves(phrase.Tokens)) phrase.TakeAll(Concept.Too, Concept.Reach);
        if (!redirect && !answer && !rewrite && phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Path && phrase.Governor(t)?.Concept == Concept.InsteadOf) is { } was && !phrase.Free.Any(t => t.Kind == TokenKind.Path && phrase.PrepositionOf(t) is "as"))
        {
            Move(phrase, draft, was);
            return;
        }
        var paths = phrase.TakeAll(TokenKind.Path);
        // "strip the prefix /a": what is left begins with nothing.
        if (strips) paths.Add(new Token(TokenKind.Path, "/", paths[0].End));
        var urls = phrase.TakeAll(TokenKind.Url);
        var methods = Conditions.Methods(phrase, capitalsOnly: true);
        var hosts = phrase.TakeAll(TokenKind.Host);
        // "available to partners": the host of that gateway, where it has one.
        if (hosts.Count == 0 && !redirect && phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Gateway) is { } gate && draft.Catalog.Gateways[gate.Value].Listeners.SelectMany(l => l.Hostnames).Distinct().ToList() is [var sole])
        {
            phrase.Mark(gate);
            phrase.TakeAll(Concept.GatewayNoun);
            hosts.Add(new Token(TokenKind.Host, sole, gate.Position) { End = gate.End });
        }
        // "…, with /fx turned into /rates": the path that was named is named once more.
        if (rewrite && paths.Count == 3 && paths[1].Value == paths[0].Value) paths.RemoveAt(1);
        rewrite |= !redirect && !answer && paths.Count == 2 && phrase.Has(TokenKind.Service) && Becomes(phrase, paths[1]);
        // "expose it to partners at partners.example.com": who that host is for.
        if (hosts is [var reached]) phrase.Take(t => t.Kind == TokenKind.Gateway && draft.Catalog.Gateways[t.Value].Listeners.Any(l => l.Hostnames.Contains(reached.Value)));
        var status = phrase.Take(t => t.Kind == TokenKind.Number && t.Number is >= 200 and <= 599);
        if (urls.Count > 0 || hosts.Count > (redirect ? 2 : 1))
        {
            draft.Refuse($"The catalog does not know {(urls.FirstOrDefault() ?? hosts[0]).Text}; nobody is sent there.");
            return;
        }
        if (hosts.Find(h => !IsKnown(draft, h.Value)) is { } unknown)
        {
            if (redirect) draft.Refuse($"The catalog does not know {unknown.Text}; nobody is sent there.");
            else draft.Ask("host", $"No gateway answers for {unknown.Text}. Which host?", draft.Catalog.Gateways.Values.SelectMany(g => g.Listeners).SelectMany(l => l.Hostnames).Distinct());
            return;
        }
        var to = redirect && hosts.Count > 0 && phrase.PrepositionOf(hosts[^1]) is "to" or "onto" && hosts.Count + paths.Count > 1 ? hosts[^1] : null;
        var from = hosts.Find(h => !ReferenceEquals(h, to));
        // "redirect to example.com/b" says only where to.
        var match = paths.Count == 0 || to is not null && paths.Count == 1 && paths[0].Position > to.Position ? null : paths[0];
        if (match is null && (from is null || to is null && redirect))
        {
            draft.Ask("path", redirect ? "Which path is redirected, and where to?" : "Which path?");
            return;
        }
        var target = paths.Skip(match is null ? 0 : 1).ToList();
        if (target.Exists(t => t.Value.Contains('*')))
        {
            draft.Ask("path", $"{target.Find(t => t.Value.Contains('*'))!.Text} is a pattern, and a redirect or rewrite goes to one path. To which?");
            return;
        }
        var path = match is null ? null : (answer && !below) || exact ? new PathSpec { Exact = match.Value } : Conditions.PathOf(match);
        var spec = new RouteSpec
        {
            Hosts = from is null ? [] : [from.Value],
            Matches = path is null && methods.Count == 0 ? [] : [new RequestMatch { Path = path, Methods = [.. methods] }],
        };
        // "answer /a and /b with 410": each of them.
        if (answer && !redirect && target.Count > 0)
        {
            spec = spec with { Matches = [.. paths.Select(p => new RequestMatch { Path = !below || exact ? new PathSpec { Exact = p.Value } : Conditions.PathOf(p), Methods = [.. methods] })] };
            target = [];
        }
        if (TakesHost(phrase.Tokens) && from is not null && draft.Of(Kind).Any(d => d.Spec is RouteSpec r && r.Hosts.Contains(from.Value)))
        {
            draft.Ask("path", $"Routes for {from.Text} stand already. Which path?");
            return;
        }
        // "/find and /lookup go to search": each of them.
        if (!redirect && !answer && !rewrite && !removes && target.Count > 0 && phrase.Has(TokenKind.Service) && AreListed(phrase, paths) && paths.TrueForAll(p => Standing(draft, spec with { Matches = [new RequestMatch { Path = Conditions.PathOf(p), Methods = [.. methods] }] }, from?.Value) is null))
        {
            phrase.TakeOr();
            spec = spec with { Matches = [.. paths.Select(p => new RequestMatch { Path = exact ? new PathSpec { Exact = p.Value } : Conditions.PathOf(p), Methods = [.. methods] })] };
            target = [];
        }
        var standing = spec.Matches.Length > 1 ? null : Standing(draft, spec, from?.Value);
        if (removes && !redirect && !answer || removes && standing?.Spec is RouteSpec { Redirect: not null } or RouteSpec { DirectResponse: not null })
        {
            var gone = target.Select(p => Standing(draft, spec with { Matches = [new RequestMatch { Path = Conditions.PathOf(p), Methods = [.. methods] }] }, from?.Value)).Prepend(standing).ToList();
            if (gone.Contains(null)) draft.Ask("standing", $"No route takes {string.Join(" or ", paths.Where((_, i) => gone[i] is null).Select(p => p.Text).DefaultIfEmpty(from?.Text))}. Which is to go?", draft.Of(Kind).Select(d => d.Name));
            else gone.ForEach(d => draft.Remove(d!));
            return;
        }
        // "api.example.com/a should be rewritten to /b": whoever serves it goes on.
        if (rewrite && !strips && target.Count == 1 && !phrase.Has(TokenKind.Service) && standing?.Spec is RouteSpec { Backends.IsEmpty: false } served && draft.Ends is null)
        {
            draft.Put(standing.With(served with { Rewrite = new RewriteSpec { Prefix = target[0].Value, Host = served.Rewrite?.Host } }));
            return;
        }
        if (Filled(spec, phrase, draft, (redirect, answer, rewrite), (match?.Text ?? from!.Text, target, to?.Value), status, permanent, temporary) is not { } full) return;
        // "live should answer under /channels too": where it answers already, and nowhere else.
        if (full.Hosts.IsEmpty && full.Gateways.IsEmpty && standing is null && full.Backends is [var besides] && phrase.Tokens.Any(t => t.Concept == Concept.Too || t.Value is "also") && draft.Of(Kind).Select(d => d.Spec).OfType<RouteSpec>().Where(r => r.Backends.Any(b => b.Service == besides.Service)).ToList() is [var known])
            full = full with { Hosts = known.Hosts, Gateways = known.Gateways };
        var stem = string.Concat((match?.Value ?? from!.Value).Trim('/').ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        if (standing is not null && draft.Ends is not null && standing.Metadata.ExpiresAt is null)
            draft.Put(Document.Of(Free(draft, stem + "-for-now"), full with { Hosts = ((RouteSpec)standing.Spec).Hosts, Gateways = ((RouteSpec)standing.Spec).Gateways, Priority = ((RouteSpec)standing.Spec).Priority + 1 }));
        else
            draft.Put(standing is null ? Document.Of(Free(draft, stem.Length is 0 or > 50 ? "root" : stem), full) : standing.With(full with { Hosts = ((RouteSpec)standing.Spec).Hosts, Gateways = ((RouteSpec)standing.Spec).Gateways }));
    }

    /// <summary>"make kyc available at partners.bank.test/v1/kyc", "expose orders v2 at …/beta": a service, and where it is to be found.</summary>
    private static bool Exposes(IReadOnlyList<Token> tokens) => (tokens.Has(TokenKind.Path) && tokens.All(t => t.IsGlue || t.Kind is TokenKind.Service or TokenKind.Host or TokenKind.Path || t.Concept == Concept.Too) || tokens.Any(t => t.Value is "available" or "be found" or "found" or "reachable" or "accessible" or "exposed" or "expose" or "publish" or "published" or "mount" or "mounted" or "serve" or "served" or "serves" or "offer" or "offered" or "live" or "show" or "put" or "hang" or "map" or "bind")) && tokens.Count(t => t.Kind == TokenKind.Service) == 1
        && tokens.Where((t, i) => t.Kind is TokenKind.Path or TokenKind.Host && tokens.Take(i).LastOrDefault(b => b.Concept is not (Concept.Filler or Concept.Path or Concept.Host)) is { Value: "at" or "under" or "on" or "below" or "via" or "through" or "beneath" or "as" or "behind" }).Any();

    /// <summary>"everything on *.example.com goes to the storefront": a host, a service, and nothing that narrows or is done besides.</summary>
    private static bool TakesHost(IReadOnlyList<Token> tokens) => tokens.Count(t => t.Kind == TokenKind.Host) == 1 && tokens.Count(t => t.Kind == TokenKind.Service) == 1 && (tokens.Has(Concept.Send) || tokens.Has(Concept.Fully) || tokens.Any(t => t.Value is "to" or "whatever"))
        && tokens.All(t => t.IsGlue || t.Kind is TokenKind.Host or TokenKind.Service || t.Concept is Concept.Send or Concept.Fully or Concept.Request or Concept.ServiceNoun or Concept.Route or Concept.Host or Concept.Set or Concept.Too or Concept.Reach);

    /// <summary>"strip the prefix /checkout before it reaches checkout".</summary>
    private static bool Strips(IReadOnlyList<Token> tokens) => tokens.Has(Concept.Stop) && tokens.Any(t => t is { Concept: Concept.Path, Value: "prefix" or "path prefix" }) && tokens.Count(t => t.Kind == TokenKind.Path) == 1 && !tokens.Has(TokenKind.HeaderName);

    /// <summary>"move search from /search to /find", "rename the path /orders to /my-orders".</summary>
    private static bool Moves(IReadOnlyList<Token> tokens)
    {
        var paths = tokens.Select((t, i) => (Token: t, At: i)).Where(t => t.Token.Kind == TokenKind.Path).ToList();
        if (paths.Count != 2 || tokens.HasAny(Concept.Redirect, Concept.Rewrite, Concept.Answer) || tokens.Has(TokenKind.Percent) || tokens.Has(TokenKind.Version)) return false;
        string? Before(int at) => tokens.Take(at).LastOrDefault(t => t.Concept is not (Concept.Filler or Concept.Path) && t.Kind != TokenKind.Host)?.Value;
        var verb = tokens.Any(t => t.Value is "move" or "moves" or "moved" or "rename" or "renames" or "relocate" or "change" or "shift" or "migrate");
        return verb && Before(paths[1].At) is "to" or "onto" && (Before(paths[0].At) is "from" || tokens.Any(t => t.Value is "rename" or "renames"));
    }

    /// <summary>"orders moves to /purchases": from the one path on which it is found; null where it is found on several, or on none.</summary>
    private static Token? MovesTo(Phrase phrase, Draft draft)
    {
        if (!phrase.Tokens.Any(t => t.Value is "moves" or "move" or "moved" or "relocates" or "relocate") || phrase.Tokens.Where(t => t.Kind == TokenKind.Path).ToList() is not [var path] || phrase.PrepositionOf(path) is not ("to" or "onto" or "under") || phrase.Tokens.Where(t => t.Kind == TokenKind.Service).ToList() is not [{ IsGuess: false } service]
            || phrase.Has(TokenKind.Host) || phrase.Has(TokenKind.Version) || phrase.Has(Concept.Method) || phrase.Has(Concept.Request) || service.Position > path.Position) return null;
        return draft.Of(Kinds.Route).Select(d => d.Spec).OfType<RouteSpec>().Where(r => r.Backends.Any(b => b.Service == service.Value)).ToList() is [{ Matches: [{ Path: { } was }] }] && (was.Prefix ?? was.Exact) is { } old && old != path.Value ? new Token(TokenKind.Path, old, service.Position) : null;
    }

    /// <summary>"orders should also answer at /exchange": a service, where it is to be found, and no status.</summary>
    private static bool Serves(IReadOnlyList<Token> tokens) => tokens.Has(TokenKind.Service) && tokens.Has(TokenKind.Path) && !tokens.Has(TokenKind.Number) && !tokens.Has(TokenKind.Cidr) && !tokens.Has(TokenKind.HeaderName) && !tokens.Has(Concept.Method) && (tokens.HasAny(Concept.Answer, Concept.Send, Concept.Too) || tokens.Any(t => t.Value is "reachable" or "available" or "accessible" or "be found" or "found")) && tokens.Where((t, i) => t.Kind is TokenKind.Path or TokenKind.Host && tokens.Take(i).LastOrDefault(b => b.Concept is not (Concept.Filler or Concept.Path)) is { Value: "at" or "under" }).Any()
        && !tokens.HasAny(Concept.Timeout, Concept.Retry, Concept.Limit, Concept.Mirror, Concept.Deny, Concept.Allow, Concept.Redirect, Concept.Only, Concept.Stop) && !tokens.Has(TokenKind.Version) && !tokens.Has(TokenKind.Rate);

    /// <summary>"requests under /orders/beta go to orders v2", where a route takes /orders to orders: a part of what the service gets, and no route of its own.</summary>
    private static bool IsWithin(Phrase phrase, Draft draft) => phrase.Tokens.Count(t => t.Kind == TokenKind.Version) == 1 && phrase.Tokens.Where(t => t.Kind == TokenKind.Path).ToList() is [var path] && phrase.Tokens.Where(t => t.Kind == TokenKind.Service).ToList() is [{ IsGuess: false } service]
        && !phrase.Has(TokenKind.Host) && !phrase.Has(Concept.Redirect) && !phrase.Has(Concept.Answer) && !phrase.Has(Concept.Rewrite) && !phrase.Has(Concept.Stop) && !phrase.Tokens.Any(IsExact) && !phrase.Has(Concept.InsteadOf)
        // "/watch/trailers on the player": some of what the player gets, whatever leads there.
        && (Scoping.Routed([path], draft)?.Service == service.Value || phrase.PrepositionOf(service) is "on" or "of" or "in" && service.Position < phrase.Tokens.First(t => t.Kind == TokenKind.Version).Position) && !draft.Of(Kinds.Route).Any(d => d.Spec is RouteSpec r && r.Matches.Any(m => m.Path is { } p && (p.Prefix ?? p.Exact) == Conditions.PrefixOf(path)));

    /// <summary>"everything under /gifts", "/gifts/*", "/gifts and everything below": not that one path alone.</summary>
    private static bool IsAllBelow(Token path, Phrase phrase)
    {
        if (path.Value.EndsWith('*') || phrase.Governor(path) is { Concept: Concept.Path, Value: "under path" }) return true;
        var all = phrase.Tokens.FirstOrDefault(t => t is { Concept: Concept.Fully, Value: "everything" or "anything" or "all of" or "all" });
        if (phrase.Tokens.FirstOrDefault(t => t.Value is "under" or "below" or "beneath" or "underneath") is { } under)
        {
            var before = phrase.Before(path);
            while (before is { Kind: TokenKind.Host } or { Concept: Concept.Filler or Concept.Path or Concept.Host } && !ReferenceEquals(before, under)) before = phrase.Before(before);
            if (!ReferenceEquals(before, under) && !(all is not null && all.Position > path.Position && all.Position < under.Position)) return false;
            phrase.Mark(under);
            if (phrase.After(under) is { Concept: Concept.It } it) phrase.Mark(it);
            return true;
        }
        // "all of /gifts", "everything that starts with /gifts".
        return all is not null && all.Position < path.Position && phrase.Tokens.Where(t => t.Position > all.Position && t.Position < path.Position).All(t => t.IsGlue || t.Kind == TokenKind.Host || t.Concept is Concept.Path or Concept.Host || t.Value is "starts" or "starting" or "begins" or "beginning");
    }

    /// <summary>"/fx goes to rates as /rates", "…; its prefix becomes /rates": what the path is turned into.</summary>
    private static bool Becomes(Phrase phrase, Token path)
    {
        var (before, steps) = (phrase.Before(path), 0);
        while (before is not null && steps++ < 3 && (before.Concept == Concept.Filler || before.Value is "becomes" or "become" or "becoming" or "is" or "as" or "to" || before.Text is ":" or "=")) before = phrase.Before(before);
        return phrase.PrepositionOf(path) is "as" || before is { Concept: Concept.Path, Value: "prefix" or "path prefix" };
    }

    /// <summary>"serve /robots.txt with a 404".</summary>
    private static bool Answers(IReadOnlyList<Token> tokens) => (tokens.Any(t => t.Concept == Concept.Send && t.Value is "serve" or "serves" or "served") || tokens.Has(TokenKind.Host) && !tokens.HasAny(Concept.Retry, Concept.Limit, Concept.Timeout, Concept.Delay, Concept.Abort, Concept.Failing)) && tokens.Count(t => t.Kind == TokenKind.Path) == 1 && tokens.Any(t => t.Kind == TokenKind.Number && t.Number is >= 200 and <= 599)
        && !tokens.Has(TokenKind.Service) && !tokens.Has(TokenKind.Version) && !tokens.Has(TokenKind.Percent) && !tokens.Has(TokenKind.Rate) && !tokens.Has(TokenKind.Duration);

    /// <summary>"drop the route of ads": the only one that leads there.</summary>
    private void Drop(Phrase phrase, Draft draft)
    {
        var names = phrase.TakeAll(TokenKind.Service);
        foreach (var name in names) Scoping.AskForGuess(name, draft);
        var gateway = phrase.Take(TokenKind.Gateway);
        if (gateway is not null) phrase.TakeAll(Concept.GatewayNoun);
        var host = phrase.Take(TokenKind.Host);
        var routes = draft.Of(Kind).Where(d => d.Spec is RouteSpec { Backends: { IsEmpty: false } backends } r && names.Count == 1 && backends.All(b => b.Service == names[0].Value) && (gateway is null || r.Gateways.Contains(gateway.Value) || !r.Hosts.IsEmpty && r.Hosts.All(h => draft.Catalog.Gateways[gateway.Value].Listeners.Any(l => l.Hostnames.Contains(h)))) && (host is null || r.Hosts.Contains(host.Value))).ToList();
        if (routes.Count == 1) draft.Remove(routes[0]);
        else draft.Ask("standing", routes.Count == 0 ? "No such route stands. Which is to go?" : "Which of these routes is to go?", (routes.Count == 0 ? draft.Of(Kind) : routes).Select(d => d.Name));
    }

    /// <summary>"orders should be served at /my-orders instead of /orders": the route that stands takes the other path, and keeps all else.</summary>
    private void Move(Phrase phrase, Draft draft, Token was)
    {
        if (phrase.Tokens.Contains(was) && phrase.Governor(was) is { } governor) phrase.Mark(governor);
        phrase.Mark(was);
        var named = phrase.Take(TokenKind.Document)?.Value;
        var names = phrase.TakeAll(TokenKind.Service);
        foreach (var name in names) Scoping.AskForGuess(name, draft);
        var host = phrase.Take(TokenKind.Host);
        var to = phrase.TakeAll(TokenKind.Path);
        var routes = draft.Of(Kind).Where(d => named is null || d.Name == named).Where(d => d.Spec is RouteSpec { Matches: [{ Path: { } path }] } r && (path.Prefix ?? path.Exact) == Conditions.PrefixOf(was) && names.TrueForAll(n => r.Backends.Any(b => b.Service == n.Value)) && (host is null || r.Hosts.IsEmpty || r.Hosts.Contains(host.Value))).ToList();
        if (to.Count != 1 || routes.Count != 1)
        {
            draft.Ask("path", to.Count != 1 ? $"Which path instead of {was.Text}?" : $"{(routes.Count == 0 ? "No route takes" : "Several routes take")} {was.Text}. Which is meant?", routes.Select(d => d.Name));
            return;
        }
        var spec = (RouteSpec)routes[0].Spec;
        if (draft.Ends is not null) draft.Ask("until", "A route that moves for a while cannot be planned. Is it to move for good?");
        else draft.Put(routes[0].With(spec with { Matches = [spec.Matches[0] with { Path = spec.Matches[0].Path!.Exact is null ? Conditions.PathOf(to[0]) : new PathSpec { Exact = to[0].Value } }] }));
    }

    /// <summary>The route with what it does in it; null after a question.</summary>
    private static RouteSpec? Filled(RouteSpec spec, Phrase phrase, Draft draft, (bool Redirect, bool Answer, bool Rewrite) does, (string Match, List<Token> Paths, string? Host) to, Token? status, bool permanent, bool temporary)
    {
        if (does.Redirect)
        {
            if (to.Paths.Count > 1 || to.Paths.Count == 0 && to.Host is null)
            {
                draft.Ask("path", $"Where is {to.Match} redirected to?");
                return null;
            }
            var code = status is { Number: 301 or 302 or 303 or 307 or 308 } s ? (int)s.Number : temporary ? 302 : permanent ? 301 : 301;
            return spec with { Redirect = new RedirectSpec { Host = to.Host, Path = to.Paths.Count == 1 ? to.Paths[0].Value : null, Status = code } };
        }
        if (does.Answer)
        {
            var quoted = phrase.Take(TokenKind.Quoted)?.Value;
            if (status is null)
            {
                draft.Ask("status", $"With which status is {to.Match} answered?", ["200", "404", "503"]);
                return null;
            }
            phrase.Take(t => t.Is("body") || t.Is("text"));
            return spec with { DirectResponse = new DirectResponseSpec { Status = (int)status.Number, Body = quoted ?? phrase.Take(t => t.Value is "ok")?.Text } };
        }
        var services = phrase.TakeAll(TokenKind.Service);
        if (services.Count > 1 || services.Count == 0 && draft.Target?.Service is null)
        {
            draft.Ask("service", $"Which service takes {to.Match}?", services.Count > 1 ? services.Select(t => t.Value) : draft.Catalog.Services.Keys);
            return null;
        }
        foreach (var service in services) Scoping.AskForGuess(service, draft);
        var name = services.Count == 1 ? services[0].Value : draft.Target!.Service!;
        var version = phrase.Take(TokenKind.Version);
        var word = phrase.Take(t => t.Concept is Concept.Newer or Concept.Older or Concept.Canary);
        if (version is not null) phrase.TakeAll(Concept.VersionNoun);
        var named = Versions.Named(draft, name, version, word);
        if (named is null && (version ?? word) is { } said)
        {
            draft.Ask($"name:{said.Text}", $"{name} has no version {said.Text}. Which of {string.Join(", ", Versions.Of(draft, name))}?", Versions.Of(draft, name));
            return null;
        }
        if (does.Rewrite ? to.Paths.Count != 1 : to.Paths.Count > 0)
        {
            draft.Ask("path", $"What of {string.Join(" and ", to.Paths.Select(p => p.Text))}: is that another path to route, or is the path rewritten to it?");
            return null;
        }
        return spec with { Backends = [new RouteBackend { Service = name, Version = named }], Rewrite = does.Rewrite ? new RewriteSpec { Prefix = to.Paths[0].Value } : null };
    }

    public static bool IsKnown(Draft draft, string host) => draft.Catalog.Gateways.Values.SelectMany(g => g.Listeners).SelectMany(l => l.Hostnames)
        .Any(h => h == host || h.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(h[1..], StringComparison.Ordinal)) || draft.Catalog.Gateways.Values.Any(g => g.Listeners.Any(l => l.Hostnames.IsEmpty));

    /// <summary>A route for these requests may stand already, under any name.</summary>
    private static Document? Standing(Draft draft, RouteSpec spec, string? host) => draft.Of(Kinds.Route).FirstOrDefault(d => d.Spec is RouteSpec r
        && (spec.Matches.IsEmpty ? r.Matches.IsEmpty : r.Matches is [var only] && (only.Path == spec.Matches[0].Path || only.Path?.Exact is { } e && e == spec.Matches[0].Path?.Prefix) && only.Headers.IsEmpty && only.Methods.SequenceEqual(spec.Matches[0].Methods) && only.QueryParams.IsEmpty && only.Cookies.IsEmpty)
        && (host is null || r.Hosts.IsEmpty || r.Hosts.Contains(host)));

    private static string Free(Draft draft, string name) =>
        draft.Find(Kinds.Route, name) is null ? name : draft.Find(Kinds.Route, name + "-route") is null ? name + "-route" : $"{name}-{Ir.Revision.Of(name).Short[..4]}";

    /// <summary>Nothing but joints between one path and the next, and no word for a host but one.</summary>
    private static bool AreListed(Phrase phrase, List<Token> paths)
    {
        for (var i = 1; i < paths.Count; i++)
        {
            var (joined, token) = (false, phrase.After(paths[i - 1]));
            for (; token is not null && !ReferenceEquals(token, paths[i]); token = phrase.After(token))
                if (token.Concept is Concept.Separator or Concept.Or || token.Text is "," or "&") joined = true;
                else if (token.Concept is not (Concept.Filler or Concept.Path)) return false;
            if (!joined || token is null) return false;
        }
        return true;
    }

    private static bool IsExact(Token token) => token.Value is "exactly" or "exact";
}
