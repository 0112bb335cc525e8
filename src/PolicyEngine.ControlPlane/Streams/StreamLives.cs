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

    public bool IsStopping => host.ApplicationStopping.IsCancellationRequested;

    public bool IsOld(long stream, DateTimeOffset since) => _age is { } age && time.GetUtcNow() - since >= age - age * (stream * 2_654_435_761 % Steps / (5.0 * Steps));

    public async ValueTask DisposeAsync()
    {
        await _stopping.DisposeAsync();
        if (_timer is not null) await _timer.DisposeAsync();
    }
}
