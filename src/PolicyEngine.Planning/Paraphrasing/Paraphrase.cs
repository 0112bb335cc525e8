using PolicyEngine.Ir;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Faults;
using PolicyEngine.Policies.Headers;
using PolicyEngine.Policies.HealthChecks;
using PolicyEngine.Policies.Mirrors;
using PolicyEngine.Policies.RateLimits;
using PolicyEngine.Policies.Retries;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.Timeouts;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Planning.Paraphrasing;

/// <summary>What documents say, in words: generated from them, never from what somebody asked for.</summary>
public static class Paraphrase
{
    public static string Of(IReadOnlyCollection<PolicyEdit> edits, PolicySet before) =>
        edits.Count == 0 ? "Nothing changes." : string.Join("; ", edits.Select(e => Of(e, before))) + ".";

    public static string Of(PolicyEdit edit, PolicySet before)
    {
        if (edit.Upserted is { } document)
            return Of(document) + (document.Metadata.ExpiresAt is { } end ? $", until {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "") + (document.Metadata.Reason is { } why ? $" (because {why})" : "");
        return before.Documents.TryGetValue(edit.Id, out var gone) ? $"no longer: {Of(gone)}" : $"{edit.Id} is removed";
    }

    public static string Of(Document document) => document.Spec switch
    {
        TrafficSplitSpec s => Listed(s.Backends.OrderByDescending(b => b.Weight).Select((b, i) => $"{b.Weight}{(i == 0 ? $" of the requests {To(s.Target)} go" : "")} to {b.Service} {b.Version}".Replace("  ", " ", StringComparison.Ordinal))),
        TimeoutSpec t => Listed(new[]
        {
            t.Request is { } r ? r == TimeSpan.Zero ? $"requests {To(t.Target)} have no time-out" : $"requests {To(t.Target)} time out after {Duration.Format(r)}" : null,
            t.Idle is { } i ? $"streams {To(t.Target)} may be silent for {Duration.Format(i)}" : null,
            t.Connect is { } c ? $"connecting to {t.Target.Name} may take {Duration.Format(c)}" : null,
        }.OfType<string>()),
        RetrySpec { Attempts: 0 } r => $"requests {To(r.Target)} are not tried again",
        RetrySpec r => $"requests {To(r.Target)} are tried again up to {Times(r.Attempts)} on {Listed(r.RetryOn.Concat(r.StatusCodes.Select(c => c.ToString())))}{(r.PerTryTimeout is { } p ? $", each try up to {Duration.Format(p)}" : "")}{(r.BackOff is { } b ? $", waiting {Duration.Format(b.Base)}{(b.Max is { } m ? $" up to {Duration.Format(m)}" : "")} between tries" : "")}",
        RateLimitSpec l => $"{(l.Shadow ? "in shadow, " : "")}at most {l.Requests} requests a {l.Per.ToString().ToLowerInvariant()}{Per(l.Key)} {To(l.Target)}{(l.Burst is { } b ? $", {b} at once" : "")}",
        AuthorizationSpec a => $"{(a.Shadow ? "in shadow, " : "")}{(a.Action == AuthorizationEffect.Deny ? "denied" : "only allowed")} {To(a.Target)}: {string.Join(" or ", a.Rules.Select(Rule))}",
        MirrorSpec m => $"{m.Percentage} of the requests {To(m.Target)} are mirrored to {m.To.Service ?? m.Target.Service} {m.To.Version}".TrimEnd(),
        FaultInjectionSpec f => Listed(new[]
        {
            f.Delay is { } d ? $"{d.Percentage} of the requests {To(f.Target)} are delayed by {Duration.Format(d.Duration)}" : null,
            f.Abort is { } x ? $"{x.Percentage} of the requests {To(f.Target)} are failed with {x.Status}" : null,
        }.OfType<string>()),
        HeadersSpec h => $"{To(h.Target)}: {Listed(Edits(h.Request, "request").Concat(Edits(h.Response, "response")))}",
        RouteSpec r => Route(r),
        HealthCheckSpec c => $"endpoints of {c.Target.Name} are checked every {Duration.Format(c.Interval)} by {(c.By == HealthCheckSpec.Proxies ? "each Envoy" : $"the nodes of fleet {c.By}")}",
        _ => document.Id,
    };

    private static string Route(RouteSpec route)
    {
        var hosts = Listed(route.Hosts);
        var what = route.Matches.IsEmpty ? $"{hosts} every request".Trim() : string.Join(" or ", route.Matches.Select(m => $"{(route.DirectResponse is null && m.Path?.Exact is not null ? "exactly " : route.DirectResponse is not null && m.Path?.Prefix is not null ? "everything below " : "")}{(m.Methods.IsEmpty ? "" : Listed(m.Methods) + " ")}{hosts}{Match(m with { Methods = [] })}".Trim()));
        return route switch
        {
            { Redirect: { } r } => $"{what} is redirected ({r.Status}) to {r.Scheme}{(r.Scheme is null ? "" : "://")}{r.Host}{r.Path}",
            { DirectResponse: { } d } => $"{what} is answered with {d.Status}{(d.Body is null ? "" : $" '{(d.Body.Length <= 40 ? d.Body : d.Body[..40] + "…")}'")}",
            _ => $"{what} goes to {Listed(route.Backends.Select(b => $"{b.Service} {b.Version} {b.Weight}".Trim()))}{(route.Rewrite is { } w ? $", rewritten to {w.Host}{w.Prefix ?? w.Path}" : "")}",
        };
    }

    private static string To(Target target)
    {
        var name = target.Scope switch
        {
            Scope.Service => $"to {target.Name}",
            Scope.Route => $"on route {target.Name}",
            _ => $"on {target.Scope.ToString().ToLowerInvariant()} {target.Name}",
        };
        return target.Matches.IsEmpty ? name : $"{name} that match {string.Join(" or ", target.Matches.Select(Match))}";
    }

    private static string Match(RequestMatch match) => string.Join(" with ", new[]
    {
        match.Methods.IsEmpty ? null : Listed(match.Methods),
        match.Path is { } p ? Path(p) : null,
        match.Headers.IsEmpty ? null : Listed(match.Headers.Select(h => Condition("header", h))),
        match.Grpc is { } g ? $"{g.Service}{(g.Method is null ? "" : "/" + g.Method)}" : null,
        match.QueryParams.IsEmpty && match.Cookies.IsEmpty ? null : Listed(match.QueryParams.Select(q => Condition("query parameter", q)).Concat(match.Cookies.Select(c => Condition("cookie", c)))),
    }.OfType<string>());

    private static string Rule(AuthorizationRuleSpec rule) => string.Join(" with ", new[]
    {
        rule.Cidrs.IsEmpty ? null : rule.Cidrs.Length > 10 ? $"{rule.Cidrs.Length} address ranges" : Listed(rule.Cidrs.Select(c => c.ToString())),
        rule.Methods.IsEmpty ? null : Listed(rule.Methods),
        rule.Paths.IsEmpty ? null : Listed(rule.Paths.Select(Path)),
        rule.Headers.IsEmpty ? null : Listed(rule.Headers.Select(h => Condition("header", h))),
    }.OfType<string>());

    private static string Path(PathSpec path) => path.Exact ?? path.Prefix ?? path.Template ?? (OtherPaths.In(path.Regex ?? "") is { } but ? $"any path but {but}" : path.Regex) ?? "";

    /// <summary>"header x-beta: true", "no header x-api-key".</summary>
    private static string Condition(string what, NamedSpec spec) =>
        $"{(spec.Invert ^ spec.Present == false ? "no " : "")}{what} {spec.Name}{((spec.Exact ?? spec.Regex) is { } v ? ": " + v : spec.Prefix is { } p ? $": {p}…" : spec.Suffix is { } s ? $": …{s}" : spec.Contains is { } c ? $": …{c}…" : "")}";

    private static IEnumerable<string> Edits(HeaderEditsSpec? edits, string side) => edits is null ? [] :
        edits.Set.Select(h => $"{side} header {h.Name} is set to {Value(h)}")
            .Concat(edits.Add.Select(h => $"{side} header {h.Name}: {Value(h)} is added"))
            .Concat(edits.Append.Select(h => $"{Value(h)} is appended to {side} header {h.Name}"))
            .Concat(edits.Remove.Select(n => $"{side} header {n} is removed"));

    /// <summary>What parts sentences here is marked as a value.</summary>
    private static string Value(HeaderValueSpec header) => header.Value.Contains("; ", StringComparison.Ordinal) || header.Value.Contains(", ", StringComparison.Ordinal) ? $"“{header.Value}”" : header.Value;

    private static string Per(RateLimitKeySpec? key) => key switch
    {
        null => "",
        { From: RateLimitKeySource.Header } => $" for each {key.Name}",
        { From: RateLimitKeySource.ClientIp } => " for each client",
        { From: RateLimitKeySource.ClientRange } => " for each range of clients",
        _ => " for each path",
    };

    private static string Times(int n) => n switch { 1 => "once", 2 => "twice", _ => $"{n} times" };

    private static string Listed(IEnumerable<string> items)
    {
        var list = items.ToList();
        return list.Count <= 1 ? list.FirstOrDefault() ?? "" : $"{string.Join(", ", list.SkipLast(1))} and {list[^1]}";
    }
}
