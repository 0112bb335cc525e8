using PolicyEngine.ControlPlane.ClientReports;
using PolicyEngine.ControlPlane.Loads;
using PolicyEngine.Engine;
using PolicyEngine.Engine.Remedies;
using PolicyEngine.Policies;
using PolicyEngine.Telemetry.Prometheus;
using PolicyEngine.Telemetry.Samples;

namespace PolicyEngine.Server.Hosting;

/// <summary>Clusters back to the versions that they stand for, by the catalog of the moment.</summary>
internal sealed class ClusterMap(PolicyEngineService engine)
{
    private (ServiceCatalog? Of, Dictionary<string, VersionKey> Map) _known = (null, []);

    public VersionKey? Version(string cluster)
    {
        var catalog = engine.Head.Catalog;
        var known = _known;
        if (!ReferenceEquals(known.Of, catalog))
            _known = known = (catalog, catalog.Services.SelectMany(s => s.Value.Versions.Select(v => new VersionKey(s.Key, v.Name))).ToDictionary(k => $"{k.Service}.{k.Version}", StringComparer.Ordinal));
        return known.Map.TryGetValue(cluster, out var version) ? version : null;
    }
}

/// <summary>Load reports of nodes to samples.</summary>
internal sealed class LoadReports(RemedyService remedies, ClusterMap clusters) : ILoadSink
{
    public void Report(LoadReport report)
    {
        if (clusters.Version(report.Cluster) is not { } version) return;
        remedies.Observe(new Sample
        {
            At = report.At,
            Source = Source(report.NodeId),
            Service = version.Service,
            Version = version.Version,
            Fleet = report.Fleet,
            Locality = report.Locality,
            Requests = (double)report.Successful + report.Errors,
            Errors = report.Errors,
            InFlight = report.UnderWay,
        });
    }

    // Whether a node left on purpose cannot be told; that it is away shows among the nodes, and its silence is no service's.
    public void Ended(string nodeId) => remedies.Leave(Source(nodeId));

    private static string Source(string nodeId) => $"lrs/{nodeId}";
}

/// <summary>Reports of clients to samples: a service is asked for whichever of its versions answers.</summary>
internal sealed class ClientReports(RemedyService remedies, ClusterMap clusters, TimeProvider time) : IClientSink
{
    private const string Source = "als";

    public void Report(IReadOnlyList<ClientReport> reports)
    {
        var now = time.GetUtcNow();
        remedies.Observe(
            from report in reports
            let version = clusters.Version(report.Cluster)
            where version is not null
            select new KeySample { At = now, Source = Source, Service = version.Value.Service, Dimension = KeySample.ClientRange, Key = report.Range?.ToString(), Requests = report.Requests, MostOfOne = report.MostOfOne });
    }
}

/// <summary>Once a second: detectors, remedies.</summary>
internal sealed partial class RemedyClock(RemedyService remedies, TimeProvider time, ILogger<RemedyClock> logger) : UntilStopped
{
    protected override async Task Run(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await remedies.TickAsync(stopping);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Serving does not end because looking at it failed; what could not be recorded is decided again.
                Failed(logger, e);
            }
        }
    }

    [LoggerMessage(EventId = 30, EventName = "RemediesFailed", Level = LogLevel.Error, Message = "Nothing was done about findings")]
    private static partial void Failed(ILogger logger, Exception exception);
}

/// <summary>Asks a Prometheus that scrapes the Envoys.</summary>
internal sealed partial class PrometheusClock(PrometheusSource source, RemedyService remedies, TimeProvider time, ILogger<PrometheusClock> logger) : UntilStopped
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task Run(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var told = "";
        while (await timer.WaitForNextTickAsync(stopping))
        {
            var reading = await source.Read(stopping);
            foreach (var sample in reading.Samples) remedies.Observe(sample);
            var problem = reading.Diagnostics.FirstOrDefault()?.ToString() ?? "";
            if (problem.Length > 0 && problem != told) Problem(logger, problem);
            told = problem;
        }
    }

    [LoggerMessage(EventId = 31, EventName = "PrometheusProblem", Level = LogLevel.Warning, Message = "{Problem}")]
    private static partial void Problem(ILogger logger, string problem);
}
