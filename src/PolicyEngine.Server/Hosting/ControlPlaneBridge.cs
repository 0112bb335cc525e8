using PolicyEngine.Changes;
using PolicyEngine.ControlPlane;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Engine;
using PolicyEngine.Xds;

namespace PolicyEngine.Server.Hosting;

/// <summary>Engine to control plane: what is promoted is served.</summary>
internal sealed class CachePublisher(SnapshotCache cache) : ISnapshotPublisher
{
    public void Publish(Snapshot snapshot) => cache.Publish(snapshot);
}

/// <summary>Which fleet a node belongs to, by the catalog of the moment. The first fleet in order of names that selects it.</summary>
internal sealed class CatalogFleetSelector(IServiceProvider services) : IFleetSelector
{
    public string? FleetOf(NodeIdentity node) => services.GetRequiredService<PolicyEngineService>().Head.Catalog.Fleets
        .FirstOrDefault(f => f.Value.Nodes.Selects(node.Id, node.Cluster, node.Metadata)).Key;
}

/// <summary>Control plane to engine: a refusal is news, and takes a fresh promotion back.</summary>
internal sealed class NodeWatcher(NodeRegistry nodes, PolicyEngineService engine) : UntilStopped
{
    protected override async Task Run(CancellationToken stopping)
    {
        await foreach (var happened in nodes.Watch(e => e.Kind == NodeEventKind.Rejected, stopping))
        {
            if (happened is not { Rejection: { } rejection, Type: { } type }) continue;
            await engine.NodeRefusedAsync(new NodeRefused(happened.NodeId, type.ShortName, rejection.Message, rejection.Suspects), rejection.Version, stopping);
        }
    }
}
