using System.Collections.Concurrent;
using System.Net;

namespace PolicyEngine.Testing;

/// <summary>Requests, and what became of them.</summary>
public static class Load
{
    /// <summary>Sends <paramref name="count"/> GETs and counts the answers by status and by the backend's <c>x-version</c> ("-" where Envoy answered itself).</summary>
    public static async Task<IReadOnlyDictionary<(int Status, string Version), int>> Send(int port, string path, int count, string host = "shop.example.com", int concurrency = 16, Action<HttpRequestMessage>? with = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = concurrency, UseProxy = false });
        var counts = new ConcurrentDictionary<(int, string), int>();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = concurrency }, async (_, ct) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}{path}");
            request.Headers.Host = host;
            with?.Invoke(request);
            (int, string) key;
            try
            {
                using var response = await client.SendAsync(request, ct);
                key = ((int)response.StatusCode, response.Headers.TryGetValues("x-version", out var v) ? v.First() : "-");
            }
            catch (HttpRequestException)
            {
                key = (0, "-");
            }
            counts.AddOrUpdate(key, 1, (_, n) => n + 1);
        }).WithTimeout(TimeSpan.FromSeconds(60));
        return counts;
    }

    /// <summary>Whether a count is within some standard deviations of what a share of n independent draws gives.</summary>
    public static bool IsWithin(double sigmas, int hits, int n, double share) => Math.Abs(hits - n * share) <= sigmas * Math.Sqrt(n * share * (1 - share));

    /// <summary>A TCP port on loopback that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
