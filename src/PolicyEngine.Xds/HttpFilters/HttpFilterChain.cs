using System.Collections.Immutable;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using PolicyEngine.Ir;
using PolicyEngine.Xds.Authorizations;
using PolicyEngine.Xds.Faults;
using PolicyEngine.Xds.RateLimits;
using EnvoyHttpFilter = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpFilter;
using EnvoyRoute = Envoy.Config.Route.V3.Route;

namespace PolicyEngine.Xds.HttpFilters;

/// <summary>The one list of filters.</summary>
public static class HttpFilterChain
{
    public static ImmutableArray<HttpFilter> All { get; } =
    [
        .. new HttpFilter[]
        {
            new FaultFilter(), new AuthorizationFilter(AuthorizationEffect.Deny), new AuthorizationFilter(AuthorizationEffect.Allow), new RateLimitFilter(), new RouterFilter(),
        }.OrderBy(f => f.Slot),
    ];

    public static IEnumerable<EnvoyHttpFilter> Of(FleetRole role) =>
        All.Where(f => role != FleetRole.Proxyless || f.WorksProxyless).Select(f => new EnvoyHttpFilter { Name = f.Name, TypedConfig = Canonical.Pack(f.Idle()) });

    public static void Apply(Route route, EnvoyRoute target)
    {
        foreach (var filter in All)
            if (filter.OnRoute(route) is { } config) target.TypedPerFilterConfig.Add(filter.Name, Canonical.Pack(config));
    }

    private sealed class RouterFilter : HttpFilter
    {
        public override FilterSlot Slot => FilterSlot.Router;

        public override string Name => "envoy.filters.http.router";

        public override bool WorksProxyless => true;

        public override IMessage Idle() => new Envoy.Extensions.Filters.Http.Router.V3.Router();
    }
}
