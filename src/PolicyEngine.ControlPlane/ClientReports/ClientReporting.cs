using Envoy.Service.Accesslog.V3;
using Grpc.Core;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.Xds.ClientReports;

namespace PolicyEngine.ControlPlane.ClientReports;

/// <summary>
/// ALS: a node says once who it is and which log follows, and then sends its entries. Only the logs that the engine's own listeners write are taken,
/// as it is not known of others what share of the requests they hold, or whether they hold some twice.
/// </summary>
internal sealed class ClientReporting(StreamContext shared, ClientCounts counts, EntryBudget budget) : AccessLogService.AccessLogServiceBase
{
    public override async Task<StreamAccessLogsResponse> StreamAccessLogs(IAsyncStreamReader<StreamAccessLogsMessage> requestStream, ServerCallContext context)
    {
        if (!await shared.First(requestStream, context.CancellationToken)) return new StreamAccessLogsResponse();
        if (requestStream.Current.Identifier is not { Node: { Id.Length: > 0 } node } identifier) throw Invalid("the first message of a stream must have an identifier with a node that has an id");
        if (ClientReportLog.ShareOf(identifier.LogName) is not { } share) throw Invalid($"this server takes no access log of that name, only such as '{ClientReportLog.NameOf(Ir.Percentage.Hundred)}', which its listeners write");
        var (http, since, stream) = (context.GetHttpContext(), shared.Time.GetUtcNow(), shared.Nodes.NextStream());
        var peer = Peer.Of(http);
        var identity = NodeIdentity.Of(node, peer);
        using var part = budget.Enter(peer);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, shared.Lives.Stopping);
        try
        {
            do
            {
                var fleet = shared.FleetOf(identity);
                if (requestStream.Current.HttpLogs?.LogEntry is not { Count: > 0 } entries) continue;
                await part.Wait(entries.Count, ending.Token);
                Meters.ClientEntries.Add(entries.Count);
                // What is none of a fleet's has its configuration from elsewhere.
                if (fleet is not null) counts.Add(entries, share);
            }
            while (!shared.Lives.IsOver(stream, since, http) && await requestStream.MoveNext(ending.Token));
        }
        catch (Exception e) when (Departure.Is(e))
        {
            // The node went away, or the host stops: that is how this ends.
        }
        return new StreamAccessLogsResponse();
    }

    private static RpcException Invalid(string why) => new(new Status(StatusCode.InvalidArgument, why));
}
