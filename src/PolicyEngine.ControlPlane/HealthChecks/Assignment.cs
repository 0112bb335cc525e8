using System.Collections.Frozen;
using Envoy.Config.Endpoint.V3;
using Envoy.Service.Health.V3;
using Google.Protobuf.WellKnownTypes;

namespace PolicyEngine.ControlPlane.HealthChecks;

/// <summary>An endpoint of a cluster.</summary>
internal readonly record struct EndpointKey(string Cluster, string Address, int Port)
{
    /// <summary>Null where the endpoint has no socket address.</summary>
    public static EndpointKey? Of(string cluster, Endpoint? endpoint) =>
        endpoint?.Address?.SocketAddress is { } socket ? new EndpointKey(cluster, socket.Address, (int)socket.PortValue) : null;
}

/// <summary>What the checkers of a fleet are told: what they check, how, and how often they report.</summary>
internal sealed class Assignment
{
    /// <summary>How often a checker reports that has nothing to check.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    /// <summary>However often is checked, no checker reports more often.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    public static readonly Assignment Nothing = new([]);

    public Assignment(IReadOnlyCollection<ClusterHealthCheck> clusters)
    {
        Interval = clusters.SelectMany(c => c.HealthChecks).Select(c => c.Interval.ToTimeSpan()).DefaultIfEmpty(Idle).Min();
        if (Interval < Shortest) Interval = Shortest;
        Specifier = new HealthCheckSpecifier { ClusterHealthChecks = { clusters }, Interval = Duration.FromTimeSpan(Interval) };
        Endpoints = clusters
            .SelectMany(c => c.LocalityEndpoints.SelectMany(l => l.Endpoints).Select(e => (Key: EndpointKey.Of(c.ClusterName, e), Grace: c.HealthChecks[0].Timeout.ToTimeSpan() + Interval)))
            .Where(e => e.Key is not null)
            .DistinctBy(e => e.Key)
            .ToFrozenDictionary(e => e.Key!.Value, e => e.Grace);
    }

    /// <summary>Shared: never change it.</summary>
    public HealthCheckSpecifier Specifier { get; }

    public TimeSpan Interval { get; }

    /// <summary>
    /// Each endpoint with the time that a checker has for its first check: until then an Envoy reports it as unhealthy, which means no more than
    /// that it does not know.
    /// </summary>
    public FrozenDictionary<EndpointKey, TimeSpan> Endpoints { get; }
}
