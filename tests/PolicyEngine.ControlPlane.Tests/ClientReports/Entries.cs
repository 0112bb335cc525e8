using Envoy.Data.Accesslog.V3;
using PolicyEngine.ControlPlane.ClientReports;

namespace PolicyEngine.ControlPlane.Tests.ClientReports;

/// <summary>Entries as Envoy writes them, as far as they matter here.</summary>
internal static class Entries
{
    public static HTTPAccessLogEntry Of(string address, string cluster = "search.v1") => new()
    {
        CommonProperties = new AccessLogCommon { UpstreamCluster = cluster, DownstreamRemoteAddress = new() { SocketAddress = new() { Address = address, PortValue = 40_000 } } },
        Response = new HTTPResponseProperties { ResponseCodeDetails = "via_upstream" },
    };

    public static IEnumerable<HTTPAccessLogEntry> Of(string address, int count) => Enumerable.Repeat(Of(address), count);

    /// <summary>Answered 429 by the listener's own limit.</summary>
    public static HTTPAccessLogEntry Limited(string address)
    {
        var entry = Of(address);
        (entry.CommonProperties.ResponseFlags, entry.Response.ResponseCodeDetails) = (new ResponseFlags { RateLimited = true }, "local_rate_limited");
        return entry;
    }

    /// <summary>Answered 403 by the listener's own rules.</summary>
    public static HTTPAccessLogEntry Denied(string address)
    {
        var entry = Of(address);
        entry.Response.ResponseCodeDetails = "rbac_access_denied_matched_policy[Authorization/block]";
        return entry;
    }

    public static HTTPAccessLogEntry With(this HTTPAccessLogEntry entry, Action<AccessLogCommon> change)
    {
        change(entry.CommonProperties);
        return entry;
    }
}

/// <summary>Keeps what it is told.</summary>
internal sealed class Told : IClientSink
{
    private readonly List<ClientReport> _reports = [];

    public void Report(IReadOnlyList<ClientReport> reports)
    {
        lock (_reports) _reports.AddRange(reports);
    }

    /// <summary>As text, the busiest first, what is 0 left out.</summary>
    public string All
    {
        get
        {
            lock (_reports) return string.Join(", ", _reports.Where(r => r.Requests > 0).OrderByDescending(r => r.Requests).Select(r => FormattableString.Invariant($"{r.Cluster} {r.Range?.ToString() ?? "others"} {r.Requests:0.##}")));
        }
    }

    public IReadOnlyList<ClientReport> Reports
    {
        get
        {
            lock (_reports) return [.. _reports];
        }
    }
}
