using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using PolicyEngine.Ir;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Prometheus;
using PolicyEngine.Telemetry.Samples;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Telemetry.Tests.Prometheus;

public sealed class PrometheusSourceTests
{
    private static readonly PrometheusOptions Bounds = new() { Address = new("http://127.0.0.1:1"), Timeout = TimeSpan.FromSeconds(1), MostBytes = 100_000, MostSeries = 50 };

    [Fact]
    public async Task Counters_OfEnvoysClusters_AreSamplesOfVersions()
    {
        var reading = await Read(async context => await context.Response.WriteAsync((await Metric(context)) switch
        {
            EnvoyMetrics.Requests => Matrix(
                Series("checkout.v2", [("envoy_response_code_class", "2")], 90), Series("checkout.v2", [("envoy_response_code_class", "5")], 10), Series("somebody_elses", [("envoy_response_code_class", "5")], 10)),
            EnvoyMetrics.Durations => Matrix(Series("checkout.v2", [("le", "10")], 40), Series("checkout.v2", [("le", "100")], 95), Series("checkout.v2", [("le", "+Inf")], 100)),
            _ => Matrix(Series("checkout.v2", [], 3)),
        }));
        Assert.Empty(reading.Diagnostics);
        var sample = Assert.Single(reading.Samples);
        Assert.Equal((new VersionKey("checkout", "v2"), 100, 10, 3, true, "prometheus", "envoy-1:9901"), (sample.Key, sample.Requests, sample.Errors, sample.InFlight, sample.Cumulative, sample.Source, sample.Instance));
        Assert.Equal(Histogram.Of([10, 100], [40, 55, 5]), sample.Latency);
    }

    /// <summary>What a Prometheus may do wrong: the status and body of its answer, and what is said of it.</summary>
    public static TheoryData<int, string, string> Wrong => new()
    {
        { 500, "oops", "it answered 500" },
        { 200, "<html>login</html>", "not what Prometheus answers" },
        { 200, "", "not what Prometheus answers" },
        { 200, "{\"status\":\"success\"}", "not what Prometheus answers" },
        { 200, "{\"status\":\"success\",\"data\":{\"resultType\":\"string\",\"result\":[1,\"x\"]}}", "results of the type 'string'" },
        { 200, "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":[[1,2,3]]}]}}", "a point has" },
        { 200, "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":[[1e300,\"1\"]]}]}}", "beyond the calendar" },
        { 200, "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"a\":5},\"values\":[]}]}}", "not what Prometheus answers" },
        { 422, "{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"query timed out\"}", "query timed out" },
        { 302, "", "it answered 302" },
        { 200, new string('[', 5_000), "not what Prometheus answers" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task WrongAnswer_GivesNoSamplesAndSaysWhy(int status, string body, string why)
    {
        var reading = await Read(context =>
        {
            context.Response.StatusCode = status;
            if (status == 302) context.Response.Headers.Location = "http://127.0.0.1:1/";
            return context.Response.WriteAsync(body);
        });
        Assert.Empty(reading.Samples);
        Assert.Contains(reading.Diagnostics, d => d.Code == "PE6001" && d.Message.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnswerWithoutEnd_IsCutOffAtItsBound()
    {
        var reading = await Read(async context =>
        {
            var chunk = new byte[10_000];
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        });
        Assert.Contains("greater than 100,000 bytes", reading.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnswerThatNeverComes_IsGivenUp()
    {
        var reading = await Read(context => Task.Delay(System.Threading.Timeout.Infinite, context.RequestAborted));
        Assert.Contains("did not answer within 1 s", reading.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnswerThatStopsHalfway_IsGivenUp()
    {
        var reading = await Read(async context =>
        {
            await context.Response.WriteAsync("{\"status\":\"success\",\"data\":{");
            await context.Response.Body.FlushAsync();
            await Task.Delay(System.Threading.Timeout.Infinite, context.RequestAborted);
        });
        Assert.Contains("did not answer within 1 s", reading.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectionThatBreaksHalfway_IsSaid()
    {
        var reading = await Read(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"status\":");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        Assert.Contains("cannot be reached", reading.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyThere_IsSaid()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var source = new PrometheusSource(Bounds with { Address = new($"http://127.0.0.1:{port}") }, Names, TimeProvider.System);
        Assert.Contains("cannot be reached", (await source.Read(CancellationToken.None).WithTimeout()).Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("-5")]
    [InlineData("+Inf")]
    public async Task ImpossibleCounter_LeavesTheWholeClusterOut(string value)
    {
        var reading = await Read(async context => await context.Response.WriteAsync(await Metric(context) == EnvoyMetrics.Requests
            ? Matrix(Series("checkout.v1", [("envoy_response_code_class", "2")], 50), Series("checkout.v2", [("envoy_response_code_class", "2")], 50), Series("checkout.v2", [("envoy_response_code_class", "5")], value))
            : Matrix()));
        Assert.Equal("v1", Assert.Single(reading.Samples).Version);
        Assert.Equal("PE6002", Assert.Single(reading.Diagnostics).Code);
    }

    [Fact]
    public async Task ScrapeOfLongAgo_IsNoNews()
    {
        var reading = await Read(async context => await context.Response.WriteAsync(await Metric(context) == EnvoyMetrics.Requests ? Matrix(Series("checkout.v1", [("envoy_response_code_class", "2")], 50, -3600)) : Matrix()));
        Assert.Empty(reading.Samples);
    }

    [Fact]
    public async Task TooManySeries_AreRefused()
    {
        var reading = await Read(context => context.Response.WriteAsync(Matrix([.. Enumerable.Range(0, 60).Select(i => Series($"s{i}.v1", [], i))])));
        Assert.Contains("60 series", reading.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PrometheusThatDies_TurnsHealthyIntoUnknown_AndIsTheFinding()
    {
        var alive = true;
        var (requests, now) = (0.0, TimeProvider.System.GetUtcNow());
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(now);
        await using var server = await FakeServer.Start(async context =>
        {
            if (!alive) context.Abort();
            else await context.Response.WriteAsync(await Metric(context) == EnvoyMetrics.Requests
                ? Matrix(At(clock, "checkout.v1", requests * 19), At(clock, "checkout.v2", requests))
                : Matrix());
        });
        using var source = new PrometheusSource(Bounds with { Address = server.Address, Timeout = Waiting.Limit }, Names, clock);
        var detection = new Detection();
        var changes = new List<FindingChange>();
        for (var i = 0; i < 60; i++) await Step();
        Assert.Equal(Verdict.Healthy, detection.VerdictOf("checkout", "v2"));
        alive = false;
        for (var i = 0; i < 30; i++) await Step();
        Assert.Equal(Verdict.Unknown, detection.VerdictOf("checkout", "v2"));
        Assert.Equal("prometheus", Assert.Single(changes, c => c.Step == FindingStep.Opened).Finding.Subject.Source);

        async Task Step()
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            requests += 50;
            foreach (var sample in (await source.Read(CancellationToken.None).WithTimeout()).Samples) detection.Observe(sample, clock.GetUtcNow());
            changes.AddRange(detection.Evaluate(clock.GetUtcNow()));
        }
    }

    [Fact]
    public async Task Cancellation_IsTheCallers()
    {
        await using var server = await FakeServer.Start(context => Task.Delay(System.Threading.Timeout.Infinite, context.RequestAborted));
        using var source = new PrometheusSource(Bounds with { Address = server.Address, Timeout = Waiting.Limit }, Names, TimeProvider.System);
        using var cancelled = new CancellationTokenSource();
        var reading = source.Read(cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WithTimeout());
    }

    private static VersionKey? Names(string cluster) => cluster.Split('.') is [var service, var version] ? new VersionKey(service, version) : null;

    private static async Task<SourceReading> Read(RequestDelegate answer)
    {
        await using var server = await FakeServer.Start(answer);
        using var source = new PrometheusSource(Bounds with { Address = server.Address }, Names, TimeProvider.System);
        return await source.Read(CancellationToken.None).WithTimeout();
    }

    private static async Task<string> Metric(HttpContext context) => (await context.Request.ReadFormAsync())["query"].ToString().Split('{')[0];

    private static string Series(string cluster, (string Name, string Value)[] labels, object value, int ageSeconds = 0) => Series(cluster, labels, value, TimeProvider.System.GetUtcNow().AddSeconds(ageSeconds));

    private static string At(TimeProvider time, string cluster, double value) => Series(cluster, [("envoy_response_code_class", "2")], value, time.GetUtcNow());

    private static string Series(string cluster, (string Name, string Value)[] labels, object value, DateTimeOffset at)
    {
        var all = labels.Append((Name: "envoy_cluster_name", Value: cluster)).Append((Name: "instance", Value: "envoy-1:9901")).Select(l => $"\"{l.Name}\":\"{l.Value}\"");
        return string.Create(CultureInfo.InvariantCulture, $"{{\"metric\":{{{string.Join(',', all)}}},\"values\":[[{at.ToUnixTimeMilliseconds() / 1000.0},\"{value}\"]]}}");
    }

    private static string Matrix(params string[] series) => $"{{\"status\":\"success\",\"data\":{{\"resultType\":\"matrix\",\"result\":[{string.Join(',', series)}]}}}}";
}
