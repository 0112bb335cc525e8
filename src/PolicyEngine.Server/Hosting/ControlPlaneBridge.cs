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

/// <summary>Control plane to engine: a refusal is news, and takes a fresh promotion back.</summary>
internal sealed class NodeWatcher(NodeRegistry nodes, PolicyEngineService engine) : UntilStopped
{
    protected override async Task Run(CancellationToken stopping)
    {
        var refusals = nodes.Watch(e => e.Kind == NodeEventKind.Rejected, stopping);
        // Nodes are served before anything listens to them.
        foreach (var node in nodes.Nodes)
            foreach (var type in node.Types)
                if (type.Rejection is { } rejection) await Refused(node.Node.Id, type.Type, rejection, stopping);
        await foreach (var happened in refusals)
            if (happened is { Rejection: { } rejection, Type: { } type }) await Refused(happened.NodeId, type, rejection, stopping);
    }

    private Task Refused(string node, ResourceType type, Rejection rejection, CancellationToken stopping) =>
        engine.NodeRefusedAsync(new NodeRefused(node, type.ShortName, rejection.Message, rejection.Suspects), rejection.Version, stopping);
}
