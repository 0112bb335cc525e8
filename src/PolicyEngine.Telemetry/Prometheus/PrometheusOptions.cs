namespace PolicyEngine.Telemetry.Prometheus;

/// <summary>How Prometheus is asked, and how much of an answer is taken.</summary>
public sealed record PrometheusOptions
{
    /// <summary>Its root: <c>http://127.0.0.1:9090/</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>What findings call it.</summary>
    public string Name { get; init; } = "prometheus";

    /// <summary>For one question and its whole answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public int MostBytes { get; init; } = 16 * 1024 * 1024;

    public int MostSeries { get; init; } = 20_000;

    /// <summary>A scrape that is older than this is no news.</summary>
    public TimeSpan OldestScrape { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Narrows every question: <c>job="envoy"</c>. Empty for all that there is.</summary>
    public string Selector { get; init; } = "";

    /// <summary>Throws <see cref="ArgumentException"/> where the options make no sense.</summary>
    public void Check()
    {
        if (!Address.IsAbsoluteUri || Address.Scheme is not ("http" or "https")) throw new ArgumentException($"'{Address}' is no http address of a Prometheus");
        if (Timeout <= TimeSpan.Zero || MostBytes < 1 || MostSeries < 1) throw new ArgumentException("bounds of a Prometheus source are positive");
    }
}
