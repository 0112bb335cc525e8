using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Protos.Collections.V1;

namespace PolicyEngine.Agent.Upstream;

/// <summary>What a stream to the server goes by.</summary>
internal sealed record UpstreamParts(AgentOptions Options, Serving Serving, NodeRegistry Nodes, TimeProvider Time, ILogger<UpstreamClient> Logger);

/// <summary>Keeps a stream to the server, for as long as the agent runs: one that ends is opened again after a while.</summary>
internal sealed class UpstreamClient(UpstreamParts parts, GrpcChannel channel) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var client = new SnapshotCollections.SnapshotCollectionsClient(channel);
        var failed = 0;
        while (true)
        {
            var session = new UpstreamSession(parts);
            var reason = await Run(session, client, stoppingToken);
            if (stoppingToken.IsCancellationRequested) return;
            if (session.HasHeard) failed = 0;
            var delay = Backoff.Delay(failed++, Random.Shared.NextDouble());
            Log.Disconnected(parts.Logger, parts.Options.Server, reason, Math.Round(delay.TotalSeconds, 1));
            try
            {
                await Task.Delay(delay, parts.Time, stoppingToken);
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
            return e.Status.DebugException?.GetBaseException().Message ?? $"{e.StatusCode}: {e.Status.Detail}";
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException)
        {
            return e.Message;
        }
    }
}
