using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Grpc.Net.Client;

namespace PolicyEngine.Benchmarks;

/// <summary>
/// From <c>kill -9</c> and a new start of the server process to the first clusters on an ADS stream, and to the line that says that people are let in.
/// The sample shop, of which a first start has left a store.
/// </summary>
internal static class StartBench
{
    /// <param name="server">The server's <c>PolicyEngine.Server.dll</c>, as built or published.</param>
    public static async Task Run(string server, string shop, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("policyengine-start-").FullName;
        try
        {
            await Round(server, shop, folder);
            List<(double Served, double Ready)> all = [];
            for (var i = 0; i < rounds; i++) all.Add(await Round(server, shop, folder));
            Console.WriteLine($"start to nodes served: median {Median(all.Select(a => a.Served)):F2} s ({string.Join(", ", all.Select(a => a.Served.ToString("F2")))}); to people let in: median {Median(all.Select(a => a.Ready)):F2} s");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Served, double Ready)> Round(string server, string shop, string folder)
    {
        var port = FreePort();
        var watch = Stopwatch.StartNew();
        var info = new ProcessStartInfo("dotnet", [server, "--store", Path.Combine(folder, "store.db"), "--catalog", Path.Combine(shop, "catalog"), "--policies", Path.Combine(shop, "policies"), "--http-port", "0", "--xds-port", $"{port}"]) { RedirectStandardOutput = true };
        using var process = Process.Start(info)!;
        try
        {
            var ready = Ready(process, watch);
            // Of the first start nothing can be said: there is nothing to serve before policies are imported.
            var served = await Served(port, watch);
            return (served, await ready);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<double> Ready(Process process, Stopwatch watch)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            if (line.Contains("Try first", StringComparison.Ordinal)) return watch.Elapsed.TotalSeconds;
        throw new InvalidOperationException("the server ended before it was ready");
    }

    private static async Task<double> Served(int port, Stopwatch watch)
    {
        while (true)
        {
            try
            {
                using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
                using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).StreamAggregatedResources();
                await call.RequestStream.WriteAsync(new DiscoveryRequest { TypeUrl = "type.googleapis.com/envoy.config.cluster.v3.Cluster", Node = new Node { Id = "edge-1", Cluster = "edge" } });
                if (await call.ResponseStream.MoveNext(default) && call.ResponseStream.Current.Resources.Count > 0) return watch.Elapsed.TotalSeconds;
            }
            catch (RpcException)
            {
                await Task.Delay(5);
            }
        }
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
