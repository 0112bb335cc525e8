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

    private readonly ConcurrentDictionary<long, Func<NodeStatus>> _streams = new();
    private readonly ConcurrentDictionary<Channel<NodeEvent>, Func<NodeEvent, bool>> _watchers = new();
    private long _next;

    public ImmutableArray<NodeStatus> Nodes => [.. _streams.Values.Select(s => s()).OrderBy(n => n.Node.Id, StringComparer.Ordinal).ThenBy(n => n.Stream)];

    /// <summary>How many nodes of a snapshot's fleet have acknowledged, refused, or not yet answered all of it that they asked for.</summary>
    public Acknowledgement Of(Snapshot snapshot)
    {
        var nodes = Nodes.Where(n => n.Fleet == snapshot.Fleet).ToList();
        bool Has(NodeStatus n) => n.Types.Length > 0 && n.Types.All(t => t.Acknowledged == snapshot[t.Type].Version);
        var rejected = nodes.Count(n => n.Types.Any(t => t.State == SyncState.Rejected));
        var acknowledged = nodes.Count(n => Has(n));
        return new Acknowledgement(nodes.Count, acknowledged, rejected);
    }

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

    internal void Add(long stream, Func<NodeStatus> status) => _streams[stream] = status;

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
