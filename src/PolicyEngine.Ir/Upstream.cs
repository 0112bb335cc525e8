using System.Collections.Immutable;

namespace PolicyEngine.Ir;

public enum UpstreamProtocol { Http1, Http2, Grpc }

/// <summary>One version of one service: <c>checkout.v2</c>.</summary>
public sealed record Upstream
{
    public required string Name { get; init; }

    public required string Service { get; init; }

    public required string Version { get; init; }

    public required UpstreamProtocol Protocol { get; init; }

    public TimeSpan? ConnectTimeout { get; init; }

    public HealthCheck? HealthCheck { get; init; }

    public ImmutableArray<Endpoint> Endpoints { get; init; } = [];

    public ImmutableArray<string> Origins { get; init; } = [];
}

public enum EndpointHealth { Healthy, Draining, Unhealthy }

public sealed record Endpoint
{
    public required string Address { get; init; }

    public required int Port { get; init; }

    public string? Region { get; init; }

    public string? Zone { get; init; }

    public int? Weight { get; init; }

    public EndpointHealth Health { get; init; }
}
