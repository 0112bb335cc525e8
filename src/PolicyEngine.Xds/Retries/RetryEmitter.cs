using Envoy.Config.Route.V3;
using Route = PolicyEngine.Ir.Route;
using RouteAction = Envoy.Config.Route.V3.RouteAction;

namespace PolicyEngine.Xds.Retries;

internal static class RetryEmitter
{
    public static void Apply(Route route, RouteAction action)
    {
        if (route.Traffic.Retry is not { } retry) return;
        var policy = new RetryPolicy { NumRetries = (uint)retry.Attempts, RetryOn = string.Join(',', retry.On) };
        policy.RetriableStatusCodes.AddRange(retry.StatusCodes.Select(c => (uint)c));
        if (retry.PerTryTimeout is { } perTry) policy.PerTryTimeout = perTry.ToProto();
        if (retry.BackOffBase is { } wait)
        {
            policy.RetryBackOff = new RetryPolicy.Types.RetryBackOff { BaseInterval = wait.ToProto() };
            if (retry.BackOffMax is { } longest) policy.RetryBackOff.MaxInterval = longest.ToProto();
        }
        action.RetryPolicy = policy;
    }
}
