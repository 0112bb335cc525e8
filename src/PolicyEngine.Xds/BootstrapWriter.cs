using Envoy.Config.Bootstrap.V3;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using PolicyEngine.Xds.ClientReports;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using EnvoyListener = Envoy.Config.Listener.V3.Listener;

namespace PolicyEngine.Xds;

/// <summary>
/// A snapshot as one self-contained static bootstrap: for <c>envoy --mode validate</c>, for trying a configuration without a control plane,
/// and for reading it whole.
/// </summary>
public static class BootstrapWriter
{
    public static Bootstrap Of(Snapshot snapshot)
    {
        var bootstrap = new Bootstrap
        {
            Node = new Node { Id = $"static-{snapshot.Fleet}", Cluster = snapshot.Fleet },
            Admin = new Admin { Address = new Address { SocketAddress = new SocketAddress { Address = "127.0.0.1", PortValue = 0 } } },
            StaticResources = new Bootstrap.Types.StaticResources(),
        };
        foreach (var resource in snapshot[ResourceType.Cluster].Resources.Values)
            bootstrap.StaticResources.Clusters.Add(Static((EnvoyCluster)resource.Message, snapshot));
        foreach (var resource in snapshot[ResourceType.Listener].Resources.Values)
            // A gRPC client's listener has no socket; Envoy takes one such listener at the most, and serves nothing by it.
            if (((EnvoyListener)resource.Message).ApiListener is null) bootstrap.StaticResources.Listeners.Add(Static((EnvoyListener)resource.Message, snapshot));
        return bootstrap;
    }

    public static string Write(Snapshot snapshot) => EnvoyJson.Format(Of(snapshot));

    private static EnvoyCluster Static(EnvoyCluster cluster, Snapshot snapshot)
    {
        if (cluster.EdsClusterConfig is null) return cluster;
        var copy = cluster.Clone();
        copy.EdsClusterConfig = null;
        copy.Type = EnvoyCluster.Types.DiscoveryType.Static;
        copy.LoadAssignment = ((ClusterLoadAssignment)snapshot.Find(ResourceType.Endpoints, cluster.Name)!.Message).Clone();
        return copy;
    }

    private static EnvoyListener Static(EnvoyListener listener, Snapshot snapshot)
    {
        var copy = listener.Clone();
        foreach (var filter in copy.FilterChains.SelectMany(c => c.Filters))
        {
            if (!filter.TypedConfig.TryUnpack<HttpConnectionManager>(out var manager) || manager.Rds is not { } rds) continue;
            // There is no control plane that it could report to.
            foreach (var log in manager.AccessLog.Where(ClientReportLog.Is).ToList()) manager.AccessLog.Remove(log);
            manager.RouteConfig = ((RouteConfiguration)snapshot.Find(ResourceType.RouteTable, rds.RouteConfigName)!.Message).Clone();
            filter.TypedConfig = Canonical.Pack(manager);
        }
        return copy;
    }
}
