using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PolicyEngine.ControlPlane.Services;

/// <summary>Healthy when there is something to serve: before that, a node is better off with another replica.</summary>
internal sealed class SnapshotsCheck(SnapshotCache cache) : IHealthCheck
{
    public const string Name = "snapshots";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(cache.IsEmpty ? HealthCheckResult.Unhealthy("no fleet has a snapshot yet") : HealthCheckResult.Healthy());
}
