using System.Collections.Immutable;

namespace PolicyEngine.ControlPlane.HealthChecks;

/// <summary>The health that checkers found, for people.</summary>
public sealed record HealthView(ImmutableArray<EndpointView> Endpoints, ImmutableArray<CheckerView> Checkers);

/// <param name="Fleet">Whose nodes check it.</param>
/// <param name="IsHealthy">Null as long as nobody knows.</param>
/// <param name="Since">When that was found.</param>
public sealed record EndpointView(string Cluster, string Address, int Port, string Fleet, bool? IsHealthy, DateTimeOffset? Since, ImmutableArray<VoteView> Votes);

/// <param name="Counts">Whether the checker has reported lately.</param>
public sealed record VoteView(string Node, bool IsHealthy, DateTimeOffset At, bool Counts);

public sealed record CheckerView(string Node, string Fleet, DateTimeOffset Since, DateTimeOffset? LastReport, bool IsLive);

/// <summary>The health of the moment.</summary>
public interface IHealthReader
{
    HealthView Read();
}
