using Microsoft.Extensions.Hosting;

namespace PolicyEngine.ControlPlane.Secrets;

/// <summary>
/// Looks again when something moves in the folder of secrets, a moment after the last of it (a key is written after its certificate), and every
/// few seconds whatever happens: not every file system tells, and a folder that is mounted over another tells nothing.
/// </summary>
public sealed class SecretWatcher : IHostedService, IDisposable
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    private readonly SecretLayer _layer;
    private readonly string? _folder;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private FileSystemWatcher? _watcher;
    private ITimer? _settled;
    private ITimer? _clock;

    public SecretWatcher(SecretLayer layer, string? folder, TimeProvider time) => (_layer, _folder, _time) = (layer, folder, time);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _settled = _time.CreateTimer(_ => _layer.Refresh(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Watch();
        _clock = _time.CreateTimer(_ => Tick(), null, LookEvery, LookEvery);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _clock?.Dispose();
        lock (_gate)
        {
            _watcher?.Dispose();
            _watcher = null;
        }
        _settled?.Dispose();
    }

    private void Tick()
    {
        Watch();
        _layer.Refresh();
    }

    /// <summary>Watches where nothing does yet, or no more.</summary>
    private void Watch()
    {
        lock (_gate)
        {
            if (_watcher is not null || _folder is null || !Directory.Exists(_folder)) return;
            try
            {
                var watcher = new FileSystemWatcher(Path.GetFullPath(_folder)) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Attributes };
                watcher.Changed += Moved;
                watcher.Created += Moved;
                watcher.Deleted += Moved;
                watcher.Renamed += Moved;
                watcher.Error += (_, _) => Lost(watcher);
                watcher.EnableRaisingEvents = true;
                _watcher = watcher;
            }
            catch (Exception e) when (e is IOException or ArgumentException)
            {
                // No more watches are to be had, or it is gone again: the clock does.
            }
        }
    }

    private void Moved(object sender, FileSystemEventArgs e) => Settle();

    private void Settle() => _settled?.Change(Quiet, Timeout.InfiniteTimeSpan);

    private void Lost(FileSystemWatcher watcher)
    {
        lock (_gate)
        {
            if (_watcher != watcher) return;
            _watcher = null;
        }
        watcher.Dispose();
        Settle();
    }
}
