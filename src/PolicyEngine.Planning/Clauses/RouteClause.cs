using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"route /returns to orders", "redirect /old to /new", "answer /health with 200 'ok'".</summary>
internal sealed class RouteClause : IClause
{
    public int Recognises(IReadOnlyList<Token> tokens)
    {
        if (!tokens.Has(TokenKind.Path)) return 0;
        if (tokens.Has(Concept.Redirect) || tokens.Has(Concept.Answer)) return 70;
        var routes = tokens.Has(Concept.Route) || tokens.Has(Concept.Send);
        return routes && tokens.Has(TokenKind.Service) && !tokens.Has(TokenKind.Percent) && !tokens.Any(t => t.Concept is Concept.Deny or Concept.Allow or Concept.Limit or Concept.Timeout or Concept.Retry) ? 58 : 0;
    }

    public void Apply(Phrase phrase, Draft draft)
    {
        var redirect = phrase.Has(Concept.Redirect);
        var answer = phrase.Has(Concept.Answer);
        phrase.TakeAll(Concept.Redirect, Concept.Answer, Concept.Send, Concept.Route, Concept.Set, Concept.Path, Concept.Request);
        var paths = phrase.TakeAll(TokenKind.Path);
        var host = phrase.Take(TokenKind.Host)?.Value;
        var status = phrase.Take(t => t.Kind == TokenKind.Number && t.Number is >= 200 and <= 599);
        var match = paths[0].Value;
        var spec = new RouteSpec
        {
            Hosts = host is null ? [] : [host],
            Matches = [new RequestMatch { Path = answer ? new PathSpec { Exact = match } : new PathSpec { Prefix = match } }],
        };
        if (redirect)
        {
            if (paths.Count != 2)
            {
                draft.Ask("path", $"Where is {match} redirected to?");
                return;
            }
            spec = spec with { Redirect = new RedirectSpec { Path = paths[1].Value, Status = status is { Number: 301 or 302 or 303 or 307 or 308 } s ? (int)s.Number : 301 } };
        }
        else if (answer)
        {
            if (status is null)
            {
                draft.Ask("status", $"With which status is {match} answered?", ["200", "404", "503"]);
                return;
            }
            spec = spec with { DirectResponse = new DirectResponseSpec { Status = (int)status.Number, Body = phrase.Take(TokenKind.Quoted)?.Value ?? phrase.Take(t => t.Is("ok"))?.Text } };
        }
        else
        {
            var service = phrase.Take(TokenKind.Service)!;
            if (service.IsGuess) draft.Ask($"name:{service.Text}", $"There is no '{service.Text}'. Did you mean {service.Value}?", [service.Value]);
            spec = spec with { Backends = [new RouteBackend { Service = service.Value, Version = phrase.Take(TokenKind.Version)?.Value }] };
        }
        var stem = string.Concat(match.Trim('/').ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        var name = stem.Length is 0 or > 50 ? "root" : stem;
        // A route for these requests may stand already, under any name.
        var standing = draft.Of(Kinds.Route).FirstOrDefault(d => d.Spec is RouteSpec r && r.Matches is [{ Path: { } p } only] && p == spec.Matches[0].Path && only.Headers.IsEmpty && only.Methods.IsEmpty && (r.Hosts.IsEmpty || host is null || r.Hosts.Contains(host)));
        draft.Put(standing is null ? Document.Of(Free(draft, name), spec) : standing.With(spec with { Hosts = ((RouteSpec)standing.Spec).Hosts, Gateways = ((RouteSpec)standing.Spec).Gateways }));
    }

    private static string Free(Draft draft, string name) =>
        draft.Find(Kinds.Route, name) is null ? name : draft.Find(Kinds.Route, name + "-route") is null ? name + "-route" : $"{name}-{Ir.Revision.Of(name).Short[..4]}";
}
