using PolicyEngine.ControlPlane;
using PolicyEngine.Engine;
using PolicyEngine.Policies;

namespace PolicyEngine.Server.Hosting;

/// <summary>Temporary means temporary: what has ended is removed, also what ended while the server was down.</summary>
internal sealed class ExpiryClock(PolicyEngineService engine, TimeProvider time) : UntilStopped
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task Run(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do await engine.ExpireAsync(stopping);
        while (await timer.WaitForNextTickAsync(stopping));
    }
}

/// <summary>Takes over what changes in the catalog folder; a catalog with errors is left alone, and said so.</summary>
internal sealed partial class CatalogWatcher(PolicyEngineService engine, SnapshotCache cache, ServerOptions options, TimeProvider time, ILogger<CatalogWatcher> logger) : UntilStopped
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private volatile bool _changed;

    protected override async Task Run(CancellationToken stopping)
    {
        using var watcher = new FileSystemWatcher(options.Catalog!) { IncludeSubdirectories = true, EnableRaisingEvents = true };
        watcher.Changed += (_, _) => _changed = true;
        watcher.Created += (_, _) => _changed = true;
        watcher.Deleted += (_, _) => _changed = true;
        watcher.Renamed += (_, _) => _changed = true;
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            if (!_changed) continue;
            _changed = false;
            var read = DocumentFolder.Read(options.Catalog!);
            var problems = read.Diagnostics.Any(d => d.Severity == Ir.Severity.Error) ? read.Diagnostics : await engine.UpdateCatalogAsync(new ServiceCatalog(read.Documents), stopping);
            foreach (var problem in problems.Where(d => d.Severity == Ir.Severity.Error)) NotTaken(logger, problem.ToString());
            cache.WakeAll();
        }
    }

    [LoggerMessage(EventId = 1, EventName = "CatalogNotTaken", Level = LogLevel.Error, Message = "The catalog was changed and is not taken over: {Problem}")]
    private static partial void NotTaken(ILogger logger, string problem);
}
