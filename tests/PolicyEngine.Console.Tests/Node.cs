using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Grpc.Net.Client;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace PolicyEngine.Console.Tests;

/// <summary>A node of the sample's edge fleet that asks for clusters, and answers as a test says.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<DiscoveryRequest, DiscoveryResponse> _call;

    private Node(int port)
    {
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        _call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(_channel).StreamAggregatedResources();
    }

    /// <summary>Connected, and what it got first is acknowledged.</summary>
    public static async Task<Node> Connect(int port, ResourceType type, string id = "edge-1", string agent = "envoy")
    {
        var node = new Node(port);
        await node._call.RequestStream.WriteAsync(new DiscoveryRequest { TypeUrl = type.TypeUrl, Node = new EnvoyNode { Id = id, Cluster = "edge", UserAgentName = agent }, ResourceNames = { type == ResourceType.RouteTable ? ["public.http"] : Array.Empty<string>() } });
        await node.Acknowledge();
        return node;
    }

    public async Task Acknowledge() => await Answer(await Next(), null);

    public async Task Refuse(string message) => await Answer(await Next(), message);

    private async Task<DiscoveryResponse> Next() =>
        await _call.ResponseStream.MoveNext().WithTimeout() ? _call.ResponseStream.Current : throw new InvalidOperationException("the stream ended");

    private Task Answer(DiscoveryResponse response, string? refusal)
    {
        var request = new DiscoveryRequest { TypeUrl = response.TypeUrl, ResponseNonce = response.Nonce, VersionInfo = refusal is null ? response.VersionInfo : "", ResourceNames = { response.TypeUrl == ResourceType.RouteTable.TypeUrl ? ["public.http"] : Array.Empty<string>() } };
        if (refusal is not null) request.ErrorDetail = new Google.Rpc.Status { Code = 13, Message = refusal };
        return _call.RequestStream.WriteAsync(request);
    }

    public ValueTask DisposeAsync()
    {
        _call.Dispose();
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }
}
