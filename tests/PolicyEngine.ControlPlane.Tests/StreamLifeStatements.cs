using System.Net.Sockets;
using Envoy.Service.Accesslog.V3;
using Envoy.Service.Discovery.V3;
using Envoy.Service.LoadStats.V3;
using Envoy.Service.Status.V3;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Time.Testing;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;
using CollectionProtos = PolicyEngine.Protos.Collections.V1;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>Statement F8: when and how streams are ended by the server.</summary>
public sealed class StreamLifeStatements
{
    [Fact]
    public async Task F8_OldStream_IsEnded_AndTheNodeComesBackOnANewConnection()
    {
        var time = new FakeTimeProvider();
        await using var host = await Start(new ControlPlaneOptions { MaxConnectionAge = TimeSpan.FromMinutes(30) }, time: time);
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        var connections = 0;
        using var channel = Counted(host, () => Interlocked.Increment(ref connections));
        await using var client = Sotw(channel);
        await client.Send(ResourceType.Cluster);
        await client.Ack(await client.Next());
        time.Advance(TimeSpan.FromMinutes(23));
        host.Cache.Publish(Snapshot(null, ("a", 2)));
        await client.Ack(await client.Next());
        time.Advance(TimeSpan.FromMinutes(8));
        await Ended(client);
        Assert.Equal(["a"], await ComeBack(channel));
        Assert.True(Volatile.Read(ref connections) > 1);
    }

    /// <summary>
    /// As nodes do, again until it is answered: a stream that begins while the connection closes is refused, and the library may begin it anew by
    /// itself without the request that it thinks is sent.
    /// </summary>
    private static async Task<IEnumerable<string>> ComeBack(GrpcChannel channel)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var client = Sotw(channel);
            try
            {
                await client.Send(ResourceType.Cluster);
                return SotwClient.Clusters(await client.Next().WithTimeout(TimeSpan.FromSeconds(5)));
            }
            catch (Exception e) when (attempt < 5 && e is RpcException or TimeoutException)
            {
            }
        }
    }

    private static SotwClient Sotw(GrpcChannel channel) => new(new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).StreamAggregatedResources(), "n1");

    private static GrpcChannel Counted(XdsHost host, Action connected) => GrpcChannel.ForAddress($"http://127.0.0.1:{host.Port}", new GrpcChannelOptions
    {
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                connected();
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        },
    });

    /// <summary>The stream ended well, or its connection was closed in good order before the end of the stream was read.</summary>
    private static async Task Ended(SotwClient client)
    {
        try
        {
            Assert.True(await client.Ended());
        }
        catch (RpcException e) when (e.Status.DebugException is HttpProtocolException { ErrorCode: 0 })
        {
        }
    }

    /// <summary>A place that nobody uses is given back.</summary>
    [Theory]
    [InlineData("envoy.service.discovery.v3.AggregatedDiscoveryService", "StreamAggregatedResources")]
    [InlineData("envoy.service.cluster.v3.ClusterDiscoveryService", "DeltaClusters")]
    [InlineData("envoy.service.load_stats.v3.LoadReportingService", "StreamLoadStats")]
    [InlineData("envoy.service.health.v3.HealthDiscoveryService", "StreamHealthCheck")]
    [InlineData("envoy.service.accesslog.v3.AccessLogService", "StreamAccessLogs")]
    [InlineData("envoy.service.status.v3.ClientStatusDiscoveryService", "StreamClientStatus")]
    [InlineData("policyengine.collections.v1.SnapshotCollections", "Watch")]
    public async Task StreamWithoutARequest_IsEnded(string service, string method)
    {
        await using var host = await Start(new ControlPlaneOptions { FirstRequestTimeout = TimeSpan.FromMilliseconds(200) });
        var bytes = new Method<byte[], byte[]>(MethodType.DuplexStreaming, service, method, Marshallers.Create(b => b, b => b), Marshallers.Create(b => b, b => b));
        using var call = host.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(bytes, null, default);
        var ended = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext().WithTimeout());
        Assert.Equal(StatusCode.DeadlineExceeded, ended.StatusCode);
        Assert.Contains("no request came on this stream", ended.Status.Detail);
    }

    [Fact]
    public async Task F8_Shutdown_WaitsForNoFirstRequestEither()
    {
        var host = await Start();
        using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(host.Channel).StreamAggregatedResources();
        await using var silent = new Reader(call, Reader.Read(call.ResponseStream));
        await host.Stop().WithTimeout(TimeSpan.FromSeconds(10));
        await host.DisposeAsync();
    }

    [Fact]
    public async Task F8_Shutdown_EndsStreamsAtOnce()
    {
        var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        await client.Next();
        var stopping = host.Stop();
        await Ended(client);
        await stopping.WithTimeout(TimeSpan.FromSeconds(10));
        await host.DisposeAsync();
    }

    /// <summary>Whatever stream is open, stopping does not wait for its client.</summary>
    [Theory]
    [InlineData("loads")]
    [InlineData("collections")]
    [InlineData("client status")]
    public async Task F8_Shutdown_WaitsForNoOtherStreamEither(string what)
    {
        var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = await (what switch
        {
            "loads" => Reader.Open(new LoadReportingService.LoadReportingServiceClient(host.Channel).StreamLoadStats(), new LoadStatsRequest { Node = new EnvoyNode { Id = "n1", Cluster = "fleet" } }),
            "collections" => Reader.Open(
                new CollectionProtos.SnapshotCollections.SnapshotCollectionsClient(host.Channel).Watch(),
                new CollectionProtos.WatchRequest { Subscription = new CollectionProtos.Subscription { Node = new CollectionProtos.Node { Id = "agent", Cluster = "fleet" } } }),
            _ => Reader.Open(new ClientStatusDiscoveryService.ClientStatusDiscoveryServiceClient(host.Channel).StreamClientStatus(), new ClientStatusRequest()),
        });
        await host.Stop().WithTimeout(TimeSpan.FromSeconds(10));
        await host.DisposeAsync();
    }

    [Fact]
    public async Task F8_Shutdown_WaitsForNoAccessLogEither()
    {
        var host = await Start();
        using var call = new AccessLogService.AccessLogServiceClient(host.Channel).StreamAccessLogs();
        await call.RequestStream.WriteAsync(new StreamAccessLogsMessage { Identifier = new() { Node = new EnvoyNode { Id = "n1", Cluster = "fleet" }, LogName = "client-reports/100%" } });
        await host.Stop().WithTimeout(TimeSpan.FromSeconds(10));
        await host.DisposeAsync();
    }

    /// <summary>A client that has had an answer and goes on reading until the end.</summary>
    private sealed class Reader(IDisposable call, Task reading) : IAsyncDisposable
    {
        public static async Task<Reader> Open<TRequest, TResponse>(AsyncDuplexStreamingCall<TRequest, TResponse> call, TRequest first)
        {
            await call.RequestStream.WriteAsync(first);
            Assert.True(await call.ResponseStream.MoveNext(default).WithTimeout());
            return new Reader(call, Read(call.ResponseStream));
        }

        public async ValueTask DisposeAsync()
        {
            call.Dispose();
            await reading.WithTimeout();
        }

        public static async Task Read<T>(IAsyncStreamReader<T> responses)
        {
            try
            {
                while (await responses.MoveNext(default))
                {
                }
            }
            catch (RpcException)
            {
                // The connection may be closed before the status was read.
            }
        }
    }
}
