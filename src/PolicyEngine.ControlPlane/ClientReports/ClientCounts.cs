using Envoy.Data.Accesslog.V3;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PolicyEngine.Ir;

namespace PolicyEngine.ControlPlane.ClientReports;

/// <summary>
/// Requests by cluster and client address, of all nodes together; once a second the ranges with the most are told, and the others as one. So what
/// follows costs the same, whatever the number of nodes and clients. One timer for all streams.
/// </summary>
internal sealed partial class ClientCounts(IClientSink sink, ControlPlaneOptions options, TimeProvider time, ILogger<ClientCounts> logger) : IHostedService, IAsyncDisposable
{
    private const int MostClusters = 10_000;
    private const int MostAddresses = 100_000;
    private const int LongestName = 253;

    /// <summary>An IPv6 address with a zone.</summary>
    private const int LongestAddress = 64;

    /// <summary>Refused by an Envoy's authorization; the limits of rates have a flag of their own.</summary>
    private const string Denied = "rbac_access_denied";

    /// <summary>No entry stands for more than its inverse.</summary>
    private const double LeastSampleRate = 1e-9;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Dictionary<string, Clients> _clusters = new(StringComparer.Ordinal);
    private int _addresses;
    private ITimer? _timer;

    /// <param name="share">The share of the requests that the entries are.</param>
    public void Add(IEnumerable<HTTPAccessLogEntry> entries, Percentage share)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                if (entry.CommonProperties is not { UpstreamCluster.Length: > 0 and <= LongestName } common || Of(common.UpstreamCluster) is not { } clients) continue;
                // A flood that is limited goes on being asked for; what counts is what comes through.
                if (common.ResponseFlags is { RateLimited: true } || entry.Response?.ResponseCodeDetails.StartsWith(Denied, StringComparison.Ordinal) == true) continue;
                var address = common.DownstreamRemoteAddress?.SocketAddress?.Address is { Length: <= LongestAddress } said ? said : "";
                if (clients.Add(address, Weight(common.SampleRate, share), _addresses < MostAddresses)) _addresses++;
            }
        }
    }

    /// <summary>Tells what came since the last time.</summary>
    public void Tell()
    {
        Dictionary<string, Clients> clusters;
        lock (_gate)
        {
            if (_clusters.Count == 0) return;
            (clusters, _clusters, _addresses) = (_clusters, new(StringComparer.Ordinal), 0);
        }
        sink.Report([.. clusters.SelectMany(c => c.Value.Reports(c.Key, options.MostClientRanges))]);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(_ => TellOrLog(), null, Interval, Interval);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null) await _timer.DisposeAsync();
    }

    /// <summary>What fails here must not end what nodes are served.</summary>
    private void TellOrLog()
    {
        try
        {
            Tell();
        }
        catch (Exception e)
        {
            Failed(logger, e);
        }
    }

    private Clients? Of(string cluster)
    {
        if (_clusters.TryGetValue(cluster, out var clients)) return clients;
        return _clusters.Count < MostClusters ? _clusters[cluster] = new Clients() : null;
    }

    /// <summary>How many requests an entry stands for: as it says itself, or as its log does.</summary>
    private static double Weight(double sampleRate, Percentage share) =>
        sampleRate is > 0 and <= 1 ? 1 / Math.Max(sampleRate, LeastSampleRate) : (double)Percentage.Whole / share.Millionths;

    [LoggerMessage(LogLevel.Error, "the reports of clients of one second were lost")]
    private static partial void Failed(ILogger logger, Exception fault);
}
