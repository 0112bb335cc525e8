using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Grpc.Core;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.ControlPlane.Wire;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Services;

/// <summary>How the discovery services are bound: as generated code would, but with responses that are encoded already.</summary>
internal static class DiscoveryMethods
{
    public static Method<DiscoveryRequest, EncodedResponse> Stream(string service, string name) => Of(service, name, DiscoveryRequest.Parser);

    public static Method<DeltaDiscoveryRequest, EncodedResponse> Delta(string service, string name) => Of(service, name, DeltaDiscoveryRequest.Parser);

    public static Task Serve(StreamContext shared, ResourceType? only, IAsyncStreamReader<DiscoveryRequest> requests, IServerStreamWriter<EncodedResponse> responses, ServerCallContext context) =>
        new StreamLoop<DiscoveryRequest>(shared, new SotwStream(shared.Encoder, only), r => r.Node, "state-of-the-world", context.GetHttpContext())
            .Run(requests, responses, context.CancellationToken);

    public static Task Serve(StreamContext shared, ResourceType? only, IAsyncStreamReader<DeltaDiscoveryRequest> requests, IServerStreamWriter<EncodedResponse> responses, ServerCallContext context) =>
        new StreamLoop<DeltaDiscoveryRequest>(shared, new DeltaStream(shared.Encoder, only), r => r.Node, "delta", context.GetHttpContext())
            .Run(requests, responses, context.CancellationToken);

    private static Method<T, EncodedResponse> Of<T>(string service, string name, MessageParser<T> parser) where T : IMessage<T> =>
        new(MethodType.DuplexStreaming, service, name, Marshallers.Create<T>((_, _) => throw new NotSupportedException("requests are only read here"), c => parser.ParseFrom(c.PayloadAsReadOnlySequence())), EncodedResponse.Marshaller);
}
