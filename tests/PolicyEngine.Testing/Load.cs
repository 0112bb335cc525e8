using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

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
            var key = await Get(client, $"http://127.0.0.1:{port}{path}", host, with, ct);
            counts.AddOrUpdate(key, 1, (_, n) => n + 1);
        }).WithTimeout(TimeSpan.FromSeconds(60));
        return counts;
    }

    /// <summary>
    /// GETs of some paths in turn, so many a second in all (or as many as the machine can), until it is told to stop; the answers, counted as by
    /// <see cref="Send"/> and seen while they come in where the caller gives the counts, and how long it went on.
    /// </summary>
    public static async Task<(IReadOnlyDictionary<(int Status, string Version), int> Answers, TimeSpan Took)> Sustain(int port, string[] paths, int rate, CancellationToken stop, string host = "shop.example.com", int concurrency = 32, IPAddress? from = null, ConcurrentDictionary<(int Status, string Version), int>? counts = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = concurrency, UseProxy = false, ConnectCallback = from is null ? null : (c, ct) => Connect(from, c.DnsEndPoint, ct) });
        counts ??= new ConcurrentDictionary<(int Status, string Version), int>();
        var sent = -1;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var n = Interlocked.Increment(ref sent);
                var wait = TimeSpan.FromSeconds((double)n / rate) - clock.Elapsed;
                if (wait > TimeSpan.Zero) await Task.Delay(wait, CancellationToken.None);
                counts.AddOrUpdate(await Get(client, $"http://127.0.0.1:{port}{paths[n % paths.Length]}", host), 1, (_, count) => count + 1);
            }
        }, CancellationToken.None)));
        return (counts, clock.Elapsed);
    }

    /// <summary>A connection from an address of the client's own: all of 127.0.0.0/8 is this machine.</summary>
    private static async ValueTask<Stream> Connect(IPAddress from, DnsEndPoint to, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(IPAddress.Loopback, to.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<(int Status, string Version)> Get(HttpClient client, string url, string host, Action<HttpRequestMessage>? with = null, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Host = host;
        with?.Invoke(request);
        try
        {
            using var response = await client.SendAsync(request, cancellation);
            return ((int)response.StatusCode, response.Headers.TryGetValues("x-version", out var v) ? v.First() : "-");
        }
        catch (HttpRequestException)
        {
            return (0, "-");
        }
    }

    /// <summary>Whether a count is within some standard deviations of what a share of n independent draws gives.</summary>
    public static bool IsWithin(double sigmas, int hits, int n, double share) => Math.Abs(hits - n * share) <= sigmas * Math.Sqrt(n * share * (1 - share));
}
