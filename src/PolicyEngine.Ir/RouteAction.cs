using System.Collections.Immutable;

namespace PolicyEngine.Ir;

public abstract record RouteAction;

/// <summary>Send the request on. Weights are shares of the whole and add up to 100 %.</summary>
public sealed record Forward : RouteAction
{
    public required ImmutableArray<WeightedUpstream> Upstreams { get; init; }

    public Rewrite? Rewrite { get; init; }
}

/// <summary>A share of requests for the <see cref="Upstream"/> of that name.</summary>
public sealed record WeightedUpstream(string Upstream, Percentage Weight);

/// <summary>Replace what the prefix match matched, or the whole path, or the host.</summary>
public sealed record Rewrite
{
    public string? Prefix { get; init; }

    public string? Path { get; init; }

    public string? Host { get; init; }
}

public sealed record Redirect : RouteAction
{
    public string? Scheme { get; init; }

    public string? Host { get; init; }

    public int? Port { get; init; }

    public string? Path { get; init; }

    /// <summary>301, 302, 303, 307 or 308.</summary>
    public required int Status { get; init; }
}

public sealed record DirectResponse(int Status, string Body) : RouteAction;
