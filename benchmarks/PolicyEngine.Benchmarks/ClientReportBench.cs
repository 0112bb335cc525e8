using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Envoy.Config.Core.V3;
using Envoy.Data.Accesslog.V3;
using Envoy.Service.Accesslog.V3;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Samples;
using PolicyEngine.Xds;

namespace PolicyEngine.Benchmarks;

/// <summary>
/// What reports of clients cost the server: entries as Envoy writes them, in messages of 64 KB that are made beforehand, over eight streams, as fast as
/// it takes them. The server is this program as <c>xds-host</c>, in a process of its own, whose processor time counts.
/// </summary>
internal static class ClientReportBench
{
    private const int Streams = 8;
    private const int MessageBytes = 64 * 1024;
    private const int Messages = 64;

    public static async Task Run(TimeSpan duration, int addresses)
    {
        Detect();
        var (xds, http) = (FreePort(), FreePort());
        var self = Environment.ProcessPath!;
        using var server = Process.Start(new ProcessStartInfo(self, self.EndsWith("dotnet", StringComparison.Ordinal) ? [typeof(ClientReportBench).Assembly.Location, "xds-host", $"{xds}", $"{http}"] : ["xds-host", $"{xds}", $"{http}"]))!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
            var (messages, entryBytes) = Made(addresses);
            await Stats(client);
            await Send(xds, messages, TimeSpan.FromSeconds(5));
            var before = await Stats(client);
            await Send(xds, messages, duration);
            // The counts are told once a second.
            await Task.Delay(1500);
            var after = await Stats(client);
            var (entries, cpu) = (after[0] - before[0], after[2] - before[2]);
            Console.WriteLine(FormattableString.Invariant(
                $"{entries:N0} entries of {entryBytes:F0} bytes of {addresses:N0} addresses in {duration.TotalSeconds:F0} s: {entries / duration.TotalSeconds:N0} a second taken; {1000 * cpu / entries:F2} µs of processor time each, {1000 * entries / cpu:N0} a second a core; {after[1] - before[1]:N0} reports; {after[3] / 1024 / 1024:F0} MiB"));
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    /// <summary>What the detectors make of it: of each of a thousand services the busiest ranges, never quite the same, and the others.</summary>
    private static void Detect()
    {
        const int services = 1_000, told = 32, seconds = 60;
        var (detection, dice, now, cpu) = (new Detection(), new Random(1), DateTimeOffset.UnixEpoch, TimeSpan.Zero);
        for (var second = 0; second < 2 * seconds; second++)
        {
            now += TimeSpan.FromSeconds(1);
            var samples = new List<KeySample>();
            for (var s = 0; s < services; s++)
            {
                for (var k = 0; k <= told; k++)
                    samples.Add(new KeySample { At = now, Source = "als", Service = $"service-{s}", Dimension = KeySample.ClientRange, Key = k == told ? null : $"10.{dice.Next(4)}.{dice.Next(256)}.0/24", Requests = dice.Next(1, 40), MostOfOne = 1 });
            }
            var before = Environment.CpuUsage.TotalTime;
            foreach (var sample in samples) detection.Observe(sample, now);
            detection.Evaluate(now);
            // The first half fills the tables.
            if (second >= seconds) cpu += Environment.CpuUsage.TotalTime - before;
        }
        Console.WriteLine(FormattableString.Invariant($"detectors: {cpu.TotalMilliseconds / seconds:F0} ms of processor time a second for {services:N0} services, {told + 1} reports each"));
    }

    private static async Task Send(int port, IReadOnlyList<byte[]> messages, TimeSpan duration)
    {
        var method = new Method<byte[], byte[]>(MethodType.ClientStreaming, "envoy.service.accesslog.v3.AccessLogService", "StreamAccessLogs", Marshallers.Create(b => b, b => b), Marshallers.Create(b => b, b => b));
        var hello = Canonical.Bytes(new StreamAccessLogsMessage { Identifier = new() { Node = new Node { Id = "n", Cluster = "bench" }, LogName = "client-reports/100%" } });
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Streams).Select(i => Task.Run(async () =>
        {
            using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
            using var call = channel.CreateCallInvoker().AsyncClientStreamingCall(method, null, default);
            await call.RequestStream.WriteAsync(hello);
            for (var n = i; watch.Elapsed < duration; n++) await call.RequestStream.WriteAsync(messages[n % messages.Count]);
            await call.RequestStream.CompleteAsync();
            await call.ResponseAsync;
        })));
    }

    private static async Task<double[]> Stats(HttpClient client)
    {
        while (true)
        {
            try
            {
                return [.. (await client.GetStringAsync(new Uri("/clients", UriKind.Relative))).Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50);
            }
        }
    }

    private static (List<byte[]> Messages, double EntryBytes) Made(int addresses)
    {
        var (made, bytes, count, messages) = (0, 0L, 0, new List<byte[]>());
        while (messages.Count < Messages)
        {
            var entries = new StreamAccessLogsMessage.Types.HTTPAccessLogEntries();
            for (var size = 0; size < MessageBytes; count++)
            {
                var entry = Entry(made++ % addresses);
                entries.LogEntry.Add(entry);
                size += entry.CalculateSize();
                bytes += entry.CalculateSize();
            }
            messages.Add(Canonical.Bytes(new StreamAccessLogsMessage { HttpLogs = entries }));
        }
        return (messages, (double)bytes / count);
    }

    /// <summary>With what Envoy 1.40 fills in of a plain request.</summary>
    private static HTTPAccessLogEntry Entry(int client)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"10.{client / 65536 % 256}.{client / 256 % 256}.{client % 256}");
        return new()
        {
            CommonProperties = new AccessLogCommon
            {
                DownstreamRemoteAddress = At(address, 40_000),
                DownstreamDirectRemoteAddress = At(address, 40_000),
                DownstreamLocalAddress = At("192.168.1.10", 8080),
                UpstreamRemoteAddress = At("192.168.2.20", 9000),
                UpstreamLocalAddress = At("192.168.1.10", 50_000),
                StartTime = new Timestamp { Seconds = 1_790_000_000, Nanos = 123_456_789 },
                TimeToLastRxByte = new Duration { Nanos = 51_000 },
                TimeToFirstUpstreamTxByte = new Duration { Nanos = 205_000 },
                TimeToLastUpstreamTxByte = new Duration { Nanos = 211_000 },
                TimeToFirstUpstreamRxByte = new Duration { Nanos = 1_705_000 },
                TimeToLastUpstreamRxByte = new Duration { Nanos = 1_755_000 },
                TimeToFirstDownstreamTxByte = new Duration { Nanos = 1_805_000 },
                TimeToLastDownstreamTxByte = new Duration { Nanos = 1_865_000 },
                Duration = new Duration { Nanos = 1_870_000 },
                UpstreamCluster = "search.v1",
                RouteName = "search",
                UpstreamRequestAttemptCount = 1,
                StreamId = "0b1c2d3e-4f50-4a61-8b72-c3d4e5f60718",
                DownstreamWireBytesSent = 412,
                DownstreamWireBytesReceived = 318,
                UpstreamWireBytesSent = 402,
                UpstreamWireBytesReceived = 366,
                AccessLogType = AccessLogType.DownstreamEnd,
            },
            ProtocolVersion = HTTPAccessLogEntry.Types.HTTPVersion.Http11,
            Request = new HTTPRequestProperties
            {
                RequestMethod = RequestMethod.Get,
                Scheme = "http",
                Authority = "shop.example.com",
                Path = "/search?q=red+shoes&page=2",
                UserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
                RequestId = "0b1c2d3e-4f50-4a61-8b72-c3d4e5f60718",
                RequestHeadersBytes = 240,
            },
            Response = new HTTPResponseProperties { ResponseCode = 200, ResponseHeadersBytes = 180, ResponseBodyBytes = 220, ResponseCodeDetails = "via_upstream" },
        };
    }

    private static Address At(string address, uint port) => new() { SocketAddress = new() { Address = address, PortValue = port } };

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
