using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Envoy.Service.Cluster.V3;
using Envoy.Service.Discovery.V3;
using Envoy.Service.Health.V3;
using Envoy.Service.Accesslog.V3;
using Envoy.Service.LoadStats.V3;
using Envoy.Service.Status.V3;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Time.Testing;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using CollectionProtos = PolicyEngine.Protos.Collections.V1;
using EnvoyNode = Envoy.Config.Core.V3.Node;
using static PolicyEngine.ControlPlane.Tests.XdsHost;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>Mutual TLS on the port of nodes: statement F10, and certificates that are exchanged while it runs.</summary>
public sealed class MutualTlsTests : IDisposable
{
    private readonly Authority _authority = new();
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _problems = [];
    private static int _nodes;

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task F10_PeerOfTheFleetThatItClaims_IsServed_AndAnotherIsRefusedBeforeAnythingIsKept()
    {
        await using var host = await Start();
        using var right = Channel(host, _authority, "spiffe://test/fleet");
        Assert.Equal(["a"], await Clusters(right));

        using var wrong = Channel(host, _authority, "spiffe://test/other", "dns.example.com");
        var refused = await Assert.ThrowsAsync<RpcException>(() => Clusters(wrong));
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        Assert.Contains("spiffe://test/other, dns.example.com is no node of fleet", refused.Status.Detail);

        using var nameless = Channel(host, _authority);
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => Clusters(nameless))).StatusCode);
        await Waiting.Until(() => host.Nodes.Nodes.IsEmpty, "nothing to be kept");
    }

    /// <summary>Whatever the way in, a node of another fleet is told nothing and believed nothing.</summary>
    [Theory]
    [InlineData("fetch")]
    [InlineData("delta")]
    [InlineData("loads")]
    [InlineData("clients")]
    [InlineData("health")]
    [InlineData("collections")]
    public async Task F10_PeerOfAnotherFleet_IsRefusedByEveryService(string what)
    {
        await using var host = await Start();
        using var wrong = Channel(host, _authority, "spiffe://test/other");
        var node = new EnvoyNode { Id = "n1", Cluster = "fleet" };
        var refused = await Assert.ThrowsAsync<RpcException>(() => what switch
        {
            "fetch" => new ClusterDiscoveryService.ClusterDiscoveryServiceClient(wrong).FetchClustersAsync(new DiscoveryRequest { Node = node }).ResponseAsync,
            "delta" => First(new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(wrong).DeltaAggregatedResources(), new DeltaDiscoveryRequest { Node = node, TypeUrl = ResourceType.Cluster.TypeUrl }),
            "loads" => First(new LoadReportingService.LoadReportingServiceClient(wrong).StreamLoadStats(), new LoadStatsRequest { Node = node }),
            "clients" => Clients(wrong, node),
            "health" => First(new HealthDiscoveryService.HealthDiscoveryServiceClient(wrong).StreamHealthCheck(), new HealthCheckRequestOrEndpointHealthResponse { HealthCheckRequest = new() { Node = node } }),
            _ => First(new CollectionProtos.SnapshotCollections.SnapshotCollectionsClient(wrong).Watch(), new CollectionProtos.WatchRequest { Subscription = new() { Node = new() { Id = "n1", Cluster = "fleet" } } }),
        });
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
    }

    private static async Task<StreamAccessLogsResponse> Clients(GrpcChannel channel, EnvoyNode node)
    {
        using var call = new AccessLogService.AccessLogServiceClient(channel).StreamAccessLogs();
        await call.RequestStream.WriteAsync(new StreamAccessLogsMessage { Identifier = new() { Node = node, LogName = "client-reports/100%" } }).WhateverBecomes();
        return await call.ResponseAsync.WithTimeout();
    }

    [Fact]
    public async Task F10_DiscoveryByRest_IsForbiddenToAPeerOfAnotherFleet()
    {
        await using var host = await Start();
        using var wrong = new HttpClient(Handler(_authority, null, "spiffe://test/other")) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await wrong.PostAsync(new Uri($"https://127.0.0.1:{host.Port}/v3/discovery:clusters"), new StringContent("""{"node": {"id": "n1", "cluster": "fleet"}}"""));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task ClientStatus_ShowsAPeerTheNodesThatItCouldBe()
    {
        await using var host = await Start();
        using var right = Channel(host, _authority, "spiffe://test/fleet");
        using var wrong = Channel(host, _authority, "spiffe://test/other");
        using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(right).StreamAggregatedResources();
        await using var client = new SotwClient(call, "n1");
        await client.Send(ResourceType.Cluster);
        await client.Next();
        Assert.Single((await new ClientStatusDiscoveryService.ClientStatusDiscoveryServiceClient(right).FetchClientStatusAsync(new ClientStatusRequest())).Config);
        Assert.Empty((await new ClientStatusDiscoveryService.ClientStatusDiscoveryServiceClient(wrong).FetchClientStatusAsync(new ClientStatusRequest())).Config);
    }

    [Fact]
    public async Task F10_PeerWithoutACertificateOfTheAuthority_DoesNotGetThroughTheHandshake()
    {
        await using var host = await Start();
        using var stranger = new Authority("somebody else");
        using var foreign = Channel(host, stranger, "spiffe://test/fleet");
        await Assert.ThrowsAnyAsync<Exception>(() => Clusters(foreign));
        using var none = GrpcChannel.ForAddress($"https://127.0.0.1:{host.Port}", new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true } } });
        await Assert.ThrowsAnyAsync<Exception>(() => Clusters(none));
        Assert.Empty(host.Nodes.Nodes);
    }

    [Fact]
    public async Task NewCertificate_IsForNewConnections_AndThoseThatStandGoOn()
    {
        await using var host = await Start();
        using var before = Channel(host, _authority, "spiffe://test/fleet");
        using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(before).StreamAggregatedResources();
        await using var client = new SotwClient(call, "n1");
        await client.Send(ResourceType.Cluster);
        var first = await client.Next();

        _authority.Sign("server", "127.0.0.1", "renewed.example.com");
        _time.Advance(TimeSpan.FromSeconds(2));
        var seen = "";
        using var after = Channel(host, _authority, c => seen = c.GetNameInfo(X509NameType.DnsName, false), "spiffe://test/fleet");
        await Clusters(after);
        Assert.Equal("renewed.example.com", seen);

        await client.Ack(first);
        host.Cache.Publish(Snapshot(null, ("b", 1)));
        Assert.Equal(["b"], SotwClient.Clusters(await client.Next()));
        Assert.Empty(_problems);
    }

    [Fact]
    public async Task HalfWrittenFiles_AreSaidOnce_AndTheLastGoodOnesGoOn()
    {
        await using var host = await Start();
        await File.WriteAllTextAsync(Path.Combine(_authority.Folder, "server.key"), "-----BEGIN PRIVATE KEY-----");
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            using var channel = Channel(host, _authority, "spiffe://test/fleet");
            Assert.Equal(["a"], await Clusters(channel));
        }
        Assert.Contains("server.key' cannot be used for TLS", Assert.Single(_problems));
    }

    private async Task<XdsHost> Start()
    {
        var (certificate, key) = _authority.Sign("server", "127.0.0.1");
        var host = await XdsHost.Start(tls: new TlsFiles(certificate, key, _authority.Root, _time, _problems.Add));
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        return host;
    }

    private static async Task<IEnumerable<string>> Clusters(GrpcChannel channel)
    {
        using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).StreamAggregatedResources();
        await using var client = new SotwClient(call, "n1");
        await client.Send(ResourceType.Cluster);
        return SotwClient.Clusters(await client.Next());
    }

    private static GrpcChannel Channel(XdsHost host, Authority authority, params string[] names) => Channel(host, authority, null, names);

    private static GrpcChannel Channel(XdsHost host, Authority authority, Action<X509Certificate2>? look, params string[] names) =>
        GrpcChannel.ForAddress($"https://127.0.0.1:{host.Port}", new GrpcChannelOptions { DisposeHttpClient = true, HttpHandler = Handler(authority, look, names) });

    private static SocketsHttpHandler Handler(Authority authority, Action<X509Certificate2>? look, params string[] names)
    {
        var (certificate, key) = authority.Sign($"node-{Interlocked.Increment(ref _nodes)}", names);
        return new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, key)],
                RemoteCertificateValidationCallback = (_, server, _, _) =>
                {
                    look?.Invoke((X509Certificate2)server!);
                    return true;
                },
            },
        };
    }

    private static async Task First<TRequest, TResponse>(AsyncDuplexStreamingCall<TRequest, TResponse> call, TRequest request)
    {
        using var ends = call;
        await call.RequestStream.WriteAsync(request).WhateverBecomes();
        await call.ResponseStream.MoveNext(default).WithTimeout();
    }
}
