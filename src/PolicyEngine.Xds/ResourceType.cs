using System.Collections.Frozen;
using System.Collections.Immutable;

namespace PolicyEngine.Xds;

/// <summary>
/// A type of resource as it is served: its type URL and its place in the order of additions (xDS: clusters before what names them, virtual hosts
/// after the tables that they belong to).
/// </summary>
public sealed record ResourceType(string ShortName, string TypeUrl, int Order)
{
    public static readonly ResourceType Runtime = new("runtime", "type.googleapis.com/envoy.service.runtime.v3.Runtime", 0);
    public static readonly ResourceType Secret = new("secret", "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret", 1);
    public static readonly ResourceType Cluster = new("cluster", "type.googleapis.com/envoy.config.cluster.v3.Cluster", 2) { IsCompiled = true, IsWholeState = true };
    public static readonly ResourceType Endpoints = new("endpoints", "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment", 3) { IsCompiled = true };
    public static readonly ResourceType LocalityEndpoint = new("locality-endpoint", "type.googleapis.com/envoy.config.endpoint.v3.LbEndpoint", 4) { IsDeltaOnly = true };
    public static readonly ResourceType ExtensionConfig = new("extension-config", "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig", 5);
    public static readonly ResourceType Listener = new("listener", "type.googleapis.com/envoy.config.listener.v3.Listener", 6) { IsCompiled = true, IsWholeState = true };
    public static readonly ResourceType ScopedRoutes = new("scoped-routes", "type.googleapis.com/envoy.config.route.v3.ScopedRouteConfiguration", 7) { IsWholeState = true };
    public static readonly ResourceType RouteTable = new("routes", "type.googleapis.com/envoy.config.route.v3.RouteConfiguration", 8) { IsCompiled = true };
    public static readonly ResourceType VirtualHost = new("virtual-host", "type.googleapis.com/envoy.config.route.v3.VirtualHost", 9) { IsDeltaOnly = true };
    public static readonly ResourceType ClusterCollection = new("cluster-collection", "type.googleapis.com/envoy.config.cluster.v3.ClusterCollection", 10);
    public static readonly ResourceType ListenerCollection = new("listener-collection", "type.googleapis.com/envoy.config.listener.v3.ListenerCollection", 11);

    /// <summary>All, in the order in which additions go out; removals go in the opposite one.</summary>
    public static ImmutableArray<ResourceType> All { get; } =
        [Runtime, Secret, Cluster, Endpoints, LocalityEndpoint, ExtensionConfig, Listener, ScopedRoutes, RouteTable, VirtualHost, ClusterCollection, ListenerCollection];

    private static readonly FrozenDictionary<string, ResourceType> ByUrl = All.ToFrozenDictionary(t => t.TypeUrl, StringComparer.Ordinal);

    /// <summary>The compiler makes resources of it: every snapshot has a set of it, be it empty. Of the others a snapshot says something only where it has one.</summary>
    public bool IsCompiled { get; private init; }

    /// <summary>
    /// A state-of-the-world response holds all that is wanted, an absence is a removal, and an empty first request wants everything. Clusters and
    /// listeners by the protocol; scoped routes because Envoy reads them so.
    /// </summary>
    public bool IsWholeState { get; private init; }

    /// <summary>The state-of-the-world variant does not have it.</summary>
    public bool IsDeltaOnly { get; private init; }

    public static ResourceType? Of(string typeUrl) => ByUrl.GetValueOrDefault(typeUrl);

    public override string ToString() => ShortName;
}
