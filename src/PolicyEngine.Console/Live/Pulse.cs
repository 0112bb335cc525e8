using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using PolicyEngine.Console.Sources;
using PolicyEngine.Engine;

namespace PolicyEngine.Console.Live;

/// <summary>
/// One listener to everything that changes by itself, for all pages: however many people look, the engine and the streams tell one. A page that is
/// slow misses beats, never news: each beat means "look again".
/// </summary>
public sealed class Pulse(PolicyEngineService engine, INodes nodes, IFindings findings) : BackgroundService
{
    private readonly ConcurrentDictionary<Channel<bool>, bool> _listeners = new();

    public Beats Listen()
    {
        var channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        _listeners.TryAdd(channel, true);
        return new Beats(channel.Reader, () => _listeners.TryRemove(channel, out _));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(Changes(stoppingToken), nodes.WatchAsync(Beat, stoppingToken), findings.WatchAsync(Beat, stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: that is how this ends.
        }
    }

    private async Task Changes(CancellationToken cancellation)
    {
        await foreach (var _ in engine.Watch(cancellation)) Beat();
    }

    private void Beat()
    {
        foreach (var listener in _listeners.Keys) listener.Writer.TryWrite(true);
    }
}

/// <summary>Beats from when it was made; ends with <see cref="Dispose"/>.</summary>
public sealed class Beats(ChannelReader<bool> reader, Action stop) : IDisposable
{
    public ValueTask<bool> Next(CancellationToken cancellation) => reader.ReadAsync(cancellation);

    public void Dispose() => stop();
}
