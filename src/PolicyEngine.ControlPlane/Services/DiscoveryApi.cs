using System.Collections.Immutable;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Services;

/// <summary>One discovery service: its name, the type that it is about (null: all, on one stream), and the noun in its methods' names.</summary>
/// <param name="Rest">The noun in the path of the REST fetch; null where there is none.</param>
internal sealed record DiscoveryApi(string Service, ResourceType? Type, string Noun, string? Rest = null)
{
    public static ImmutableArray<DiscoveryApi> All { get; } =
    [
        new("envoy.service.discovery.v3.AggregatedDiscoveryService", null, "AggregatedResources"),
        new("envoy.service.cluster.v3.ClusterDiscoveryService", ResourceType.Cluster, "Clusters", "clusters"),
        new("envoy.service.endpoint.v3.EndpointDiscoveryService", ResourceType.Endpoints, "Endpoints", "endpoints"),
        new("envoy.service.endpoint.v3.LocalityEndpointDiscoveryService", ResourceType.LocalityEndpoint, "LocalityEndpoints"),
        new("envoy.service.listener.v3.ListenerDiscoveryService", ResourceType.Listener, "Listeners", "listeners"),
        new("envoy.service.route.v3.RouteDiscoveryService", ResourceType.RouteTable, "Routes", "routes"),
        new("envoy.service.route.v3.ScopedRoutesDiscoveryService", ResourceType.ScopedRoutes, "ScopedRoutes", "scoped-routes"),
        new("envoy.service.route.v3.VirtualHostDiscoveryService", ResourceType.VirtualHost, "VirtualHosts"),
        new("envoy.service.secret.v3.SecretDiscoveryService", ResourceType.Secret, "Secrets", "secrets"),
        new("envoy.service.runtime.v3.RuntimeDiscoveryService", ResourceType.Runtime, "Runtime", "runtime"),
        new("envoy.service.extension.v3.ExtensionConfigDiscoveryService", ResourceType.ExtensionConfig, "ExtensionConfigs", "extension_configs"),
    ];

    public bool HasStream => Type?.IsDeltaOnly != true;

    public bool HasFetch => Type is { IsDeltaOnly: false };
}
