using PolicyEngine.Xds;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using Duration = Google.Protobuf.WellKnownTypes.Duration;
using EnvoyRoutes = Envoy.Config.Route.V3.RouteConfiguration;

namespace PolicyEngine.Agent.Tests;

/// <summary>Small snapshots.</summary>
internal static class Samples
{
    /// <summary>Clusters by name and time-out in ms (their content), and one route table.</summary>
    public static Snapshot Snapshot(params (string Name, int Timeout)[] clusters) => Xds.Snapshot.Of("fleet",
    [
        .. clusters.Select(c => Resource.Of(ResourceType.Cluster, c.Name, new EnvoyCluster { Name = c.Name, ConnectTimeout = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(c.Timeout)) }, [$"Service/{c.Name}"])),
        Resource.Of(ResourceType.RouteTable, "routes", new EnvoyRoutes { Name = "routes" }, []),
    ]);
}
