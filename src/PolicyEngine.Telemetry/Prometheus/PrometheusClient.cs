using System.Buffers;
using System.Globalization;
using System.Net;

namespace PolicyEngine.Telemetry.Prometheus;

/// <summary>
/// Asks a Prometheus by its HTTP API. Whatever is wrong (nobody there, too slow, too large, an error, no sense) is in the answer, never thrown; only
/// the caller's own cancellation is. Follows no redirects.
/// </summary>
public sealed class PrometheusClient : IDisposable
{
    private readonly PrometheusOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public PrometheusClient(PrometheusOptions options, TimeProvider time)
    {
        options.Check();
        (_options, _time) = (options, time);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.All, PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxResponseHeadersLength = 64 })
        {
            BaseAddress = options.Address,
            // The time-out covers the body too, so it is kept here.
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The series at a moment.</summary>
    public Task<PrometheusAnswer> Query(string query, DateTimeOffset at, CancellationToken cancellation) =>
        Ask("api/v1/query", [new("query", query), new("time", Seconds(at))], cancellation);

    /// <summary>The series over a stretch of time.</summary>
    public Task<PrometheusAnswer> QueryRange(string query, DateTimeOffset from, DateTimeOffset to, TimeSpan step, CancellationToken cancellation) =>
        Ask("api/v1/query_range", [new("query", query), new("start", Seconds(from)), new("end", Seconds(to)), new("step", step.TotalSeconds.ToString(CultureInfo.InvariantCulture))], cancellation);

    public void Dispose() => _http.Dispose();

    private async Task<PrometheusAnswer> Ask(string path, KeyValuePair<string, string>[] form, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(_options.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            var body = await Body(response.Content, both.Token);
            if (body is null) return PrometheusAnswer.Failed($"the answer is greater than {_options.MostBytes:N0} bytes");
            // Its errors are JSON too, with a status of 4xx or 5xx.
            var answer = PrometheusAnswer.Parse(body.Value, _options.MostSeries);
            return response.IsSuccessStatusCode || answer.Problem?.StartsWith("it says", StringComparison.Ordinal) == true ? answer : PrometheusAnswer.Failed($"it answered {(int)response.StatusCode}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return PrometheusAnswer.Failed(string.Create(CultureInfo.InvariantCulture, $"it did not answer within {_options.Timeout.TotalSeconds:0.#} s"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException or InvalidDataException)
        {
            return PrometheusAnswer.Failed($"it cannot be reached: {PrometheusAnswer.Bounded(e.Message)}");
        }
    }

    /// <summary>The body, or null if it is too large: then no more of it is read.</summary>
    private async Task<ReadOnlyMemory<byte>?> Body(HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var buffer = new ArrayBufferWriter<byte>(4096);
        for (int read; (read = await stream.ReadAsync(buffer.GetMemory(4096), cancellation)) > 0;)
        {
            buffer.Advance(read);
            if (buffer.WrittenCount > _options.MostBytes) return null;
        }
        return buffer.WrittenMemory;
    }

    private static string Seconds(DateTimeOffset at) => ((at - DateTimeOffset.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerSecond).ToString(CultureInfo.InvariantCulture);
}
