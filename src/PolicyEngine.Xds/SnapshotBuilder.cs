using PolicyEngine.Ir;
using PolicyEngine.Xds.Listeners;
using PolicyEngine.Xds.Routes;
using PolicyEngine.Xds.Upstreams;

namespace PolicyEngine.Xds;

/// <summary>IR to snapshot: a function. What stands unchanged in the previous snapshot (the same IR object) is neither built nor hashed again.</summary>
public static class SnapshotBuilder
{
    public static Snapshot Build(FleetIr fleet, Snapshot? previous = null)
    {
        var resources = new List<Resource>();
        foreach (var listener in fleet.Listeners)
            resources.Add(Reused(previous, ResourceType.Listener, listener.Name, listener)
                ?? Resource.Of(ResourceType.Listener, listener.Name, ListenerEmitter.Emit(listener, fleet.Role), listener.Origins).From(listener));
        foreach (var table in fleet.RouteTables)
            resources.Add(Reused(previous, ResourceType.RouteTable, table.Name, table)
                ?? RouteTableResource.Of(table, fleet.Role, previous?.Find(ResourceType.RouteTable, table.Name)));
        foreach (var upstream in fleet.Upstreams)
        {
            resources.Add(Reused(previous, ResourceType.Cluster, upstream.Name, upstream)
                ?? Resource.Of(ResourceType.Cluster, upstream.Name, UpstreamEmitter.Cluster(upstream), upstream.Origins).From(upstream));
            if (UpstreamEmitter.IsNamed(upstream)) continue;
            resources.Add(Reused(previous, ResourceType.Endpoints, upstream.Name, upstream)
                ?? Resource.Of(ResourceType.Endpoints, upstream.Name, UpstreamEmitter.Endpoints(upstream), upstream.Origins).From(upstream));
        }
        return Snapshot.Of(fleet.Name, resources, previous);
    }

    private static Resource? Reused(Snapshot? previous, ResourceType type, string name, object source) =>
        previous?.Find(type, name) is { } resource && ReferenceEquals(resource.Source, source) ? resource : null;
}
