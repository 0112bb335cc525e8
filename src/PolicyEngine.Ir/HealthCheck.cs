using System.Collections.Immutable;

namespace PolicyEngine.Ir;

/// <summary>How it is found out whether an endpoint is well: by one of the three questions.</summary>
public sealed record HealthCheck
{
    /// <summary>The fleet whose nodes check for all; null: each Envoy for itself.</summary>
    public string? By { get; init; }

    public HttpQuestion? Http { get; init; }

    public TcpQuestion? Tcp { get; init; }

    public GrpcQuestion? Grpc { get; init; }

    public required TimeSpan Interval { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required int UnhealthyThreshold { get; init; }

    public required int HealthyThreshold { get; init; }

    public required string Origin { get; init; }
}

/// <param name="Statuses">That mean well, in order; none: 200.</param>
public sealed record HttpQuestion(string Path, string? Host, ImmutableArray<int> Statuses);

public sealed record TcpQuestion(string? Send, string? Receive);

public sealed record GrpcQuestion(string? Service);
