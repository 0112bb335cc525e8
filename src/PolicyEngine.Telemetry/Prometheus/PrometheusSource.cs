using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Telemetry.Samples;

namespace PolicyEngine.Telemetry.Prometheus;

/// <summary>The version that an Envoy cluster stands for, or null for a cluster that is none of ours.</summary>
public delegate VersionKey? ClusterNames(string cluster);

/// <summary>What one question to a source gave. Where it did not answer there are no samples: detectors then say unknown, and in time that it is silent.</summary>
public sealed record SourceReading(ImmutableArray<Sample> Samples, ImmutableArray<Diagnostic> Diagnostics)
{
    public bool IsComplete => Diagnostics.IsEmpty;
}

/// <summary>Reads the counters of Envoy's clusters from a Prometheus that scrapes the Envoys. To be asked as often as it scrapes, or oftener.</summary>
public sealed class PrometheusSource(PrometheusOptions options, ClusterNames names, TimeProvider time) : IDisposable
{
    private const int MostTold = 8;

    private readonly PrometheusClient _client = new(options, time);

    public async Task<SourceReading> Read(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        // Raw samples with the time of their scrape (a range selector keeps it), not rates: counter resets are seen here, and nothing is extrapolated.
        var asked = new[] { EnvoyMetrics.Requests, EnvoyMetrics.Durations, EnvoyMetrics.UnderWay }.Select(m => _client.Query(Latest(m), now, cancellation)).ToArray();
        var answers = await Task.WhenAll(asked);
        if (answers[0].Problem is { } away) return new SourceReading([], [Diagnostic.Of(DiagnosticCatalogue.SourceAway, $"{options.Name}: {away}")]);
        var (samples, problems) = EnvoyMetrics.Read(options, names, now, answers[0], answers[1], answers[2]);
        return new SourceReading(samples,
        [
            .. answers.Skip(1).Select(a => a.Problem).OfType<string>().Select(p => Diagnostic.Of(DiagnosticCatalogue.SourceAway, $"{options.Name}: {p}")),
            .. problems.Take(MostTold).Select(p => Diagnostic.Of(DiagnosticCatalogue.SourceLies, $"{options.Name}: {p}")),
            .. problems.Length > MostTold ? [Diagnostic.Of(DiagnosticCatalogue.SourceLies, $"{options.Name}: {problems.Length - MostTold:N0} more clusters make no sense")] : Array.Empty<Diagnostic>(),
        ]);
    }

    public void Dispose() => _client.Dispose();

    private string Latest(string metric) => $"{metric}{{{options.Selector}}}[{(int)options.OldestScrape.TotalSeconds}s]";
}
