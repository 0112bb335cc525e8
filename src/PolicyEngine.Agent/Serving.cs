using Microsoft.Extensions.Logging;
using PolicyEngine.Agent.Keeping;
using PolicyEngine.Agent.Staging;
using PolicyEngine.ControlPlane;
using PolicyEngine.ControlPlane.Nodes;

namespace PolicyEngine.Agent;

/// <summary>What the Envoys beside the agent are served: the last version that was whole. Envoys of another cluster wait.</summary>
internal sealed class Serving(AgentOptions options, SnapshotFile file, SnapshotCache cache, ILogger<Serving> logger) : IFleetSelector
{
    private volatile AppliedVersion? _current;

    public AppliedVersion? Current => _current;

    public string? FleetOf(NodeIdentity node) => node.Cluster == options.Cluster ? _current?.Snapshot.Fleet : null;

    /// <summary>What a run before this one kept.</summary>
    public void Restore()
    {
        var (kept, problem) = file.Read();
        if (problem is not null) Log.NotRestored(logger, problem);
        if (kept is not null) Serve(kept);
    }

    /// <summary>Keeps it, then serves it: a restart never goes back behind what an Envoy has seen. A disk that fails does not hold a version back.</summary>
    public void Apply(AppliedVersion version)
    {
        try
        {
            file.Write(version);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotKept(logger, version.Snapshot, e.Message);
        }
        Serve(version);
        Log.Applied(logger, version.Snapshot, version.Snapshot.Resources.Count());
    }

    private void Serve(AppliedVersion version)
    {
        var before = _current;
        _current = version;
        cache.Publish(version.Snapshot);
        if (before is not null && before.Snapshot.Fleet != version.Snapshot.Fleet) cache.Withdraw(before.Snapshot.Fleet);
    }
}
