using System.Diagnostics;
using System.Net;
using Google.Protobuf.WellKnownTypes;
using PolicyEngine.ControlPlane;
using PolicyEngine.ControlPlane.ClientReports;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Xds;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using EnvoyEndpoint = Envoy.Config.Endpoint.V3.Endpoint;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.Benchmarks;

/// <summary>The control plane with made-up snapshots that a load client asks for: <c>POST /push?clusters=100&amp;endpoints=2&amp;changed=all|one</c>, <c>GET /stats</c>.</summary>
internal static class XdsHost
{
    private const int MostStreams = 20_000;

    public static async Task Run(int xdsPort, int httpPort)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, httpPort);
            k.ListenForNodes(IPAddress.Loopback, xdsPort);
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IFleetSelector, OneFleet>();
        // All streams come from one address, and at once.
        builder.Services.AddControlPlane(new ControlPlaneOptions
        {
            MostStreamsPerPeer = MostStreams,
            StreamsPerSecond = MostStreams,
            StreamBurst = MostStreams,
            ClientEntriesPerSecondOfPeer = int.MaxValue,
            ClientEntriesPerSecond = int.MaxValue,
        });
        var clients = new Counted();
        builder.Services.AddSingleton<IClientSink>(clients);
        var app = builder.Build();
        app.MapControlPlane();
        var (round, gate) = (0, new Lock());
        var resources = new Dictionary<string, Resource>();
        app.MapPost("/push", (SnapshotCache cache, int? clusters, int? endpoints, string? changed) =>
        {
            lock (gate)
            {
                round++;
                for (var i = 0; i < (clusters ?? 100); i++)
                {
                    if (changed == "one" && i > 0 && resources.ContainsKey($"c{i}")) continue;
                    if (changed != "one" || !resources.ContainsKey($"c{i}")) resources[$"c{i}"] = Cluster(i, round);
                    resources[$"e{i}"] = Endpoints(i, endpoints ?? 2, round);
                }
                cache.Publish(Snapshot.Of("bench", resources.Values));
            }
            return Results.Text($"{{\"version\":\"{round}\"}}", "application/json");
        });
        app.MapGet("/stats", (NodeRegistry nodes) => Results.Text($"{{\"streams\":{nodes.Nodes.Length},\"rssBytes\":{Process.GetCurrentProcess().WorkingSet64}}}", "application/json"));
        app.MapGet("/clients", () => Results.Text(FormattableString.Invariant($"{clients.Requests} {clients.Reports} {Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds} {Process.GetCurrentProcess().WorkingSet64}")));
        await app.RunAsync();
    }

    private static string Name(int i) => $"service-{i:0000}.v1";

    private static Resource Cluster(int i, int round) => Resource.Of(ResourceType.Cluster, Name(i), new EnvoyCluster
    {
        Name = Name(i),
        Type = EnvoyCluster.Types.DiscoveryType.Eds,
        EdsClusterConfig = new() { EdsConfig = new() { Ads = new(), ResourceApiVersion = Envoy.Config.Core.V3.ApiVersion.V3 } },
        ConnectTimeout = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(1000 + round % 1000)),
    }, []);

    private static Resource Endpoints(int i, int count, int round)
    {
        var assignment = new Envoy.Config.Endpoint.V3.ClusterLoadAssignment { ClusterName = Name(i) };
        var locality = new Envoy.Config.Endpoint.V3.LocalityLbEndpoints();
        for (var e = 0; e < count; e++)
            locality.LbEndpoints.Add(new Envoy.Config.Endpoint.V3.LbEndpoint { Endpoint = new EnvoyEndpoint { Address = new() { SocketAddress = new() { Address = $"10.{round % 250}.{i % 250}.{e + 1}", PortValue = 8080 } } } });
        assignment.Endpoints.Add(locality);
        return Resource.Of(ResourceType.Endpoints, Name(i), assignment, []);
    }

    /// <summary>What is told of clients, summed.</summary>
    private sealed class Counted : IClientSink
    {
        public double Requests { get; private set; }

        public int Reports { get; private set; }

        public void Report(IReadOnlyList<ClientReport> reports) => (Requests, Reports) = (Requests + reports.Sum(r => r.Requests), Reports + reports.Count);
    }

    private sealed class OneFleet : IFleetSelector
    {
        public string? FleetOf(NodeIdentity node) => "bench";
    }
}
