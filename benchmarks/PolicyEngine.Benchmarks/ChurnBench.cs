using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Grpc.Net.Client;

namespace PolicyEngine.Benchmarks;

/// <summary>
/// Nodes that come, take their clusters, acknowledge and go, so many a second, each over a connection of its own: the server's resident memory
/// over time must be flat. The server is this program as <c>xds-host</c>, in a process of its own.
/// </summary>
internal static class ChurnBench
{
    private const string Clusters = "type.googleapis.com/envoy.config.cluster.v3.Cluster";

    public static async Task Run(int perSecond, TimeSpan duration)
    {
        var (xds, http) = (FreePort(), FreePort());
        using var server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal)
            ? [typeof(ChurnBench).Assembly.Location, "xds-host", $"{xds}", $"{http}"]
            : ["xds-host", $"{xds}", $"{http}"]))!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
            await Push(client);
            var (watch, connects, failures) = (Stopwatch.StartNew(), 0, 0);
            List<Task> open = [];
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            var report = TimeSpan.Zero;
            while (watch.Elapsed < duration)
            {
                await timer.WaitForNextTickAsync();
                for (; connects < perSecond * watch.Elapsed.TotalSeconds; connects++) open.Add(Visit(connects, xds));
                foreach (var done in open.Where(t => t.IsCompleted).ToList())
                {
                    if (done.IsFaulted) failures++;
                    open.Remove(done);
                }
                if (watch.Elapsed < report) continue;
                report += TimeSpan.FromSeconds(Math.Max(1, duration.TotalSeconds / 10));
                Console.WriteLine($"{watch.Elapsed.TotalSeconds,4:F0} s: {connects} connects, {failures} failed, {open.Count} under way; {await client.GetStringAsync(new Uri("/stats", UriKind.Relative))}");
            }
            await Task.WhenAll(open);
            Console.WriteLine($"end: {connects} connects in {watch.Elapsed.TotalSeconds:F0} s, {failures} failed; {await client.GetStringAsync(new Uri("/stats", UriKind.Relative))}");
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static async Task Push(HttpClient client)
    {
        while (true)
        {
            try
            {
                using var pushed = await client.PostAsync(new Uri("/push?clusters=100", UriKind.Relative), null);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50);
            }
        }
    }

    private static async Task Visit(int number, int xds)
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{xds}");
        using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).StreamAggregatedResources();
        await call.RequestStream.WriteAsync(new DiscoveryRequest { TypeUrl = Clusters, Node = new Node { Id = string.Create(CultureInfo.InvariantCulture, $"node-{number % 10_000}"), Cluster = "bench" } });
        await call.ResponseStream.MoveNext(default);
        var response = call.ResponseStream.Current;
        await call.RequestStream.WriteAsync(new DiscoveryRequest { TypeUrl = Clusters, ResponseNonce = response.Nonce, VersionInfo = response.VersionInfo });
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
