using System.Collections.Immutable;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using EnvoyListener = Envoy.Config.Listener.V3.Listener;
using EnvoyRoute = Envoy.Config.Route.V3.Route;

namespace PolicyEngine.Xds;

/// <summary>Which names a resource needs: listener → route table, route → cluster (weighted and mirrored too), cluster → endpoints.</summary>
public static class ResourceReferences
{
    public static ImmutableArray<ResourceReference> Of(IMessage message) => message switch
    {
        EnvoyListener listener => [.. OfListener(listener)],
        RouteConfiguration routes => [.. OfRoutes(routes)],
        EnvoyCluster cluster => [.. OfCluster(cluster)],
        _ => [],
    };

    private static IEnumerable<ResourceReference> OfCluster(EnvoyCluster cluster)
    {
        if (cluster.ClusterDiscoveryTypeCase != EnvoyCluster.ClusterDiscoveryTypeOneofCase.Type || cluster.Type != EnvoyCluster.Types.DiscoveryType.Eds) yield break;
        var name = cluster.EdsClusterConfig?.ServiceName is { Length: > 0 } service ? service : cluster.Name;
        yield return new ResourceReference(ResourceType.Endpoints, name, "eds_cluster_config.service_name");
    }

    private static IEnumerable<ResourceReference> OfListener(EnvoyListener listener)
    {
        var managers = listener.FilterChains.SelectMany(c => c.Filters)
            .Concat(listener.DefaultFilterChain?.Filters.AsEnumerable() ?? [])
            .Select(f => f.TypedConfig)
            .Append(listener.ApiListener?.ApiListener_);
        foreach (var any in managers)
        {
            if (any is null || !any.TryUnpack<HttpConnectionManager>(out var manager)) continue;
            if (manager.Rds is { } rds) yield return new ResourceReference(ResourceType.RouteTable, rds.RouteConfigName, "rds.route_config_name");
            if (manager.RouteConfig is { } inline)
                foreach (var reference in OfRoutes(inline)) yield return reference;
        }
    }

    private static IEnumerable<ResourceReference> OfRoutes(RouteConfiguration routes)
    {
        foreach (var host in routes.VirtualHosts)
            foreach (var route in host.Routes)
                foreach (var (cluster, field) in Clusters(route))
                    yield return new ResourceReference(ResourceType.Cluster, cluster, $"virtual_hosts[{host.Name}].routes[{route.Name}].{field}");
    }

    private static IEnumerable<(string Cluster, string Field)> Clusters(EnvoyRoute route)
    {
        if (route.Route_ is not { } action) yield break;
        if (action.ClusterSpecifierCase == RouteAction.ClusterSpecifierOneofCase.Cluster) yield return (action.Cluster, "route.cluster");
        foreach (var weighted in action.WeightedClusters?.Clusters.AsEnumerable() ?? [])
            if (weighted.Name.Length > 0) yield return (weighted.Name, "route.weighted_clusters");
        foreach (var mirror in action.RequestMirrorPolicies)
            if (mirror.Cluster.Length > 0) yield return (mirror.Cluster, "route.request_mirror_policies");
    }
}
