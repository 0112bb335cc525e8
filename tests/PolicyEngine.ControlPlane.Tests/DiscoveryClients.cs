using Envoy.Service.Cluster.V3;
using Envoy.Service.Discovery.V3;
using Envoy.Service.Endpoint.V3;
using Envoy.Service.Extension.V3;
using Envoy.Service.Listener.V3;
using Envoy.Service.Route.V3;
using Envoy.Service.Runtime.V3;
using Envoy.Service.Secret.V3;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using PolicyEngine.Xds;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>The generated clients of every service of one type, and a resource that each can carry.</summary>
public sealed record DiscoveryClients(ResourceType Type, Func<string, int, IMessage> Make)
{
    public Func<GrpcChannel, AsyncDuplexStreamingCall<DiscoveryRequest, DiscoveryResponse>>? Stream { get; init; }

    public required Func<GrpcChannel, AsyncDuplexStreamingCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse>> Delta { get; init; }

    public Func<GrpcChannel, DiscoveryRequest, AsyncUnaryCall<DiscoveryResponse>>? Fetch { get; init; }

    public string? Rest { get; init; }

    /// <summary>By the type's short name.</summary>
    public static IReadOnlyDictionary<string, DiscoveryClients> All { get; } = new DiscoveryClients[]
    {
        new(ResourceType.Cluster, (name, n) => XdsHost.Cluster(name, n).Message)
        {
            Stream = c => new ClusterDiscoveryService.ClusterDiscoveryServiceClient(c).StreamClusters(),
            Delta = c => new ClusterDiscoveryService.ClusterDiscoveryServiceClient(c).DeltaClusters(),
            Fetch = (c, r) => new ClusterDiscoveryService.ClusterDiscoveryServiceClient(c).FetchClustersAsync(r),
            Rest = "clusters",
        },
        new(ResourceType.Endpoints, (name, n) => XdsHost.Endpoints(name, (uint)n).Message)
        {
            Stream = c => new EndpointDiscoveryService.EndpointDiscoveryServiceClient(c).StreamEndpoints(),
            Delta = c => new EndpointDiscoveryService.EndpointDiscoveryServiceClient(c).DeltaEndpoints(),
            Fetch = (c, r) => new EndpointDiscoveryService.EndpointDiscoveryServiceClient(c).FetchEndpointsAsync(r),
            Rest = "endpoints",
        },
        new(ResourceType.LocalityEndpoint, (_, n) => new Envoy.Config.Endpoint.V3.LbEndpoint { LoadBalancingWeight = (uint)n })
        {
            Delta = c => new LocalityEndpointDiscoveryService.LocalityEndpointDiscoveryServiceClient(c).DeltaLocalityEndpoints(),
        },
        new(ResourceType.Listener, (name, n) => new Envoy.Config.Listener.V3.Listener { Name = name, StatPrefix = $"v{n}" })
        {
            Stream = c => new ListenerDiscoveryService.ListenerDiscoveryServiceClient(c).StreamListeners(),
            Delta = c => new ListenerDiscoveryService.ListenerDiscoveryServiceClient(c).DeltaListeners(),
            Fetch = (c, r) => new ListenerDiscoveryService.ListenerDiscoveryServiceClient(c).FetchListenersAsync(r),
            Rest = "listeners",
        },
        new(ResourceType.RouteTable, (name, n) => new Envoy.Config.Route.V3.RouteConfiguration { Name = name, MaxDirectResponseBodySizeBytes = (uint)n })
        {
            Stream = c => new RouteDiscoveryService.RouteDiscoveryServiceClient(c).StreamRoutes(),
            Delta = c => new RouteDiscoveryService.RouteDiscoveryServiceClient(c).DeltaRoutes(),
            Fetch = (c, r) => new RouteDiscoveryService.RouteDiscoveryServiceClient(c).FetchRoutesAsync(r),
            Rest = "routes",
        },
        new(ResourceType.ScopedRoutes, (name, n) => new Envoy.Config.Route.V3.ScopedRouteConfiguration { Name = name, RouteConfigurationName = $"r{n}" })
        {
            Stream = c => new ScopedRoutesDiscoveryService.ScopedRoutesDiscoveryServiceClient(c).StreamScopedRoutes(),
            Delta = c => new ScopedRoutesDiscoveryService.ScopedRoutesDiscoveryServiceClient(c).DeltaScopedRoutes(),
            Fetch = (c, r) => new ScopedRoutesDiscoveryService.ScopedRoutesDiscoveryServiceClient(c).FetchScopedRoutesAsync(r),
            Rest = "scoped-routes",
        },
        new(ResourceType.VirtualHost, (name, n) => new Envoy.Config.Route.V3.VirtualHost { Name = name, Domains = { $"{name[(name.LastIndexOf('/') + 1)..]}.test{n}" } })
        {
            Delta = c => new VirtualHostDiscoveryService.VirtualHostDiscoveryServiceClient(c).DeltaVirtualHosts(),
        },
        new(ResourceType.Secret, (name, n) => new Envoy.Extensions.TransportSockets.Tls.V3.Secret { Name = name, GenericSecret = new() { Secret = new() { InlineString = $"secret-{n}" } } })
        {
            Stream = c => new SecretDiscoveryService.SecretDiscoveryServiceClient(c).StreamSecrets(),
            Delta = c => new SecretDiscoveryService.SecretDiscoveryServiceClient(c).DeltaSecrets(),
            Fetch = (c, r) => new SecretDiscoveryService.SecretDiscoveryServiceClient(c).FetchSecretsAsync(r),
            Rest = "secrets",
        },
        new(ResourceType.Runtime, (name, n) => new Runtime { Name = name, Layer = new() { Fields = { ["k"] = Google.Protobuf.WellKnownTypes.Value.ForNumber(n) } } })
        {
            Stream = c => new RuntimeDiscoveryService.RuntimeDiscoveryServiceClient(c).StreamRuntime(),
            Delta = c => new RuntimeDiscoveryService.RuntimeDiscoveryServiceClient(c).DeltaRuntime(),
            Fetch = (c, r) => new RuntimeDiscoveryService.RuntimeDiscoveryServiceClient(c).FetchRuntimeAsync(r),
            Rest = "runtime",
        },
        new(ResourceType.ExtensionConfig, (name, n) => new Envoy.Config.Core.V3.TypedExtensionConfig { Name = name, TypedConfig = Canonical.Pack(XdsHost.Cluster("x", n).Message) })
        {
            Stream = c => new ExtensionConfigDiscoveryService.ExtensionConfigDiscoveryServiceClient(c).StreamExtensionConfigs(),
            Delta = c => new ExtensionConfigDiscoveryService.ExtensionConfigDiscoveryServiceClient(c).DeltaExtensionConfigs(),
            Fetch = (c, r) => new ExtensionConfigDiscoveryService.ExtensionConfigDiscoveryServiceClient(c).FetchExtensionConfigsAsync(r),
            Rest = "extension_configs",
        },
    }.ToDictionary(c => c.Type.ShortName);

    public Resource Resource(string name, int content = 1) => Xds.Resource.Of(Type, name, Make(name, content), []);

    public Snapshot Snapshot(params (string Name, int Content)[] resources) => Xds.Snapshot.Of("fleet", resources.Select(r => Resource(r.Name, r.Content)));

    /// <summary>A type whose clients ask for everything with an empty request gets one; others name what they want.</summary>
    public string[] Names(params string[] names) => Type.IsWholeState ? [] : names;
}
