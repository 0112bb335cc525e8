using PolicyEngine.Ir;
using RouteAction = Envoy.Config.Route.V3.RouteAction;

namespace PolicyEngine.Xds.Mirrors;

internal static class MirrorEmitter
{
    public static void Apply(Route route, RouteAction action)
    {
        foreach (var mirror in route.Traffic.Mirrors)
            action.RequestMirrorPolicies.Add(new RouteAction.Types.RequestMirrorPolicy { Cluster = mirror.Upstream, RuntimeFraction = mirror.Share.ToRuntime() });
    }
}
