using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Nodes;

/// <summary>Every connected stream and what it acknowledged. Watchers get events through bounded channels; a slow one loses the oldest.</summary>
public sealed class NodeRegistry
{
    private const int MostWaitingEvents = 1024;

    private readonly ConcurrentDictionary<long, INodeStream> _streams = new();
    private readonly ConcurrentDictionary<Channel<NodeEvent>, Func<NodeEvent, bool>> _watchers = new();
    private long _next;

    public ImmutableArray<NodeStatus> Nodes => [.. _streams.Values.Select(s => s.Status).OrderBy(n => n.Node.Id, StringComparer.Ordinal).ThenBy(n => n.Stream)];

    /// <summary>
    /// How many nodes of a snapshot's fleet have acknowledged, refused, or not yet answered all of it that they asked for, on whichever of their
    /// streams.
    /// </summary>
    public Acknowledgement Of(Snapshot snapshot)
    {
        // Of a type that the snapshot has nothing of, and the node was sent nothing, there is nothing to wait for.
        bool Has(TypeStatus t) => t.Acknowledged == snapshot[t.Type].Version || (t.State == SyncState.NotSent && snapshot[t.Type].Resources.IsEmpty);
        var nodes = Nodes.Where(n => n.Fleet == snapshot.Fleet).GroupBy(n => n.Node.Id, n => n.Types, StringComparer.Ordinal).ToList();
        var rejected = nodes.Count(n => n.Any(types => types.Any(t => t.State == SyncState.Rejected)));
        var acknowledged = nodes.Count(n => n.All(types => types.Length > 0 && types.All(Has)));
        return new Acknowledgement(nodes.Count, acknowledged, rejected);
    }

    /// <summary>What the streams of some nodes were sent, in the order of <see cref="Nodes"/>.</summary>
    internal IEnumerable<(NodeStatus Status, ImmutableArray<TypeHolding> Holdings)> Holdings(Func<NodeIdentity, bool> wanted) =>
        _streams.Where(s => wanted(s.Value.Identity)).OrderBy(s => s.Value.Identity.Id, StringComparer.Ordinal).ThenBy(s => s.Key).Select(s => (s.Value.Status, s.Value.Holdings));

    /// <summary>Events of the wanted sort from this call on, until cancelled: what is not wanted takes no room from what is. To be enumerated once.</summary>
    public IAsyncEnumerable<NodeEvent> Watch(Func<NodeEvent, bool> wanted, CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<NodeEvent>(new BoundedChannelOptions(MostWaitingEvents) { FullMode = BoundedChannelFullMode.DropOldest });
        _watchers.TryAdd(channel, wanted);
        return Read(channel, cancellation);
    }

    private async IAsyncEnumerable<NodeEvent> Read(Channel<NodeEvent> channel, [EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancellation)) yield return item;
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }

    internal long NextStream() => Interlocked.Increment(ref _next);

    internal void Add(long stream, INodeStream status) => _streams[stream] = status;

    internal void Remove(long stream) => _streams.TryRemove(stream, out _);

    internal void Tell(NodeEvent item)
    {
        foreach (var (watcher, wanted) in _watchers)
            if (wanted(item)) watcher.Writer.TryWrite(item);
    }
}

/// <summary>Nodes of a fleet, and how many of them have a snapshot or refused it.</summary>
public sealed record Acknowledgement(int Nodes, int Acknowledged, int Rejected)
{
    public int Pending => Math.Max(0, Nodes - Acknowledged - Rejected);
}
