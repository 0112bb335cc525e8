using System.Threading.Channels;
using Envoy.Config.Core.V3;
using Envoy.Data.Accesslog.V3;
using Envoy.Service.Accesslog.V3;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Microsoft.Extensions.Hosting;
using PolicyEngine.ControlPlane.ClientReports;
using PolicyEngine.Ir;
using PolicyEngine.Xds.ClientReports;

namespace PolicyEngine.Agent.Upstream;

/// <summary>
/// What the nodes report of their clients goes on to the server as the agent's own access log (ALS), counted already: an entry a range, which says
/// by its sample rate for how many requests it stands. What the server cannot take in time is dropped.
/// </summary>
internal sealed class ClientForwarder(AgentOptions options, GrpcChannel channel, TimeProvider time) : BackgroundService, IClientSink
{
    private const int MostWaiting = 10;
    private const int MostAtOnce = 1000;

    private readonly Channel<IReadOnlyList<ClientReport>> _waiting = Channel.CreateBounded<IReadOnlyList<ClientReport>>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public void Report(IReadOnlyList<ClientReport> reports) => _waiting.Writer.TryWrite(reports);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Retrying.Run(arrived => Forward(arrived, stoppingToken), time, stoppingToken);

    private async Task Forward(Action arrived, CancellationToken end)
    {
        await _waiting.Reader.WaitToReadAsync(end);
        using var call = new AccessLogService.AccessLogServiceClient(channel).StreamAccessLogs(cancellationToken: end);
        await call.RequestStream.WriteAsync(Introduction(), end);
        await foreach (var reports in _waiting.Reader.ReadAllAsync(end))
        {
            foreach (var some in reports.Chunk(MostAtOnce))
                await call.RequestStream.WriteAsync(new StreamAccessLogsMessage { HttpLogs = new() { LogEntry = { some.Select(Entry) } } }, end);
            arrived();
        }
    }

    private StreamAccessLogsMessage Introduction()
    {
        var node = new Node { Id = options.Node, Cluster = options.Cluster };
        if (!options.Metadata.IsEmpty) node.Metadata = new Struct { Fields = { options.Metadata.ToDictionary(m => m.Key, m => Value.ForString(m.Value)) } };
        return new StreamAccessLogsMessage { Identifier = new() { Node = node, LogName = ClientReportLog.NameOf(Percentage.Hundred) } };
    }

    private static HTTPAccessLogEntry Entry(ClientReport report) => new()
    {
        CommonProperties = new AccessLogCommon
        {
            UpstreamCluster = report.Cluster,
            DownstreamRemoteAddress = report.Range is { } range ? new Address { SocketAddress = new SocketAddress { Address = range.Address } } : null,
            SampleRate = 1 / Math.Max(1, report.Requests),
            // That all were refused is news too.
            ResponseFlags = report.Requests > 0 ? null : new ResponseFlags { RateLimited = true },
        },
    };
}
