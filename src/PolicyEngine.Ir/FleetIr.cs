using System.Collections.Immutable;

namespace PolicyEngine.Ir;

public enum FleetRole { Gateway, Proxyless }

/// <summary>
/// The waist: what is to happen to the traffic of one fleet, in words that know neither policy documents nor Envoy. Every
/// collection is in a canonical order (routes: the order in which they are tried), so equal meaning gives equal IR.
/// </summary>
public sealed record FleetIr
{
    public required string Name { get; init; }

    public required FleetRole Role { get; init; }

    public ImmutableArray<Listener> Listeners { get; init; } = [];

    public ImmutableArray<RouteTable> RouteTables { get; init; } = [];

    public ImmutableArray<Upstream> Upstreams { get; init; } = [];
}

/// <summary>A socket that accepts requests (gateway), or the name that a gRPC client dials (proxyless: no address, port 0).</summary>
public sealed record Listener
{
    public required string Name { get; init; }

    public string? Address { get; init; }

    public int Port { get; init; }

    /// <summary>Null where it speaks plain text.</summary>
    public ListenerTls? Tls { get; init; }

    /// <summary>Name of the <see cref="RouteTable"/> that its requests are matched against.</summary>
    public required string RouteTable { get; init; }

    /// <summary>The share of its requests that is reported with the client's address; null where none is.</summary>
    public Percentage? ClientReports { get; init; }

    public ImmutableArray<string> Origins { get; init; } = [];
}

/// <summary>Names of secrets: what a listener shows, and what it checks clients against (null: not at all).</summary>
public sealed record ListenerTls(string Secret, string? ClientCa);

public sealed record RouteTable
{
    public required string Name { get; init; }

    public ImmutableArray<VirtualHost> Hosts { get; init; } = [];
}

public sealed record VirtualHost
{
    public required string Name { get; init; }

    /// <summary>Exact (<c>shop.example.com</c>), suffix (<c>*.example.com</c>) or <c>*</c>.</summary>
    public required ImmutableArray<string> Domains { get; init; }

    /// <summary>In the order in which they are tried; the first match decides.</summary>
    public ImmutableArray<Route> Routes { get; init; } = [];
}

public sealed record Route
{
    public required string Name { get; init; }

    public required RouteMatch Match { get; init; }

    public required RouteAction Action { get; init; }

    public RouteTraffic Traffic { get; init; } = RouteTraffic.None;

    /// <summary>Every document that shaped the route, as <c>Kind/name</c>, sorted.</summary>
    public ImmutableArray<string> Origins { get; init; } = [];
}

/// <summary>What happens to a request on its way, each part remembering the document that set it.</summary>
public sealed record RouteTraffic
{
    public static readonly RouteTraffic None = new();

    public Timeout? Timeout { get; init; }

    public Retry? Retry { get; init; }

    public Fault? Fault { get; init; }

    public ImmutableArray<Mirror> Mirrors { get; init; } = [];

    public ImmutableArray<RateLimit> RateLimits { get; init; } = [];

    public ImmutableArray<Authorization> Authorizations { get; init; } = [];

    public ImmutableArray<HeaderEdit> Headers { get; init; } = [];
}
