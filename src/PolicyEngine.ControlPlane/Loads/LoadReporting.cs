using Envoy.Service.LoadStats.V3;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.Xds;
using Status = Grpc.Core.Status;

namespace PolicyEngine.ControlPlane.Loads;

/// <summary>
/// LRS: a node says once who it is, is told what to report and how often, and then reports. All clusters are asked for of a node that can do
/// that; of others, those that its fleet is served at that moment.
/// </summary>
internal sealed class LoadReporting(StreamContext shared, ILoadSink sink) : LoadReportingService.LoadReportingServiceBase
{
    private const string SendsAll = "envoy.lrs.supports_send_all_clusters";
    private const int MostLocalities = 10_000;

    public override async Task StreamLoadStats(IAsyncStreamReader<LoadStatsRequest> requests, IServerStreamWriter<LoadStatsResponse> responses, ServerCallContext context)
    {
        if (!await shared.First(requests, context.CancellationToken)) return;
        var first = requests.Current;
        if (first.Node is not { Id.Length: > 0 } node) throw new RpcException(new Status(StatusCode.InvalidArgument, "the first request of a stream must have a node with an id"));
        var identity = NodeIdentity.Of(node, Peer.Of(context.GetHttpContext()));
        await responses.WriteAsync(Wish(node, identity), context.CancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, shared.Lives.Stopping);
        try
        {
            Take(first, identity);
            while (await requests.MoveNext(ending.Token)) Take(requests.Current, identity);
        }
        catch (Exception e) when (Departure.Is(e))
        {
            // The node went away, or the host stops: that is how this ends.
        }
        finally
        {
            sink.Ended(identity.Id);
        }
    }

    private LoadStatsResponse Wish(Envoy.Config.Core.V3.Node node, NodeIdentity identity)
    {
        var wish = new LoadStatsResponse { LoadReportingInterval = Duration.FromTimeSpan(shared.Options.LoadReportingInterval) };
        if (node.ClientFeatures.Contains(SendsAll)) wish.SendAllClusters = true;
        else if (shared.FleetOf(identity) is { } fleet && shared.Cache.Current(fleet) is { } snapshot) wish.Clusters.Add(snapshot[ResourceType.Cluster].Resources.Keys);
        return wish;
    }

    private void Take(LoadStatsRequest request, NodeIdentity identity)
    {
        var (now, fleet) = (shared.Time.GetUtcNow(), shared.FleetOf(identity));
        foreach (var (cluster, locality) in request.ClusterStats.SelectMany(c => c.UpstreamLocalityStats.Select(l => (c, l))).Take(MostLocalities))
            sink.Report(new LoadReport(
                identity.Id, fleet, cluster.ClusterName, locality.Locality is { } place ? $"{place.Region}/{place.Zone}" : "",
                locality.TotalSuccessfulRequests, locality.TotalErrorRequests, locality.TotalIssuedRequests, locality.TotalRequestsInProgress,
                cluster.LoadReportInterval?.ToTimeSpan() ?? TimeSpan.Zero, now));
    }
}
