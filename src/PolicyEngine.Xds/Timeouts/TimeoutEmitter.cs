using PolicyEngine.Ir;
using Route = PolicyEngine.Ir.Route;
using RouteAction = Envoy.Config.Route.V3.RouteAction;

namespace PolicyEngine.Xds.Timeouts;

internal static class TimeoutEmitter
{
    /// <summary>gRPC clients read the stream's duration where Envoy reads the route's time-out (gRFC A31).</summary>
    public static void Apply(Route route, RouteAction action, FleetRole role)
    {
        if (route.Traffic.Timeout is not { } timeout) return;
        if (timeout.Request is { } request)
        {
            if (role == FleetRole.Proxyless) action.MaxStreamDuration = new RouteAction.Types.MaxStreamDuration { MaxStreamDuration_ = request.Value.ToProto() };
            else action.Timeout = request.Value.ToProto();
        }
        if (timeout.Idle is { } idle && role != FleetRole.Proxyless) action.IdleTimeout = idle.Value.ToProto();
    }
}
