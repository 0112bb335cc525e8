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

/// <summary>Which names a resource needs: listener → route table, scope → route table, route → cluster (weighted and mirrored too), cluster → endpoints, and what is configured by
/// discovery on the same stream: secrets, filters.</summary>
public static class ResourceReferences
{
    public static ImmutableArray<ResourceReference> Of(IMessage message) => message switch
    {
        EnvoyListener listener => [.. OfListener(listener)],
        RouteConfiguration routes => [.. OfRoutes(routes)],
        VirtualHost host => [.. OfHost(host)],
        ScopedRouteConfiguration scope => [.. OfScope(scope)],
        EnvoyCluster cluster => [.. OfCluster(cluster)],
        _ => [],
    };

    private static IEnumerable<ResourceReference> OfCluster(EnvoyCluster cluster)
    {
        foreach (var socket in cluster.TransportSocketMatches.Select(m => m.TransportSocket).Prepend(cluster.TransportSocket))
            foreach (var secret in SecretReferences.Of(socket)) yield return secret;
        if (cluster.ClusterDiscoveryTypeCase != EnvoyCluster.ClusterDiscoveryTypeOneofCase.Type || cluster.Type != EnvoyCluster.Types.DiscoveryType.Eds) yield break;
        var name = cluster.EdsClusterConfig?.ServiceName is { Length: > 0 } service ? service : cluster.Name;
        yield return new ResourceReference(ResourceType.Endpoints, name, "eds_cluster_config.service_name");
    }

    private static IEnumerable<ResourceReference> OfListener(EnvoyListener listener)
    {
        foreach (var chain in listener.FilterChains.Append(listener.DefaultFilterChain))
        {
            foreach (var secret in SecretReferences.Of(chain?.TransportSocket)) yield return secret;
            foreach (var filter in chain?.Filters.AsEnumerable() ?? [])
                if (filter.ConfigDiscovery?.ConfigSource?.Ads is not null) yield return new ResourceReference(ResourceType.ExtensionConfig, filter.Name, "filters.config_discovery");
        }
        var managers = listener.FilterChains.SelectMany(c => c.Filters)
            .Concat(listener.DefaultFilterChain?.Filters.AsEnumerable() ?? [])
            .Select(f => f.TypedConfig)
            .Append(listener.ApiListener?.ApiListener_);
        foreach (var any in managers)
        {
            if (any is null || !any.TryUnpack<HttpConnectionManager>(out var manager)) continue;
            foreach (var filter in manager.HttpFilters)
                if (filter.ConfigDiscovery?.ConfigSource?.Ads is not null) yield return new ResourceReference(ResourceType.ExtensionConfig, filter.Name, "http_filters.config_discovery");
            if (manager.Rds is { } rds) yield return new ResourceReference(ResourceType.RouteTable, rds.RouteConfigName, "rds.route_config_name");
            if (manager.RouteConfig is { } inline)
                foreach (var reference in OfRoutes(inline)) yield return reference;
        }
    }

    private static IEnumerable<ResourceReference> OfScope(ScopedRouteConfiguration scope)
    {
        if (scope.RouteConfigurationName.Length > 0) yield return new ResourceReference(ResourceType.RouteTable, scope.RouteConfigurationName, "route_configuration_name");
        foreach (var reference in scope.RouteConfiguration is { } inline ? OfRoutes(inline) : []) yield return reference;
    }

    private static IEnumerable<ResourceReference> OfRoutes(RouteConfiguration routes) => routes.VirtualHosts.SelectMany(OfHost);

    private static IEnumerable<ResourceReference> OfHost(VirtualHost host)
    {
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
