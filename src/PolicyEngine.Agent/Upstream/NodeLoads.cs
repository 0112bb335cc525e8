using System.Threading.Channels;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Service.LoadStats.V3;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using PolicyEngine.ControlPlane.Loads;

namespace PolicyEngine.Agent.Upstream;

/// <summary>The load reports of one node on their way to the server, in the node's name (LRS).</summary>
internal sealed class NodeLoads
{
    private const int MostWaiting = 4096;
    private const int MostAtOnce = 1024;

    private readonly Channel<LoadReport> _waiting = Channel.CreateBounded<LoadReport>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    public NodeLoads(AgentOptions options, string node, GrpcChannel channel, TimeProvider time)
    {
        var first = new LoadStatsRequest { Node = new Node { Id = node, Cluster = options.Cluster } };
        if (!options.Metadata.IsEmpty) first.Node.Metadata = new Struct { Fields = { options.Metadata.ToDictionary(m => m.Key, m => Value.ForString(m.Value)) } };
        _running = Run(first, new LoadReportingService.LoadReportingServiceClient(channel), time);
    }

    public void Add(LoadReport report) => _waiting.Writer.TryWrite(report);

    /// <summary>The node is gone, and so is its stream to the server.</summary>
    public async Task End()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private Task Run(LoadStatsRequest first, LoadReportingService.LoadReportingServiceClient client, TimeProvider time) => Retrying.Run(async arrived =>
    {
        await _waiting.Reader.WaitToReadAsync(_end.Token);
        using var call = client.StreamLoadStats(cancellationToken: _end.Token);
        await call.RequestStream.WriteAsync(first, _end.Token);
        while (await _waiting.Reader.WaitToReadAsync(_end.Token))
        {
            await call.RequestStream.WriteAsync(Waiting(), _end.Token);
            arrived();
        }
    }, time, _end.Token);

    private LoadStatsRequest Waiting()
    {
        var request = new LoadStatsRequest();
        while (request.ClusterStats.Count < MostAtOnce && _waiting.Reader.TryRead(out var report)) request.ClusterStats.Add(Stats(report));
        return request;
    }

    private static ClusterStats Stats(LoadReport report)
    {
        var place = report.Locality.Split('/', 2);
        return new ClusterStats
        {
            ClusterName = report.Cluster,
            LoadReportInterval = Duration.FromTimeSpan(report.Interval),
            UpstreamLocalityStats =
            {
                new UpstreamLocalityStats
                {
                    Locality = place is [var region, var zone] ? new Locality { Region = region, Zone = zone } : null,
                    TotalSuccessfulRequests = report.Successful,
                    TotalErrorRequests = report.Errors,
                    TotalIssuedRequests = report.Issued,
                    TotalRequestsInProgress = report.UnderWay,
                },
            },
        };
    }
}
