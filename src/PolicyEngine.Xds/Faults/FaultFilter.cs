using Envoy.Extensions.Filters.Common.Fault.V3;
using Envoy.Extensions.Filters.Http.Fault.V3;
using Google.Protobuf;
using PolicyEngine.Ir;
using PolicyEngine.Xds.HttpFilters;
using EnvoyAbort = Envoy.Extensions.Filters.Http.Fault.V3.FaultAbort;
using EnvoyDelay = Envoy.Extensions.Filters.Common.Fault.V3.FaultDelay;

namespace PolicyEngine.Xds.Faults;

internal sealed class FaultFilter : HttpFilter
{
    public override FilterSlot Slot => FilterSlot.Fault;

    public override string Name => "envoy.filters.http.fault";

    public override bool WorksProxyless => true;

    public override IMessage Idle() => new HTTPFault();

    public override IMessage? OnRoute(Route route)
    {
        if (route.Traffic.Fault is not { } fault) return null;
        var config = new HTTPFault();
        if (fault.Delay is { } delay) config.Delay = new EnvoyDelay { FixedDelay = delay.Duration.ToProto(), Percentage = delay.Share.ToProto() };
        if (fault.Abort is { } abort) config.Abort = new EnvoyAbort { HttpStatus = (uint)abort.Status, Percentage = abort.Share.ToProto() };
        return config;
    }
}
