using Envoy.Service.Discovery.V3;
using Grpc.Core;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.ControlPlane.Wire;

namespace PolicyEngine.ControlPlane.Services;

/// <summary>ADS: all types on one stream.</summary>
[BindServiceMethod(typeof(AggregatedDiscovery), nameof(Bind))]
internal abstract class AggregatedDiscovery
{
    private const string Service = "envoy.service.discovery.v3.AggregatedDiscoveryService";

    public abstract Task StreamAggregatedResources(IAsyncStreamReader<DiscoveryRequest> requests, IServerStreamWriter<EncodedResponse> responses, ServerCallContext context);

    public abstract Task DeltaAggregatedResources(IAsyncStreamReader<DeltaDiscoveryRequest> requests, IServerStreamWriter<EncodedResponse> responses, ServerCallContext context);

    public static void Bind(ServiceBinderBase binder, AggregatedDiscovery? service)
    {
        binder.AddMethod(DiscoveryMethods.Stream(Service, nameof(StreamAggregatedResources)), service is null ? null : service.StreamAggregatedResources);
        binder.AddMethod(DiscoveryMethods.Delta(Service, nameof(DeltaAggregatedResources)), service is null ? null : service.DeltaAggregatedResources);
    }
}

internal sealed class AggregatedDiscoveryService(StreamContext shared) : AggregatedDiscovery
{
    public override Task StreamAggregatedResources(IAsyncStreamReader<DiscoveryRequest> requests, IServerStreamWriter<EncodedResponse> responses, ServerCallContext context) =>
        DiscoveryMethods.Serve(shared, null, requests, responses, context);

    public override Task DeltaAggregatedResources(IAsyncStreamReader<DeltaDiscoveryRequest> requests, IServerStreamWriter<EncodedResponse> responses, ServerCallContext context) =>
        DiscoveryMethods.Serve(shared, null, requests, responses, context);
}
