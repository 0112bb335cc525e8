using Grpc.Net.Client;
using PolicyEngine.ControlPlane.Collections;
using PolicyEngine.ControlPlane.Loads;

namespace PolicyEngine.Agent.Upstream;

/// <summary>What the nodes report of their loads goes on to the server, a stream a node: findings need it wherever a node is connected. What the server cannot take in time is dropped; old loads are no news.</summary>
internal sealed class LoadForwarder(AgentOptions options, GrpcChannel channel, TimeProvider time) : ILoadSink, IAsyncDisposable
{
    private readonly Dictionary<string, NodeLoads> _nodes = new(StringComparer.Ordinal);
    private readonly List<Task> _ending = [];
    private readonly Lock _gate = new();

    public void Report(LoadReport report)
    {
        if (report.Fleet is null) return;
        lock (_gate)
        {
            if (!_nodes.TryGetValue(report.NodeId, out var node))
            {
                if (_nodes.Count >= CollectionLimits.MostReportedNodes) return;
                _nodes[report.NodeId] = node = new NodeLoads(options, report.NodeId, channel, time);
            }
            node.Add(report);
        }
    }

    public void Ended(string nodeId)
    {
        lock (_gate)
        {
            if (_nodes.Remove(nodeId, out var node)) _ending.Add(node.End());
            _ending.RemoveAll(t => t.IsCompleted);
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<Task> ending;
        lock (_gate) ending = [.. _ending, .. _nodes.Values.Select(n => n.End())];
        await Task.WhenAll(ending);
    }
}
