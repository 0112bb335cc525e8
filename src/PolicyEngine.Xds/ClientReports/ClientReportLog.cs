using Envoy.Config.Accesslog.V3;
using Envoy.Config.Core.V3;
using Envoy.Extensions.AccessLoggers.Grpc.V3;
using PolicyEngine.Ir;

namespace PolicyEngine.Xds.ClientReports;

/// <summary>
/// The access log by which Envoys report requests with the addresses of their clients to the control plane that they have their configuration
/// from (ALS). Its name says what share of the requests it holds: a node says it once a stream, and what it says is true of that stream, whatever is served by then.
/// </summary>
public static class ClientReportLog
{
    private const string Name = "policyengine.client-reports";
    private const string NamePrefix = "client-reports/";
    private const string Logger = "envoy.access_loggers.http_grpc";

    /// <summary>A node sends what it has this often, or when the buffer is full.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private const uint BufferBytes = 64 * 1024;

    public static string NameOf(Percentage share) => NamePrefix + share;

    /// <summary>The share of the requests that the entries of a log stand for; null where the log is none of these.</summary>
    public static Percentage? ShareOf(string logName) =>
        logName.StartsWith(NamePrefix, StringComparison.Ordinal) && Percentage.TryParse(logName[NamePrefix.Length..], out var share) && share > Percentage.Zero ? share : null;

    internal static AccessLog Of(Percentage share) => new()
    {
        Name = Logger,
        Filter = share < Percentage.Hundred ? Sampled(share) : null,
        TypedConfig = Canonical.Pack(new HttpGrpcAccessLogConfig
        {
            CommonConfig = new CommonGrpcAccessLogConfig
            {
                LogName = NameOf(share),
                TransportApiVersion = ApiVersion.V3,
                GrpcService = new GrpcService { EnvoyGrpc = new GrpcService.Types.EnvoyGrpc { ClusterName = NodeBootstrap.Cluster } },
                BufferFlushInterval = FlushInterval.ToProto(),
                BufferSizeBytes = BufferBytes,
            },
        }),
    };

    internal static bool Is(AccessLog log) =>
        log.TypedConfig is { } config && config.TryUnpack<HttpGrpcAccessLogConfig>(out var grpc) && ShareOf(grpc.CommonConfig?.LogName ?? "") is not null;

    private static AccessLogFilter Sampled(Percentage share) => new()
    {
        // Not by the request id, which an internal client may choose.
        RuntimeFilter = new RuntimeFilter { RuntimeKey = Name, PercentSampled = share.ToProto(), UseIndependentRandomness = true },
    };
}
