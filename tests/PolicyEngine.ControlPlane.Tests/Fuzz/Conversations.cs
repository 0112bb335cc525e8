using System.Text;
using Envoy.Service.Accesslog.V3;
using Envoy.Service.Discovery.V3;
using Envoy.Service.Health.V3;
using Envoy.Service.LoadStats.V3;
using Envoy.Service.Status.V3;
using Grpc.Core;
using Grpc.Net.Client;
using PolicyEngine.ControlPlane.Tests.ClientReports;
using PolicyEngine.Protos.Collections.V1;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace PolicyEngine.ControlPlane.Tests.Fuzz;

/// <summary>What well-behaved clients say to every service of the control plane, each over a connection of its own.</summary>
internal static class Conversations
{
    private static readonly EnvoyNode Self = new() { Id = "recorded", Cluster = "fleet", ClientFeatures = { "xds.config.supports-resource-ttl", "envoy.lrs.supports_send_all_clusters" } };

    public static async Task<IReadOnlyList<IReadOnlyList<Frame>>> Record(int server)
    {
        await using var recorder = new Recorder(server);
        foreach (var conversation in All())
        {
            using var channel = GrpcChannel.ForAddress(recorder.Address);
            await conversation(channel).WithTimeout();
        }
        await Rest(recorder.Address);
        return recorder.Frames();
    }

    private static IEnumerable<Func<GrpcChannel, Task>> All()
    {
        yield return c => Sotw(new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(c).StreamAggregatedResources(), ResourceType.Cluster, ResourceType.RouteTable);
        yield return c => Delta(new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(c).DeltaAggregatedResources(), ResourceType.Cluster, ResourceType.RouteTable, ResourceType.VirtualHost);
        foreach (var clients in DiscoveryClients.All.Values)
        {
            if (clients.Stream is not null) yield return c => Sotw(clients.Stream(c), clients.Type);
            yield return c => Delta(clients.Delta(c), clients.Type);
            if (clients.Fetch is not null) yield return async c => await Ended(clients.Fetch(c, new DiscoveryRequest { Node = Self, ResourceNames = { "a" } }).ResponseAsync);
        }
        yield return c => Ask(new LoadReportingService.LoadReportingServiceClient(c).StreamLoadStats(), new LoadStatsRequest { Node = Self }, new LoadStatsRequest
        {
            ClusterStats = { new Envoy.Config.Endpoint.V3.ClusterStats { ClusterName = "a", UpstreamLocalityStats = { new Envoy.Config.Endpoint.V3.UpstreamLocalityStats { TotalSuccessfulRequests = 7 } } } },
        });
        yield return Clients;
        yield return c => Ask(
            new HealthDiscoveryService.HealthDiscoveryServiceClient(c).StreamHealthCheck(),
            new HealthCheckRequestOrEndpointHealthResponse { HealthCheckRequest = new HealthCheckRequest { Node = Self } },
            new HealthCheckRequestOrEndpointHealthResponse { EndpointHealthResponse = new EndpointHealthResponse { ClusterEndpointsHealth = { new ClusterEndpointsHealth { ClusterName = "a" } } } });
        yield return c => Ask(new ClientStatusDiscoveryService.ClientStatusDiscoveryServiceClient(c).StreamClientStatus(), new ClientStatusRequest(), new ClientStatusRequest { NodeMatchers = { new Envoy.Type.Matcher.V3.NodeMatcher { NodeId = new() { Prefix = "r" } } } });
        yield return async c => await Ended(new ClientStatusDiscoveryService.ClientStatusDiscoveryServiceClient(c).FetchClientStatusAsync(new ClientStatusRequest()).ResponseAsync);
        yield return async c => await Ended(new Grpc.Health.V1.Health.HealthClient(c).CheckAsync(new Grpc.Health.V1.HealthCheckRequest { Service = "a" }).ResponseAsync);
        yield return c => Ask(new Grpc.Reflection.V1Alpha.ServerReflection.ServerReflectionClient(c).ServerReflectionInfo(), new Grpc.Reflection.V1Alpha.ServerReflectionRequest { ListServices = "" });
        yield return c => Ask(
            new SnapshotCollections.SnapshotCollectionsClient(c).Watch(),
            new WatchRequest { Subscription = new Subscription { Node = new Node { Id = "recorded", Cluster = "fleet" } } },
            new WatchRequest { Subscription = new Subscription { Node = new Node { Id = "recorded", Cluster = "fleet" } } });
    }

    private static async Task Sotw(AsyncDuplexStreamingCall<DiscoveryRequest, DiscoveryResponse> call, params ResourceType[] types)
    {
        foreach (var type in types) await call.RequestStream.WriteAsync(new DiscoveryRequest { Node = Self, TypeUrl = type.TypeUrl, ResourceNames = { "a", "xdstp://test/x/*", "fleet/a" } });
        foreach (var type in types) await call.RequestStream.WriteAsync(new DiscoveryRequest { TypeUrl = type.TypeUrl, ResponseNonce = "1", VersionInfo = "1", ResourceNames = { "a" }, ErrorDetail = new Google.Rpc.Status { Message = "no" } });
        await Finish(call);
    }

    private static async Task Delta(AsyncDuplexStreamingCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call, params ResourceType[] types)
    {
        foreach (var type in types) await call.RequestStream.WriteAsync(new DeltaDiscoveryRequest { Node = Self, TypeUrl = type.TypeUrl, ResourceNamesSubscribe = { "*", "xdstp://test/x/*", "fleet/a" }, InitialResourceVersions = { ["a"] = "1" } });
        foreach (var type in types) await call.RequestStream.WriteAsync(new DeltaDiscoveryRequest { TypeUrl = type.TypeUrl, ResponseNonce = "1", ResourceNamesUnsubscribe = { "*" }, ErrorDetail = new Google.Rpc.Status { Message = "no" } });
        await Finish(call);
    }

    private static async Task Clients(GrpcChannel channel)
    {
        using var call = new AccessLogService.AccessLogServiceClient(channel).StreamAccessLogs();
        await call.RequestStream.WriteAsync(new StreamAccessLogsMessage { Identifier = new() { Node = Self, LogName = "client-reports/50%" }, HttpLogs = new() { LogEntry = { Entries.Of("10.0.0.1"), Entries.Limited("2001:db8::1") } } });
        await call.RequestStream.CompleteAsync();
        await Ended(call.ResponseAsync);
    }

    private static async Task Ask<TRequest, TResponse>(AsyncDuplexStreamingCall<TRequest, TResponse> call, params TRequest[] requests)
    {
        foreach (var request in requests) await call.RequestStream.WriteAsync(request);
        await Finish(call);
    }

    private static async Task Finish<TRequest, TResponse>(AsyncDuplexStreamingCall<TRequest, TResponse> call)
    {
        using var _ = call;
        await call.RequestStream.CompleteAsync();
        await Ended(Read());

        async Task Read()
        {
            // Some wait for more to come.
            using var enough = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            while (await call.ResponseStream.MoveNext(enough.Token))
            {
            }
        }
    }

    /// <summary>What the server makes of it is nothing that matters here.</summary>
    private static async Task Ended(Task call)
    {
        try
        {
            await call;
        }
        catch (RpcException)
        {
        }
    }

    private static async Task Rest(string address)
    {
        using var client = new HttpClient { DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var content = new StringContent("""{"node": {"id": "recorded", "cluster": "fleet"}, "resource_names": ["a"]}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri(address + "/v3/discovery:clusters"), content).WithTimeout();
    }
}
