using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>
/// When the server ends a stream: when the host stops, and where it is set, when the stream is old. Ages differ by up to a fifth, so that not all
/// nodes of a restart come back at once. One timer for all streams: a stream costs nothing for this.
/// </summary>
internal sealed class StreamLives(SnapshotCache cache, TimeProvider time, ControlPlaneOptions options, IHostApplicationLifetime host) : IHostedService, IAsyncDisposable
{
    private const int Checks = 50;
    private const int Steps = 1_000;

    private readonly TimeSpan? _age = options.MaxConnectionAge;
    private CancellationTokenRegistration _stopping;
    private ITimer? _timer;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _stopping = host.ApplicationStopping.Register(cache.WakeAll);
        if (_age is { } age) _timer = time.CreateTimer(_ => cache.WakeAll(), null, age / Checks, age / Checks);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Cancelled when the host stops.</summary>
    public CancellationToken Stopping => host.ApplicationStopping;

    /// <summary>Whether a stream is to end now. With an old one goes its connection: on it the client would come back to the same replica.</summary>
    public bool IsOver(long stream, DateTimeOffset since, HttpContext http)
    {
        if (Stopping.IsCancellationRequested) return true;
        if (_age is not { } age || time.GetUtcNow() - since < age - age * (stream * 2_654_435_761 % Steps / (5.0 * Steps))) return false;
        http.Connection.RequestClose();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.DisposeAsync();
        if (_timer is not null) await _timer.DisposeAsync();
    }
}
