using System.Collections.Concurrent;
using System.Net;
using Envoy.Config.Endpoint.V3;
using Envoy.Service.Discovery.V3;
using Envoy.Data.Accesslog.V3;
using Envoy.Service.Accesslog.V3;
using Envoy.Service.LoadStats.V3;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolicyEngine.ControlPlane;
using PolicyEngine.ControlPlane.ClientReports;
using PolicyEngine.ControlPlane.Loads;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using Duration = Google.Protobuf.WellKnownTypes.Duration;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace PolicyEngine.Agent.Tests;

/// <summary>An agent between a real server and a node, all on sockets.</summary>
public sealed class AgentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policyengine-agent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Snapshot_OutlivesTheServerAndTheAgent_AndTheNextOneIsTakenWhenTheServerIsBack()
    {
        var port = FreePorts.Next();
        await using (var server = await Server(port))
        {
            server.Services.GetRequiredService<SnapshotCache>().Publish(Samples.Snapshot(("a", 1)));
            await using var agent = await Agent(port);
            Assert.Equal(["a"], await Clusters(agent.Port));
        }
        await using (var agent = await Agent(port)) Assert.Equal(["a"], await Clusters(agent.Port));
        await using (var agent = await Agent(port))
        {
            await using var server = await Server(port);
            var next = Samples.Snapshot(("a", 1), ("b", 1));
            server.Services.GetRequiredService<SnapshotCache>().Publish(next);
            await Waiting.Until(() => agent.Current?.Snapshot.Revision == next.Revision, "the new version");
            Assert.Equal(["a", "b"], await Clusters(agent.Port));
        }
    }

    [Fact]
    public async Task NodesOfAnAgent_AreKnownToTheServer_AsIsWhatTheyRefuse()
    {
        var port = FreePorts.Next();
        await using var server = await Server(port);
        var snapshot = Samples.Snapshot(("a", 1));
        server.Services.GetRequiredService<SnapshotCache>().Publish(snapshot);
        await using var agent = await Agent(port);
        var nodes = server.Services.GetRequiredService<NodeRegistry>();
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{agent.Port}");
        using (var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).StreamAggregatedResources())
        {
            var clusters = await First(call);
            await Waiting.Until(() => nodes.Nodes.Any(n => n is { Node.Id: "e1", Protocol: "state-of-the-world by agent-1", State: SyncState.Sent }), "the node to be known");
            await call.RequestStream.WriteAsync(new DiscoveryRequest { TypeUrl = clusters.TypeUrl, ResponseNonce = clusters.Nonce, ErrorDetail = new Google.Rpc.Status { Message = "cluster a is not good" } });
            await Waiting.Until(() => nodes.Nodes.Any(n => n is { Node.Id: "e1", State: SyncState.Rejected }), "the refusal to be known");
            var type = nodes.Nodes.Single(n => n.Node.Id == "e1").Types.Single();
            Assert.Equal(("cluster a is not good", snapshot[ResourceType.Cluster].Version), (type.Rejection!.Message, type.Rejection.Version));
            Assert.Equal(["Service/a"], type.Rejection.Suspects);
            Assert.Equal((2, 1, 1), nodes.Of(snapshot) is var a ? (a.Nodes, a.Acknowledged, a.Rejected) : default);
        }
        await Waiting.Until(() => nodes.Nodes is [{ Node.Id: "agent-1", Protocol: "collections", State: SyncState.Synced }], "the node to be gone");
    }

    [Fact]
    public async Task NodeOfAnotherCluster_IsServedNothing()
    {
        var port = FreePorts.Next();
        await using var server = await Server(port);
        server.Services.GetRequiredService<SnapshotCache>().Publish(Samples.Snapshot(("a", 1)));
        await using var agent = await Agent(port);
        await Waiting.Until(() => agent.Current is not null, "the first version");
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{agent.Port}");
        using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).StreamAggregatedResources();
        await call.RequestStream.WriteAsync(new DiscoveryRequest { Node = new EnvoyNode { Id = "e1", Cluster = "other" }, TypeUrl = ResourceType.Cluster.TypeUrl });
        var nodes = server.Services.GetRequiredService<NodeRegistry>();
        await Waiting.Until(() => nodes.Nodes.Any(n => n is { Node.Id: "e1", Fleet: null, State: SyncState.NotSent }), "the node to be known");
    }

    [Fact]
    public async Task LoadsOfANode_ReachTheServer_InTheNodesName_AndEndWithIt()
    {
        var port = FreePorts.Next();
        var loads = new Loads();
        await using var server = await Server(port, loads);
        server.Services.GetRequiredService<SnapshotCache>().Publish(Samples.Snapshot(("a", 1)));
        await using var agent = await Agent(port);
        await Waiting.Until(() => agent.Current is not null, "the first version");
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{agent.Port}");
        using (var call = new LoadReportingService.LoadReportingServiceClient(channel).StreamLoadStats())
        {
            await call.RequestStream.WriteAsync(new LoadStatsRequest
            {
                Node = new EnvoyNode { Id = "e1", Cluster = "fleet" },
                ClusterStats = { new ClusterStats { ClusterName = "a", LoadReportInterval = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)), UpstreamLocalityStats = { new UpstreamLocalityStats { Locality = new() { Region = "r", Zone = "z" }, TotalSuccessfulRequests = 7, TotalErrorRequests = 2, TotalIssuedRequests = 9, TotalRequestsInProgress = 1 } } } },
            });
            await Waiting.Until(() => loads.Seen.Contains("e1 fleet a r/z 7 2 9 1 1s"), "the loads to arrive");
        }
        await Waiting.Until(() => loads.Seen.Contains("e1 ended"), "the stream to end");
    }

    [Fact]
    public async Task ClientsOfItsNodes_ReachTheServer_CountedAlready()
    {
        var port = FreePorts.Next();
        var clients = new Clients();
        await using var server = await Server(port, more: s => s.AddSingleton<IClientSink>(clients));
        server.Services.GetRequiredService<SnapshotCache>().Publish(Samples.Snapshot(("a", 1)));
        await using var agent = await Agent(port);
        await Waiting.Until(() => agent.Current is not null, "the first version");
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{agent.Port}");
        using var call = new AccessLogService.AccessLogServiceClient(channel).StreamAccessLogs();
        await call.RequestStream.WriteAsync(new StreamAccessLogsMessage
        {
            Identifier = new() { Node = new EnvoyNode { Id = "e1", Cluster = "fleet" }, LogName = "client-reports/20%" },
            HttpLogs = new() { LogEntry = { Entry("a", "10.1.2.3"), Entry("a", "10.1.2.4"), Entry("a", "2001:db8::1"), Entry("b", "10.1.2.3", refused: true) } },
        });
        // Nothing is known of when the agent counts; whatever it tells adds up.
        await Waiting.Until(() => clients.Sum("a", "10.1.2.0/24") == 10 && clients.Sum("a", "2001:db8::/64") == 5 && clients.Seen.Any(r => r.Cluster == "b"), "the counts to arrive");
        Assert.Equal(0, clients.Seen.Where(r => r.Cluster == "b").Sum(r => r.Requests));
    }

    private static HTTPAccessLogEntry Entry(string cluster, string address, bool refused = false) => new()
    {
        CommonProperties = new AccessLogCommon
        {
            UpstreamCluster = cluster,
            DownstreamRemoteAddress = new() { SocketAddress = new() { Address = address, PortValue = 4711 } },
            ResponseFlags = refused ? new ResponseFlags { RateLimited = true } : null,
        },
    };

    private sealed class Clients : IClientSink
    {
        public ConcurrentQueue<ClientReport> Seen { get; } = [];

        public double Sum(string cluster, string range) => Seen.Where(r => r.Cluster == cluster && r.Range?.ToString() == range).Sum(r => r.Requests);

        public void Report(IReadOnlyList<ClientReport> reports)
        {
            foreach (var report in reports) Seen.Enqueue(report);
        }
    }

    private sealed class Loads : ILoadSink
    {
        public ConcurrentQueue<string> Seen { get; } = [];

        public void Report(LoadReport r) => Seen.Enqueue($"{r.NodeId} {r.Fleet} {r.Cluster} {r.Locality} {r.Successful} {r.Errors} {r.Issued} {r.UnderWay} {r.Interval.TotalSeconds}s");

        public void Ended(string nodeId) => Seen.Enqueue($"{nodeId} ended");
    }

    private Task<AgentApp> Agent(int server) =>
        AgentApp.Start(AgentOptions.Parse($"http://127.0.0.1:{server}", "agent-1", "fleet", [], "127.0.0.1:0", _folder), TestContext.Current.CancellationToken);

    private static async Task<WebApplication> Server(int port, ILoadSink? loads = null, Action<IServiceCollection>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.ListenForNodes(IPAddress.Loopback, port));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IFleetSelector, ByCluster>();
        if (loads is not null) builder.Services.AddSingleton(loads);
        more?.Invoke(builder.Services);
        builder.Services.AddControlPlane(new ControlPlaneOptions());
        var app = builder.Build();
        app.MapControlPlane();
        await app.StartAsync();
        return app;
    }

    private static async Task<DiscoveryResponse> First(AsyncDuplexStreamingCall<DiscoveryRequest, DiscoveryResponse> call)
    {
        await call.RequestStream.WriteAsync(new DiscoveryRequest { Node = new EnvoyNode { Id = "e1", Cluster = "fleet" }, TypeUrl = ResourceType.Cluster.TypeUrl });
        Assert.True(await call.ResponseStream.MoveNext().WithTimeout());
        return call.ResponseStream.Current;
    }

    private static async Task<List<string>> Clusters(int port)
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).StreamAggregatedResources();
        return [.. (await First(call)).Resources.Select(r => r.Unpack<EnvoyCluster>().Name)];
    }

    private sealed class ByCluster : IFleetSelector
    {
        public string? FleetOf(NodeIdentity node) => node.Cluster;
    }
}
