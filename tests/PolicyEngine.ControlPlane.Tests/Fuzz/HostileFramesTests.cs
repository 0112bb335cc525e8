using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;

namespace PolicyEngine.ControlPlane.Tests.Fuzz;

/// <summary>
/// Recorded conversations with every service, broken by a seeded mutator, at a real server, beside a client that goes on as if nothing were.
/// More of them: <c>POLICYENGINE_FUZZ_FRAMES=1000000 POLICYENGINE_FUZZ_SEED=1</c>.
/// </summary>
public sealed class HostileFramesTests(ITestOutputHelper output)
{
    private const int AtOnce = 16;

    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(50);

    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    [Fact]
    public async Task HostileFrames_CrashNothing_LeakNothing_AndDisturbNobody()
    {
        var (most, seed) = (Number("POLICYENGINE_FUZZ_FRAMES", 30_000), Number("POLICYENGINE_FUZZ_SEED", 1));
        using var errors = new Errors();
        await using var host = await Start(
            new ControlPlaneOptions { MostStreamsPerPeer = 20_000, StreamsPerSecond = 20_000, StreamBurst = 20_000, WriteTimeout = TimeSpan.FromSeconds(5) },
            more: services => services.AddLogging(l => l.AddProvider(errors).SetMinimumLevel(LogLevel.Error)));
        host.Cache.Publish(Snapshot("a", ("a", 1), ("b", 1)));
        var recordings = await Conversations.Record(host.Port);
        await using var bystander = host.Sotw("bystander");
        await bystander.Send(ResourceType.Cluster);
        await bystander.Ack(await bystander.Next());

        var (frames, answered, version, quarter) = (0L, 0L, 1, 0L);
        while (frames < most)
        {
            List<Task<(int, long)>> connections = [.. Enumerable.Range(0, AtOnce).Select(i => Connect(host.Port, new Mutator(recordings, unchecked(seed * 7919 + version * AtOnce + i)).Next()))];
            foreach (var connection in connections)
            {
                var (sent, read) = await connection.WithTimeout();
                frames += sent;
                answered += read;
            }
            host.Cache.Publish(Snapshot("a", ("a", ++version), ("b", 1)));
            await bystander.Ack(await bystander.Next());
            if (quarter == 0 && frames > most / 4) quarter = Heap();
        }

        await Waiting.Until(() => host.Nodes.Nodes is [{ Node.Id: "bystander" }], "hostile streams to be gone");
        var grown = (Heap() - quarter) / 1024 / 1024;
        output.WriteLine($"{frames} frames of {recordings.Count} recordings over {version * AtOnce} connections, {answered / 1024} KiB of answers; heap {grown:+0;-0} MiB from a quarter of the way on");
        Assert.True(grown < 16, $"the heap grew by {grown} MiB");
        foreach (var error in errors.Seen) output.WriteLine(error);
        Assert.Empty(errors.Seen);
    }

    private static async Task<(int Sent, long Read)> Connect(int port, List<Frame> frames)
    {
        var bytes = new MemoryStream();
        bytes.Write(Preface);
        foreach (var frame in frames) frame.WriteTo(bytes);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port);
        var stream = client.GetStream();
        var written = stream.WriteAsync(bytes.GetBuffer().AsMemory(0, (int)bytes.Length)).AsTask();
        return (frames.Count, await Answers(stream, written));
    }

    /// <summary>Bytes until it hangs up, which is one answer to a hostile frame, or has no more to say.</summary>
    private static async Task<long> Answers(NetworkStream stream, Task written)
    {
        var (buffer, total) = (new byte[16 * 1024], 0L);
        try
        {
            while (true)
            {
                using var quiet = new CancellationTokenSource(Quiet);
                if (await stream.ReadAsync(buffer, quiet.Token) is not (var read and > 0)) return total;
                total += read;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return total;
        }
        finally
        {
            await written.ContinueWith(_ => { }, TaskScheduler.Default).WithTimeout();
        }
    }

    private static long Heap() => GC.GetTotalMemory(forceFullCollection: true);

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    /// <summary>What the server logs as an error: a fault of its own, as hostile input is none.</summary>
    private sealed class Errors : ILoggerProvider, ILogger
    {
        private readonly Lock _gate = new();
        private readonly List<string> _seen = [];
        private readonly HashSet<string> _kinds = [];

        public IReadOnlyList<string> Seen
        {
            get
            {
                lock (_gate) return [.. _seen];
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_gate)
                if (_seen.Count < 20 && _kinds.Add($"{eventId} {exception?.GetType()} {exception?.Message}")) _seen.Add($"{formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}
