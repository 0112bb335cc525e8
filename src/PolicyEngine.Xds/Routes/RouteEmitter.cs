using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf.WellKnownTypes;
using PolicyEngine.Ir;
using PolicyEngine.Xds.Headers;
using PolicyEngine.Xds.HttpFilters;
using PolicyEngine.Xds.Mirrors;
using PolicyEngine.Xds.Retries;
using PolicyEngine.Xds.Timeouts;
using EnvoyRedirect = Envoy.Config.Route.V3.RedirectAction;
using EnvoyRoute = Envoy.Config.Route.V3.Route;
using EnvoyRouteAction = Envoy.Config.Route.V3.RouteAction;
using EnvoyRouteMatch = Envoy.Config.Route.V3.RouteMatch;
using EnvoyVirtualHost = Envoy.Config.Route.V3.VirtualHost;
using Route = PolicyEngine.Ir.Route;
using RouteMatch = PolicyEngine.Ir.RouteMatch;
using VirtualHost = PolicyEngine.Ir.VirtualHost;

namespace PolicyEngine.Xds.Routes;

/// <summary>Virtual hosts and their routes.</summary>
internal static class RouteEmitter
{
    public static EnvoyVirtualHost Host(VirtualHost host, FleetRole role) =>
        new() { Name = host.Name, Domains = { host.Domains }, Routes = { host.Routes.Select(r => Emit(r, role)) } };

    private static EnvoyRoute Emit(Route route, FleetRole role)
    {
        var target = new EnvoyRoute { Name = route.Name, Match = Match(route.Match) };
        switch (route.Action)
        {
            case Forward forward:
                target.Route_ = Forward(forward, route.Match);
                TimeoutEmitter.Apply(route, target.Route_, role);
                RetryEmitter.Apply(route, target.Route_);
                MirrorEmitter.Apply(route, target.Route_);
                break;
            case Redirect redirect:
                target.Redirect = Redirect(redirect);
                break;
            case DirectResponse direct:
                target.DirectResponse = new DirectResponseAction { Status = (uint)direct.Status };
                if (direct.Body.Length > 0) target.DirectResponse.Body = new DataSource { InlineString = direct.Body };
                break;
        }
        HeaderEmitter.Apply(route, target);
        HttpFilterChain.Apply(route, target);
        if (!route.Origins.IsEmpty) target.Metadata = Origins(route);
        return target;
    }

    /// <summary>Which documents made the route: in config dumps and access logs, for people and for NACKs.</summary>
    private static Metadata Origins(Route route) => new()
    {
        FilterMetadata = { ["policyengine"] = new Struct { Fields = { ["origins"] = Value.ForList([.. route.Origins.Select(Value.ForString)]) } } },
    };

    private static EnvoyRouteMatch Match(RouteMatch match)
    {
        var target = new EnvoyRouteMatch();
        switch (match.Path.Kind)
        {
            case PathMatchKind.Exact: target.Path = match.Path.Value; break;
            // Envoy refuses a separated prefix that ends in '/'.
            case PathMatchKind.Prefix when match.Path.Value == "/": target.Prefix = "/"; break;
            case PathMatchKind.Prefix: target.PathSeparatedPrefix = match.Path.Value; break;
            case PathMatchKind.Template: target.PathMatchPolicy = Matchers.Template(match.Path.Value); break;
            default: target.SafeRegex = new RegexMatcher { Regex = match.Path.Value }; break;
        }
        if (!match.Methods.IsEmpty) target.Headers.Add(Matchers.Method(match.Methods));
        // :path has the query in it.
        foreach (var path in match.AlsoPaths)
            target.Headers.Add(new Envoy.Config.Route.V3.HeaderMatcher { Name = ":path", StringMatch = new StringMatcher { SafeRegex = new RegexMatcher { Regex = Matchers.Regex(path) + @"(\?.*)?" } } });
        target.Headers.AddRange(match.Headers.Select(Matchers.Header));
        target.QueryParameters.AddRange(match.Query.Select(Query));
        target.Cookies.AddRange(match.Cookies.Select(Cookie));
        if (match.IsGrpc) target.Grpc = new EnvoyRouteMatch.Types.GrpcRouteMatchOptions();
        return target;
    }

    private static QueryParameterMatcher Query(NamedMatch match) => match.Kind == StringMatchKind.Present
        ? new QueryParameterMatcher { Name = match.Name, PresentMatch = !match.Invert }
        : new QueryParameterMatcher { Name = match.Name, StringMatch = Matchers.Text(match) };

    private static CookieMatcher Cookie(NamedMatch match) => new()
    {
        Name = match.Name,
        StringMatch = match.Kind == StringMatchKind.Present ? new StringMatcher { SafeRegex = new RegexMatcher { Regex = ".*" } } : Matchers.Text(match),
        InvertMatch = match.Invert,
    };

    private static EnvoyRouteAction Forward(Forward forward, RouteMatch match)
    {
        var action = new EnvoyRouteAction();
        if (forward.Upstreams is [var only])
        {
            action.Cluster = only.Upstream;
        }
        else
        {
            // Shares in hundredths where that is exact, so that people read 95 and 5.
            var scale = forward.Upstreams.All(u => u.Weight.Millionths % 10_000 == 0) ? 10_000 : 1;
            action.WeightedClusters = new WeightedCluster();
            foreach (var upstream in forward.Upstreams)
                action.WeightedClusters.Clusters.Add(new WeightedCluster.Types.ClusterWeight { Name = upstream.Upstream, Weight = (uint)(upstream.Weight.Millionths / scale) });
        }
        if (forward.Rewrite is not { } rewrite) return action;
        if (rewrite.Host is { } host) action.HostRewriteLiteral = host;
        // An exact path has no prefix to replace; Envoy replaces what was matched, which is the whole.
        if (rewrite.Prefix is { } prefix) Prefix(action, prefix, match);
        if (rewrite.Path is { } path) action.RegexRewrite = new RegexMatchAndSubstitute { Pattern = new RegexMatcher { Regex = "^/.*$" }, Substitution = path.Replace("\\", "\\\\", StringComparison.Ordinal) };
        return action;
    }

    /// <summary>Replacing a prefix by "/" must not leave "//x" behind: then a regular expression takes the slash with it.</summary>
    private static void Prefix(EnvoyRouteAction action, string prefix, RouteMatch match)
    {
        if (prefix == "/" && match.Path is { Kind: PathMatchKind.Prefix, Value: not "/" } path)
            action.RegexRewrite = new RegexMatchAndSubstitute
            {
                Pattern = new RegexMatcher { Regex = $"^{System.Text.RegularExpressions.Regex.Escape(path.Value)}(/?)(.*)$" },
                Substitution = @"/\2",
            };
        else action.PrefixRewrite = prefix;
    }

    private static EnvoyRedirect Redirect(Redirect redirect)
    {
        var target = new EnvoyRedirect
        {
            ResponseCode = redirect.Status switch
            {
                302 => EnvoyRedirect.Types.RedirectResponseCode.Found,
                303 => EnvoyRedirect.Types.RedirectResponseCode.SeeOther,
                307 => EnvoyRedirect.Types.RedirectResponseCode.TemporaryRedirect,
                308 => EnvoyRedirect.Types.RedirectResponseCode.PermanentRedirect,
                _ => EnvoyRedirect.Types.RedirectResponseCode.MovedPermanently,
            },
        };
        if (redirect.Scheme is { } scheme) target.SchemeRedirect = scheme;
        if (redirect.Host is { } host) target.HostRedirect = host;
        if (redirect.Port is { } port) target.PortRedirect = (uint)port;
        if (redirect.Path is { } path) target.PathRedirect = path;
        return target;
    }
}
