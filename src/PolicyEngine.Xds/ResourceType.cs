using System.Collections.Immutable;

namespace PolicyEngine.Xds;

/// <summary>A type of resource as it is served: its type URL and its place in the order of additions (xDS: clusters before what names them).</summary>
public sealed record ResourceType(string ShortName, string TypeUrl, int Order)
{
    public static readonly ResourceType Cluster = new("cluster", "type.googleapis.com/envoy.config.cluster.v3.Cluster", 0);
    public static readonly ResourceType Endpoints = new("endpoints", "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment", 1);
    public static readonly ResourceType Listener = new("listener", "type.googleapis.com/envoy.config.listener.v3.Listener", 2);
    public static readonly ResourceType RouteTable = new("routes", "type.googleapis.com/envoy.config.route.v3.RouteConfiguration", 3);

    /// <summary>All, in the order in which additions go out; removals go in the opposite one.</summary>
    public static ImmutableArray<ResourceType> All { get; } = [Cluster, Endpoints, Listener, RouteTable];

    public static ResourceType? Of(string typeUrl) => All.FirstOrDefault(t => t.TypeUrl == typeUrl);

    public override string ToString() => ShortName;
}
