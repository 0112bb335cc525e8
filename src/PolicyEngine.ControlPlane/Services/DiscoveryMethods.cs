using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.ControlPlane.Wire;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Services;

/// <summary>All discovery services: what they do is the same, whatever the type.</summary>
internal sealed class DiscoveryServices(StreamContext shared)
{
    public Task Stream(ResourceType? only, IAsyncStreamReader<DiscoveryRequest> requests, IServerStreamWriter<EncodedResponse> responses, ServerCallContext context) =>
        new StreamLoop<DiscoveryRequest>(shared, new SotwStream(shared.Encoder, only, shared.Options.ResourceErrors), r => r.Node, NodeStatus.StateOfTheWorld, context.GetHttpContext())
            .Run(requests, responses, context.CancellationToken);

    public Task Delta(ResourceType? only, IAsyncStreamReader<DeltaDiscoveryRequest> requests, IServerStreamWriter<EncodedResponse> responses, ServerCallContext context) =>
        new StreamLoop<DeltaDiscoveryRequest>(shared, new DeltaStream(shared.Encoder, only, shared.Options.OnDemand, shared.Options.ResourceErrors), r => r.Node, NodeStatus.Delta, context.GetHttpContext())
            .Run(requests, responses, context.CancellationToken);

    public EncodedResponse Fetch(ResourceType type, DiscoveryRequest request, ServerCallContext context)
    {
        var wanted = Selection.Of(shared, type, request, Peer.Of(context.GetHttpContext()));
        return new EncodedResponse(shared.Encoder.Full(wanted.Set, wanted.Key, wanted.Resources), "");
    }
}

/// <summary>Binds the methods of every service in <see cref="DiscoveryApi.All"/>: as generated code would, but with responses that are encoded already.</summary>
internal sealed class DiscoveryMethods : IServiceMethodProvider<DiscoveryServices>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<DiscoveryServices> context)
    {
        foreach (var api in DiscoveryApi.All)
        {
            context.AddDuplexStreamingMethod(Of(MethodType.DuplexStreaming, api, "Delta", DeltaDiscoveryRequest.Parser), [], (service, requests, responses, call) => service.Delta(api.Type, requests, responses, call));
            if (api.HasStream)
                context.AddDuplexStreamingMethod(Of(MethodType.DuplexStreaming, api, "Stream", DiscoveryRequest.Parser), [], (service, requests, responses, call) => service.Stream(api.Type, requests, responses, call));
            if (api.HasFetch)
                context.AddUnaryMethod(Of(MethodType.Unary, api, "Fetch", DiscoveryRequest.Parser), [], (service, request, call) => Task.FromResult(service.Fetch(api.Type!, request, call)));
        }
    }

    private static Method<T, EncodedResponse> Of<T>(MethodType kind, DiscoveryApi api, string verb, MessageParser<T> parser) where T : IMessage<T> =>
        new(kind, api.Service, verb + api.Noun, Marshallers.Create<T>((_, _) => throw new NotSupportedException("requests are only read here"), c => Parse(parser, c)), EncodedResponse.Marshaller);

    private static T Parse<T>(MessageParser<T> parser, DeserializationContext context) where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(context.PayloadAsReadOnlySequence());
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw AdmissionInterceptor.Malformed(fault);
        }
    }
}
