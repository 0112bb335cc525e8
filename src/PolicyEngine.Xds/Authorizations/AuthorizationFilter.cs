using Envoy.Config.Rbac.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf;
using PolicyEngine.Ir;
using PolicyEngine.Xds.HttpFilters;
using PolicyEngine.Xds.Routes;
using RbacConfig = Envoy.Config.Rbac.V3.RBAC;
using RbacFilter = Envoy.Extensions.Filters.Http.Rbac.V3.RBAC;
using RbacPerRoute = Envoy.Extensions.Filters.Http.Rbac.V3.RBACPerRoute;

namespace PolicyEngine.Xds.Authorizations;

/// <summary>
/// One RBAC filter for what is denied, and one behind it for what alone is allowed: each policy of a filter bears its document's name, so
/// that Envoy's own logs and statistics say which document refused a request.
/// </summary>
internal sealed class AuthorizationFilter(AuthorizationEffect effect) : HttpFilter
{
    public override FilterSlot Slot => effect == AuthorizationEffect.Deny ? FilterSlot.AuthorizationDeny : FilterSlot.AuthorizationAllow;

    public override string Name => $"envoy.filters.http.rbac.{effect.ToString().ToLowerInvariant()}";

    public override IMessage Idle() => new RbacFilter();

    public override IMessage? OnRoute(Route route)
    {
        var own = route.Traffic.Authorizations.Where(a => a.Effect == effect).ToList();
        if (own.Count == 0) return null;
        return new RbacPerRoute
        {
            Rbac = new RbacFilter
            {
                Rules = Rules(own.Where(a => !a.Shadow)),
                ShadowRules = Rules(own.Where(a => a.Shadow)),
                ShadowRulesStatPrefix = own.Exists(a => a.Shadow) ? "shadow_" : "",
            },
        };
    }

    private RbacConfig? Rules(IEnumerable<Authorization> authorizations)
    {
        var policies = authorizations.SelectMany(a => a.Rules.Select((r, i) => (Name: a.Rules.Length == 1 ? a.Origin : $"{a.Origin}.{i + 1}", Rule: r))).ToList();
        if (policies.Count == 0) return null;
        var rules = new RbacConfig { Action = effect == AuthorizationEffect.Deny ? RbacConfig.Types.Action.Deny : RbacConfig.Types.Action.Allow };
        foreach (var (name, rule) in policies) rules.Policies.Add(name, Policy(rule));
        return rules;
    }

    private static Policy Policy(AuthorizationRule rule)
    {
        var policy = new Policy();
        policy.Permissions.Add(All(
        [
            .. rule.Methods.IsEmpty ? [] : new[] { new Permission { Header = Matchers.Method(rule.Methods) } },
            .. rule.Paths.IsEmpty ? [] : new[] { Any([.. rule.Paths.Select(Path)]) },
            .. rule.Headers.Select(h => new Permission { Header = Matchers.Header(h) }),
        ]));
        if (rule.Cidrs.IsEmpty) policy.Principals.Add(new Principal { Any = true });
        else policy.Principals.AddRange(rule.Cidrs.Select(c => new Principal { RemoteIp = c.ToProto() }));
        return policy;
    }

    private static Permission Path(PathMatch path) => path.Kind switch
    {
        PathMatchKind.Template => new Permission { UriTemplate = Matchers.Template(path.Value) },
        PathMatchKind.Exact => new Permission { UrlPath = new PathMatcher { Path = new StringMatcher { Exact = path.Value } } },
        _ => new Permission { UrlPath = new PathMatcher { Path = new StringMatcher { SafeRegex = new RegexMatcher { Regex = Matchers.Regex(path) } } } },
    };

    private static Permission All(IReadOnlyList<Permission> permissions) => permissions switch
    {
        [] => new Permission { Any = true },
        [var only] => only,
        _ => new Permission { AndRules = new Permission.Types.Set { Rules = { permissions } } },
    };

    private static Permission Any(IReadOnlyList<Permission> permissions) =>
        permissions is [var only] ? only : new Permission { OrRules = new Permission.Types.Set { Rules = { permissions } } };
}
