using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Protos.Collections.V1;

namespace PolicyEngine.Agent.Upstream;

/// <summary>Keeps a stream to the server, for as long as the agent runs: one that ends is opened again after a while.</summary>
internal sealed class UpstreamClient(AgentOptions options, Serving serving, NodeRegistry nodes, TimeProvider time, ILogger<UpstreamClient> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var channel = Open(options);
        var client = new SnapshotCollections.SnapshotCollectionsClient(channel);
        var failed = 0;
        while (true)
        {
            var session = new UpstreamSession(options, serving, nodes, time, logger);
            var reason = await Run(session, client, stoppingToken);
            if (session.HasHeard) failed = 0;
            var delay = Backoff.Delay(failed++, Random.Shared.NextDouble());
            if (stoppingToken.IsCancellationRequested) return;
            Log.Disconnected(logger, options.Server, reason, Math.Round(delay.TotalSeconds, 1));
            try
            {
                await Task.Delay(delay, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task<string> Run(UpstreamSession session, SnapshotCollections.SnapshotCollectionsClient client, CancellationToken stopping)
    {
        try
        {
            await session.Run(client, stopping);
            return "the server ended the stream";
        }
        catch (RpcException e)
        {
            return e.StatusCode == StatusCode.Unavailable ? "it does not answer" : $"{e.StatusCode}: {e.Status.Detail}";
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException)
        {
            return e.Message;
        }
    }

    private static GrpcChannel Open(AgentOptions options) => GrpcChannel.ForAddress(options.Server, new GrpcChannelOptions
    {
        MaxReceiveMessageSize = options.MaxCollectionBytes,
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // A stream is silent for hours; what finds a dead server is the ping.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        },
        // The agent itself waits between attempts, and says so.
        InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
        MaxReconnectBackoff = TimeSpan.FromMilliseconds(100),
    });
}
