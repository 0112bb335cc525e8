using System.Collections.Concurrent;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane;

/// <summary>
/// What each fleet is served. Publishing swaps a reference and wakes the streams; nothing is computed, encoded or sent under a lock, so a
/// stalled client delays nobody. A fleet without a snapshot is not the same as an empty one: its streams wait.
/// </summary>
public sealed class SnapshotCache
{
    private readonly ConcurrentDictionary<string, Snapshot> _snapshots = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, Action> _streams = new();

    public bool IsEmpty => _snapshots.IsEmpty;

    public Snapshot? Current(string fleet) => _snapshots.GetValueOrDefault(fleet);

    public void Publish(Snapshot snapshot)
    {
        _snapshots[snapshot.Fleet] = snapshot;
        WakeAll();
    }

    /// <summary>The fleet is no more; what its streams have, they keep.</summary>
    public void Withdraw(string fleet) => _snapshots.TryRemove(fleet, out _);

    /// <summary>Lets every stream look again: a new snapshot, or nodes that now belong to another fleet.</summary>
    public void WakeAll()
    {
        foreach (var wake in _streams.Values) wake();
    }

    internal void Add(long stream, Action wake) => _streams[stream] = wake;

    internal void Remove(long stream) => _streams.TryRemove(stream, out _);
}
