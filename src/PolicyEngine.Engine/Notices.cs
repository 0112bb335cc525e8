using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace PolicyEngine.Engine;

/// <summary>Tells whoever listens; a slow listener loses the oldest notices and delays nobody.</summary>
internal sealed class Notices<T>
{
    private const int MostWaiting = 256;

    private readonly ConcurrentDictionary<Channel<T>, bool> _listeners = new();

    public void Tell(T notice)
    {
        foreach (var listener in _listeners.Keys) listener.Writer.TryWrite(notice);
    }

    public async IAsyncEnumerable<T> Listen([EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
        _listeners.TryAdd(channel, true);
        try
        {
            await foreach (var notice in channel.Reader.ReadAllAsync(cancellation)) yield return notice;
        }
        finally
        {
            _listeners.TryRemove(channel, out _);
        }
    }
}
