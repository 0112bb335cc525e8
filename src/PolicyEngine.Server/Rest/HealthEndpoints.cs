using PolicyEngine.ControlPlane.HealthChecks;

namespace PolicyEngine.Server.Rest;

/// <summary>What the nodes found that check for others.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this RouteGroupBuilder api) => api.MapGet("/health", (IHealthReader health) =>
    {
        var view = health.Read();
        return Shown.Json(new
        {
            endpoints = view.Endpoints.Select(e => new
            {
                service = e.Cluster[..(e.Cluster.IndexOf('.') is var dot and > 0 ? dot : e.Cluster.Length)],
                e.Cluster,
                endpoint = e.Address.Contains(':') ? $"[{e.Address}]:{e.Port}" : $"{e.Address}:{e.Port}",
                by = e.Fleet,
                verdict = e.IsHealthy switch { true => "healthy", false => "unhealthy", null => "unknown" },
                e.Since,
                votes = e.Votes.Select(v => new { v.Node, says = v.IsHealthy ? "healthy" : "unhealthy", v.At, v.Counts }),
            }),
            checkers = view.Checkers,
        });
    }).WithTags("fleets");
}
