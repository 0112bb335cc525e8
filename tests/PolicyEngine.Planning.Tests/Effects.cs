using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Faults;
using PolicyEngine.Policies.Headers;
using PolicyEngine.Policies.Mirrors;
using PolicyEngine.Policies.RateLimits;
using PolicyEngine.Policies.Retries;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.Timeouts;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Planning.Tests;

/// <summary>What edits do, in a short form that speaks of content and not of names: "split checkout: v1 95, v2 5; timeout search: 2s".</summary>
internal static class Effects
{
    public static string Of(IEnumerable<PolicyEdit> edits) => string.Join("; ", edits.Select(Of).Order(StringComparer.Ordinal));

    private static string Of(PolicyEdit edit)
    {
        if (edit.Upserted is not { } document) return $"gone {edit.Id}";
        var (reason, end) = (document.Metadata.Reason, document.Metadata.ExpiresAt);
        return Of(document.Spec) + (end is { } e ? $" until {e.UtcDateTime:yyyy-MM-dd HH:mm}" : "") + (reason is null ? "" : $" because {reason}");
    }

    private static string Of(Spec spec) => spec switch
    {
        TrafficSplitSpec s => $"split {On(s.Target)}: {string.Join(", ", s.Backends.OrderBy(b => b.Version, StringComparer.Ordinal).Select(b => $"{b.Version} {b.Weight.Value:0.####}"))}",
        TimeoutSpec t => $"timeout {On(t.Target)}: {Joined(t.Request is { } r ? Duration.Format(r) : null, t.Idle is { } i ? $"idle {Duration.Format(i)}" : null, t.Connect is { } c ? $"connect {Duration.Format(c)}" : null)}",
        RetrySpec r => $"retry {On(r.Target)}: {r.Attempts} on {string.Join(',', r.RetryOn.Concat(r.StatusCodes.Select(c => $"{c}")).Order(StringComparer.Ordinal))}{(r.PerTryTimeout is { } p ? $" try {Duration.Format(p)}" : "")}{(r.BackOff is { } b ? $" backoff {Duration.Format(b.Base)}{(b.Max is { } m ? $"..{Duration.Format(m)}" : "")}" : "")}",
        RateLimitSpec l => $"limit {On(l.Target)}: {l.Requests}/{l.Per.ToString().ToLowerInvariant()}{(l.Key is { } k ? k.From == RateLimitKeySource.Header ? $" per {k.Name}" : $" per {k.From.ToString().ToLowerInvariant()}" : "")}{(l.Burst is { } b ? $" burst {b}" : "")}{(l.Shadow ? " shadow" : "")}",
        AuthorizationSpec a => $"{a.Action.ToString().ToLowerInvariant()} {On(a.Target)}: {string.Join(" | ", a.Rules.Select(Rule))}{(a.Shadow ? " shadow" : "")}",
        MirrorSpec m => $"mirror {On(m.Target)}: {m.Percentage.Value:0.####} to {Joined(" ", m.To.Service, m.To.Version)}",
        FaultInjectionSpec f => $"fault {On(f.Target)}: {Joined(f.Delay is { } d ? $"delay {d.Percentage.Value:0.####} {Duration.Format(d.Duration)}" : null, f.Abort is { } x ? $"abort {x.Percentage.Value:0.####} {x.Status}" : null)}",
        HeadersSpec h => $"headers {On(h.Target)}: {string.Join(", ", Edits("request", h.Request).Concat(Edits("response", h.Response)))}",
        RouteSpec r => $"route {string.Join(',', r.Hosts)}{string.Join(" | ", r.Matches.Select(Match))}: {Action(r)}",
        _ => spec.GetType().Name,
    };

    private static string Action(RouteSpec route) => route switch
    {
        { Redirect: { } r } => $"redirect {r.Host}{r.Path} {r.Status}",
        { DirectResponse: { } d } => $"answer {d.Status}{(d.Body is null ? "" : $" {d.Body}")}",
        _ => string.Join(", ", route.Backends.Select(b => Joined(" ", b.Service, b.Version))) + (route.Rewrite is { } w ? $" rewrite {w.Prefix ?? w.Path}" : ""),
    };

    private static string On(Target target) => (target.Scope == Scope.Service ? target.Name : $"{target.Scope.ToString().ToLowerInvariant()}:{target.Name}") + (target.Matches.IsEmpty ? "" : $"{{{string.Join(" | ", target.Matches.Select(Match))}}}");

    private static string Match(RequestMatch match) => Joined(" ",
        match.Methods.IsEmpty ? null : string.Join(',', match.Methods), match.Path is { } p ? p.Exact is { } e ? $"={e}" : p.Prefix ?? p.Template ?? p.Regex : null,
        Named(match.Headers, ""), Named(match.Cookies, "cookie "), Named(match.QueryParams, "query "));

    private static string Rule(AuthorizationRuleSpec rule) => Joined(" ",
        rule.Cidrs.IsEmpty ? null : string.Join(',', rule.Cidrs), rule.Methods.IsEmpty ? null : string.Join(',', rule.Methods), rule.Paths.IsEmpty ? null : string.Join(',', rule.Paths.Select(p => p.Prefix ?? $"={p.Exact}")), Named(rule.Headers, ""));

    private static string? Named(IReadOnlyCollection<NamedSpec> specs, string prefix) => specs.Count == 0 ? null : string.Join(',', specs.Select(s => $"{prefix}{(s.Invert || s.Present == false ? "!" : "")}{s.Name}{(s.Exact is null ? "" : $"={s.Exact}")}{(s.Prefix is null ? "" : $"={s.Prefix}*")}{(s.Suffix is null ? "" : $"=*{s.Suffix}")}{(s.Contains is null ? "" : $"=*{s.Contains}*")}{(s.Regex is null ? "" : $"=~{s.Regex}")}"));

    private static IEnumerable<string> Edits(string side, HeaderEditsSpec? edits) => edits is null ? [] :
        edits.Set.Select(h => $"{side} set {h.Name}={h.Value}").Concat(edits.Add.Select(h => $"{side} add {h.Name}={h.Value}")).Concat(edits.Append.Select(h => $"{side} append {h.Name}={h.Value}")).Concat(edits.Remove.Select(n => $"{side} remove {n}"));

    private static string Joined(params string?[] parts) => parts is [" ", .. var rest] ? string.Join(' ', rest.OfType<string>()) : string.Join(", ", parts.OfType<string>());
}
