using System.Globalization;
using System.Text.RegularExpressions;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.RateLimits;
using PolicyEngine.Policies.Retries;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.Timeouts;

namespace PolicyEngine.Planning;

/// <summary>
/// A turn that amends the sentence before: "only GETs", "just on partners.example.com" narrow it; "hour, not minute" gives it another unit; "same
/// for ads" lays over another service what came of several turns. What is planned is what the amended sentence says, on what stood before it.
/// </summary>
internal static partial class Amending
{
    public static Plan? Of(IReadOnlyList<Token> tokens, PlanTurn last, string said, IReadOnlyList<Token> before, PlanRequest request, Func<PlanRequest, Action<Draft>, Plan> read)
    {
        if ((Widened(tokens, last, request) ?? Opened(tokens, last, request) ?? Rerouted(tokens, last, request)) is { } other) return other;
        if ((Narrowing.Of(tokens, last, said) ?? Counted(tokens, said, before)) is not { } text) return null;
        var plan = read(request with { Intent = text, Policies = last.Before }, _ => { });
        return plan.Status == PlanStatus.Planned ? EmbeddedPlanner.Finish(request, request.Policies.EditsTo(last.Before.Apply(plan.Edits))) : null;
    }

    /// <summary>"a cookie beta=1 should do the same", "x-staff: 1 too": other requests that get what those of the sentence before get.</summary>
    private static Plan? Widened(IReadOnlyList<Token> tokens, PlanTurn last, PlanRequest request)
    {
        if (!tokens.Any(t => t.Concept is Concept.Same or Concept.Too) || tokens.Any(t => t.IsEntity || t.Kind is TokenKind.Version or TokenKind.Percent or TokenKind.Rate or TokenKind.Duration) || !tokens.Any(t => t.Kind == TokenKind.HeaderName || t.Concept is Concept.Cookie or Concept.Query)) return null;
        if (last.Plan.Edits.Select(e => e.Upserted).ToList() is not [{ Spec: TargetedSpec { Target.Matches: [{ } old] } spec } document] || old.Path is not null || old.Methods.Length > 0) return null;
        var phrase = new Phrase(tokens);
        if (Conditions.Of(phrase) is not [var also]) return null;
        phrase.TakeAll(Concept.Same, Concept.Too, Concept.Set, Concept.Send, Concept.Present, Concept.Request, Concept.Client, Concept.It);
        if (phrase.Left.Any() || also.Path is not null || also.Methods.Length > 0) return null;
        var draft = new Draft(request);
        draft.Put(document.With(spec with { Target = spec.Target with { Matches = [old, also] } }));
        return EmbeddedPlanner.Finish(request, draft.Edits);
    }

    /// <summary>"for all methods after all", "PUT as well": what was said of some requests holds for all of them, or for those too.</summary>
    private static Plan? Opened(IReadOnlyList<Token> tokens, PlanTurn last, PlanRequest request)
    {
        if (last.Plan.Edits.Select(e => e.Upserted).ToList() is not [{ Spec: TargetedSpec { Target.Matches: [{ } old] } spec } document] || spec is AuthorizationSpec || last.Plan.Edits.Length != 1) return null;
        if (tokens.Any(t => t.IsEntity || t.Text == "?" || t.Concept is Concept.Except or Concept.Not or Concept.Only or Concept.Stop || t.Kind is TokenKind.Version or TokenKind.Percent or TokenKind.Rate or TokenKind.Duration or TokenKind.Path or TokenKind.HeaderName or TokenKind.Cidr)) return null;
        var methods = tokens.Where(t => t.Concept == Concept.Method).Select(t => t.Text.ToUpperInvariant()).ToList();
        RequestMatch? opened = old.Methods.IsEmpty ? null
            : methods.Count == 0 && EveryMethod().IsMatch(request.Intent) ? old with { Methods = [] }
            : methods.Count > 0 && tokens.Any(t => t.Concept is Concept.Too or Concept.Same) ? old with { Methods = [.. old.Methods.Union(methods, StringComparer.Ordinal)] } : null;
        if (opened is null) return null;
        var target = spec.Target with { Matches = IsAll(opened) ? [] : [opened] };
        var draft = new Draft(request);
        draft.Put(document.With(spec with { Target = target }));
        return EmbeddedPlanner.Finish(request, draft.Edits);
    }

    private static bool IsAll(RequestMatch match) => match is { Path: null, Grpc: null } && match.Methods.IsEmpty && match.Headers.IsEmpty && match.QueryParams.IsEmpty && match.Cookies.IsEmpty;

    [GeneratedRegex(@"\b(?:all|every|any) (?:the |other )?methods?\b", RegexOptions.IgnoreCase)]
    private static partial Regex EveryMethod();

    /// <summary>"302 please", "to /newer", "and /older too", said of a redirect; "410 rather" of an answer.</summary>
    private static Plan? Rerouted(IReadOnlyList<Token> tokens, PlanTurn last, PlanRequest request)
    {
        if (last.Plan.Edits.Select(e => e.Upserted).ToList() is not [{ Spec: RouteSpec route } document]) return null;
        var content = tokens.Where(t => !t.IsGlue && t.Concept is not (Concept.It or Concept.Set or Concept.Redirect or Concept.Answer or Concept.Instead or Concept.Temporary or Concept.Permanent or Concept.Too) && t.Value != "no").ToList();
        var also = tokens.Any(t => t.Concept == Concept.Too);
        RouteSpec? amended = content switch
        {
            [{ Kind: TokenKind.Number, Number: 301 or 302 or 303 or 307 or 308 } code] when route.Redirect is { } redirect && !also => route with { Redirect = redirect with { Status = (int)code.Number } },
            [{ Kind: TokenKind.Number, Number: >= 200 and <= 599 } code] when route.DirectResponse is { } answer && !also => route with { DirectResponse = answer with { Status = (int)code.Number } },
            [{ Kind: TokenKind.Path } path] when also && route.Matches.Length > 0 && (route.Redirect ?? (object?)route.DirectResponse) is not null => route with { Matches = [.. route.Matches, route.Matches[0] with { Path = route.Matches[0].Path?.Exact is null ? Conditions.PathOf(path) : new PathSpec { Exact = path.Value } }] },
            [{ Kind: TokenKind.Path } path] when route.Redirect is { Path: not null } redirect && tokens.Any(t => t is { Concept: Concept.Preposition, Value: "to" }) => route with { Redirect = redirect with { Path = path.Value } },
            _ => null,
        };
        if (amended is null) return null;
        var draft = new Draft(request);
        draft.Put(document.With(amended));
        return EmbeddedPlanner.Finish(request, draft.Edits);
    }

    /// <summary>"hour, not minute", "an hour, sorry": the rate that was said, in another unit.</summary>
    private static string? Counted(IReadOnlyList<Token> tokens, string said, IReadOnlyList<Token> before)
    {
        var content = tokens.Where(t => !t.IsGlue && t.Concept is not (Concept.Per or Concept.It or Concept.Set) && t.Value != "no").ToList();
        var denied = content.FindIndex(t => t.Concept is Concept.Not or Concept.InsteadOf);
        if (denied > 0 && denied == content.Count - 2 && UnitOf(content[^1]) is { } old)
        {
            if (before.All(t => t.Kind != TokenKind.Rate || t.Unit != old)) return null;
            content.RemoveRange(denied, 2);
        }
        if (content is not [var only] || UnitOf(only) is not { } unit || before.Where(t => t.Kind == TokenKind.Rate).ToList() is not [var rate] || rate.Unit == unit || rate.End > said.Length) return null;
        return $"{said[..rate.Position]}{rate.Number.ToString("0.####", CultureInfo.InvariantCulture)} per {unit.ToString().ToLowerInvariant()}{Former().Replace(said[rate.End..], "")}";
    }

    /// <summary>"… instead of 10": of the old unit.</summary>
    [GeneratedRegex(@"\s*,?\s*(?:instead of|rather than|and not|not) [0-9]+\b", RegexOptions.IgnoreCase)]
    private static partial Regex Former();

    private static RateUnit? UnitOf(Token token) => token.Kind == TokenKind.Word ? Quantities.PerOf(token.Concept)
        : token.Kind != TokenKind.Duration || !token.Text.StartsWith('a') ? null
        : token.Duration == TimeSpan.FromSeconds(1) ? RateUnit.Second : token.Duration == TimeSpan.FromMinutes(1) ? RateUnit.Minute : token.Duration == TimeSpan.FromHours(1) ? RateUnit.Hour : token.Duration == TimeSpan.FromDays(1) ? RateUnit.Day : null;

    /// <summary>"same for ads", where the sentence before named no service: what it came to. Only where nothing of the sort stands there.</summary>
    public static Plan? Copied(IReadOnlyList<Token> named, PlanTurn last, PlanRequest request)
    {
        if (last.Plan.Edits.Select(e => e.Upserted).ToList() is not [{ Spec: TimeoutSpec or RetrySpec or RateLimitSpec } one] || one.Metadata.ExpiresAt is not null || ((TargetedSpec)one.Spec).Target is not { Scope: Scope.Service, Matches.IsEmpty: true } || !named.All(t => t is { Kind: TokenKind.Service, IsGuess: false })) return null;
        var draft = new Draft(request);
        foreach (var service in named)
        {
            var target = Target.OfService(service.Value);
            if (draft.Standing(one.Kind, target).Count > 0) return null;
            draft.Put(Document.Of(draft.NewName(one.Kind, target, one.Spec is TimeoutSpec ? "timeout" : one.Spec is RetrySpec ? "retries" : "limit"), one.Spec switch
            {
                TimeoutSpec t => t with { Target = target },
                RetrySpec r => r with { Target = target },
                RateLimitSpec l => l with { Target = target },
                var other => other,
            }));
        }
        return EmbeddedPlanner.Finish(request, draft.Edits);
    }
}
