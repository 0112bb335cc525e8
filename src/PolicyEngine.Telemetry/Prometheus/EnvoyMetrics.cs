using System.Collections.Immutable;
using System.Globalization;
using PolicyEngine.Telemetry.Samples;

namespace PolicyEngine.Telemetry.Prometheus;

/// <summary>Makes samples of Envoy's cluster metrics as Prometheus scraped them. Pure.</summary>
internal static class EnvoyMetrics
{
    public const string Cluster = "envoy_cluster_name";
    private const string Class = "envoy_response_code_class";

    /// <summary>Envoy's counters by class of status, its histogram of durations (in milliseconds) and the requests under way.</summary>
    public const string Requests = "envoy_cluster_upstream_rq_xx";
    public const string Durations = "envoy_cluster_upstream_rq_time_bucket";
    public const string UnderWay = "envoy_cluster_upstream_rq_active";

    /// <summary>Samples, and what made no sense: such a cluster has no sample at all, since half of the truth would look like good news.</summary>
    public static (ImmutableArray<Sample> Samples, ImmutableArray<string> Problems) Read(PrometheusOptions options, ClusterNames names, DateTimeOffset now, PrometheusAnswer requests, PrometheusAnswer durations, PrometheusAnswer underWay)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        var samples = ImmutableArray.CreateBuilder<Sample>();
        var buckets = durations.Series.ToLookup(Place);
        var active = underWay.Series.ToLookup(Place);
        foreach (var group in requests.Series.GroupBy(Place).OrderBy(g => g.Key.Cluster, StringComparer.Ordinal).ThenBy(g => g.Key.Instance, StringComparer.Ordinal))
        {
            if (names(group.Key.Cluster) is not { } version) continue;
            var latest = group.Max(s => s.Points[^1].At);
            var values = group.Select(s => s.Points[^1].Value).ToList();
            if (values.Exists(v => v is not (>= 0 and <= 1L << 53)))
            {
                problems.Add($"{PrometheusAnswer.Bounded(group.Key.Cluster)} of {PrometheusAnswer.Bounded(group.Key.Instance)} counts {values.First(v => v is not (>= 0 and <= 1L << 53)).ToString(CultureInfo.InvariantCulture)} requests");
                continue;
            }
            if (latest > now + options.OldestScrape)
            {
                problems.Add($"{PrometheusAnswer.Bounded(group.Key.Cluster)} was scraped in the future");
                continue;
            }
            if (now - latest > options.OldestScrape) continue;
            samples.Add(new Sample
            {
                At = latest,
                Source = options.Name,
                Instance = group.Key.Instance.Length > 0 ? group.Key.Instance : null,
                Service = version.Service,
                Version = version.Version,
                Requests = values.Sum(),
                Errors = group.Where(s => s[Class] == "5").Sum(s => s.Points[^1].Value),
                Latency = Histogram(buckets[group.Key]),
                InFlight = active[group.Key].Select(s => s.Points[^1].Value).FirstOrDefault(v => v is >= 0 and <= 1L << 53, double.NaN) is var a && double.IsNaN(a) ? null : a,
                Cumulative = true,
            });
        }
        return (samples.ToImmutable(), problems.ToImmutable());
    }

    private static (string Cluster, string Instance) Place(PrometheusSeries series) => (series[Cluster] ?? "", series["instance"] ?? "");

    /// <summary>From running totals by upper bound (<c>le</c>) to counts of each bucket; null where they are not what a histogram is.</summary>
    private static Histogram? Histogram(IEnumerable<PrometheusSeries> series)
    {
        var totals = new SortedDictionary<double, double>();
        foreach (var bucket in series)
            if (bucket["le"] is { } le && (le == "+Inf" ? double.PositiveInfinity : double.TryParse(le, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) ? bound : double.NaN) is var upper && !double.IsNaN(upper))
                totals[upper] = bucket.Points[^1].Value;
        if (totals.Count < 2 || !totals.ContainsKey(double.PositiveInfinity)) return null;
        var values = totals.Values.ToArray();
        return Samples.Histogram.TryOf([.. totals.Keys.SkipLast(1)], [.. values.Select((v, i) => i == 0 ? v : v - values[i - 1])]);
    }
}
