using Microsoft.AspNetCore.Http;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Prometheus;
using PolicyEngine.Telemetry.Samples;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Telemetry.Tests.Prometheus;

/// <summary>A real Prometheus (Debian's package) scrapes a small exporter that speaks as Envoy does.</summary>
public sealed class RealPrometheusTests
{
    [Fact]
    public async Task FailingCanary_ThatPrometheusScrapes_IsFound()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(p => p.Length > 0).Select(p => Path.Combine(p, "prometheus")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "no Prometheus on this machine: install the package prometheus, or put it on the PATH");
        var (good, bad, failing) = (0, 0, 0);
        await using var exporter = await FakeServer.Start(context =>
        {
            // Each scrape finds 2000 requests more, a twentieth of them on v2.
            good += 1900;
            bad += 100;
            if (Volatile.Read(ref failing) > 0) failing += 100;
            context.Response.ContentType = "text/plain; version=0.0.4";
            return context.Response.WriteAsync($$"""
                # TYPE envoy_cluster_upstream_rq_xx counter
                envoy_cluster_upstream_rq_xx{envoy_response_code_class="2",envoy_cluster_name="checkout.v1"} {{good}}
                envoy_cluster_upstream_rq_xx{envoy_response_code_class="2",envoy_cluster_name="checkout.v2"} {{bad - failing}}
                envoy_cluster_upstream_rq_xx{envoy_response_code_class="5",envoy_cluster_name="checkout.v2"} {{failing}}
                # TYPE envoy_cluster_upstream_rq_time histogram
                envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="checkout.v1",le="10"} {{good / 2}}
                envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="checkout.v1",le="+Inf"} {{good}}
                envoy_cluster_upstream_rq_time_sum{envoy_cluster_name="checkout.v1"} {{good * 8}}
                envoy_cluster_upstream_rq_time_count{envoy_cluster_name="checkout.v1"} {{good}}

                """.ReplaceLineEndings("\n"));
        });
        var folder = Directory.CreateTempSubdirectory("prometheus").FullName;
        var port = FreePorts.Next();
        await File.WriteAllTextAsync(Path.Combine(folder, "p.yml"), $$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs:
              - {job_name: envoy, metrics_path: /stats/prometheus, static_configs: [{targets: ["{{exporter.Address.Authority}}"]}]}
            """);
        await using var prometheus = ChildProcess.Start(program!, [$"--config.file={Path.Combine(folder, "p.yml")}", $"--storage.tsdb.path={Path.Combine(folder, "data")}", $"--web.listen-address=127.0.0.1:{port}"]);
        using var source = new PrometheusSource(new PrometheusOptions { Address = new($"http://127.0.0.1:{port}"), Selector = "job=\"envoy\"" }, c => c.Split('.') is [var s, var v] ? new VersionKey(s, v) : null, TimeProvider.System);
        var detection = new Detection();
        var changes = new List<FindingChange>();
        await Waiting.Until(async () => await Step() && detection.VerdictOf("checkout", "v2") == Verdict.Healthy, $"v2 is healthy\n{prometheus.Output}");
        Volatile.Write(ref failing, 1);
        await Waiting.Until(async () => await Step() && changes.Exists(c => c.Finding.Subject is { Service: "checkout", Version: "v2" }), "v2 is found to fail");
        Assert.Equal("v1", changes[0].Finding.Stable);
        using var client = new PrometheusClient(new PrometheusOptions { Address = new($"http://127.0.0.1:{port}") }, TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow();
        var range = await client.QueryRange($"sum by (envoy_cluster_name) ({EnvoyMetrics.Requests})", now.AddSeconds(-2), now, TimeSpan.FromSeconds(1), CancellationToken.None);
        Assert.Null(range.Problem);
        Assert.Equal(["checkout.v1", "checkout.v2"], range.Series.Select(s => s[EnvoyMetrics.Cluster]).Order());
        Assert.True((await client.Query("vector(1)", now, CancellationToken.None)).Series is [{ Points: [{ Value: 1 }] }]);
        Assert.Contains("parse error", (await client.Query("sum by", now, CancellationToken.None)).Problem, StringComparison.Ordinal);
        prometheus.Kill();
        await Waiting.Until(async () => !await Step(), "it is noticed that Prometheus is away");
        await prometheus.WaitForExit();
        Directory.Delete(folder, true);

        async Task<bool> Step()
        {
            var reading = await source.Read(CancellationToken.None);
            foreach (var sample in reading.Samples) detection.Observe(sample, TimeProvider.System.GetUtcNow());
            changes.AddRange(detection.Evaluate(TimeProvider.System.GetUtcNow()));
            return reading.IsComplete;
        }
    }
}
