using System.Collections.Concurrent;
using PolicyEngine.ControlPlane.Live;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane;

/// <summary>
/// What each fleet is served: what was published, and over it what is live. Publishing swaps a reference and wakes the streams; nothing is
/// encoded or sent under a lock, so a stalled client delays nobody. A fleet without a snapshot is not the same as an empty one: its streams wait.
/// </summary>
public sealed class SnapshotCache
{
    private readonly ConcurrentDictionary<string, Snapshot> _served = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, Action> _streams = new();
    private readonly Dictionary<string, Snapshot> _published = new(StringComparer.Ordinal);
    private readonly Lock _publishing = new();
    private readonly IReadOnlyList<ILiveLayer> _layers;

    public SnapshotCache(IEnumerable<ILiveLayer>? layers = null)
    {
        _layers = [.. layers ?? []];
        foreach (var layer in _layers) layer.Changed += Lay;
    }

    public bool IsEmpty => _served.IsEmpty;

    /// <summary>What the nodes of a fleet are served.</summary>
    public Snapshot? Current(string fleet) => _served.GetValueOrDefault(fleet);

    /// <summary>What was published, without what is live, in ordinal order of fleets.</summary>
    public IReadOnlyList<Snapshot> Published
    {
        get
        {
            lock (_publishing) return [.. _published.Values.OrderBy(s => s.Fleet, StringComparer.Ordinal)];
        }
    }

    /// <summary>A snapshot as nodes would be served it at the moment.</summary>
    public Snapshot AsServed(Snapshot snapshot) => _layers.Aggregate(snapshot, (s, layer) => layer.Over(s));

    public void Publish(Snapshot snapshot)
    {
        lock (_publishing)
        {
            _published[snapshot.Fleet] = snapshot;
            _served[snapshot.Fleet] = AsServed(snapshot);
        }
        WakeAll();
    }

    /// <summary>The fleet is no more; what its streams have, they keep.</summary>
    public void Withdraw(string fleet)
    {
        lock (_publishing)
        {
            _published.Remove(fleet);
            _served.TryRemove(fleet, out _);
        }
    }

    /// <summary>Lets every stream look again: a new snapshot, or nodes that now belong to another fleet.</summary>
    public void WakeAll()
    {
        foreach (var wake in _streams.Values) wake();
    }

    internal void Add(long stream, Action wake) => _streams[stream] = wake;

    internal void Remove(long stream) => _streams.TryRemove(stream, out _);

    private void Lay()
    {
        lock (_publishing)
            foreach (var (fleet, snapshot) in _published) _served[fleet] = AsServed(snapshot);
        WakeAll();
    }
}
