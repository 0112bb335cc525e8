using System.Collections.Immutable;

namespace PolicyEngine.Ir;

/// <summary>A value and the document that set it, as <c>Kind/name</c>.</summary>
public sealed record Sourced<T>(T Value, string Origin);

/// <summary>Zero turns a bound off; an absent one leaves Envoy's default.</summary>
public sealed record Timeout
{
    public Sourced<TimeSpan>? Request { get; init; }

    public Sourced<TimeSpan>? Idle { get; init; }
}

public sealed record Retry
{
    /// <summary>Tries beside the first.</summary>
    public required int Attempts { get; init; }

    /// <summary>Envoy's words: <c>5xx</c>, <c>gateway-error</c>, <c>connect-failure</c>, <c>reset</c>, …; never empty.</summary>
    public required ImmutableArray<string> On { get; init; }

    public ImmutableArray<int> StatusCodes { get; init; } = [];

    public TimeSpan? PerTryTimeout { get; init; }

    public TimeSpan? BackOffBase { get; init; }

    public TimeSpan? BackOffMax { get; init; }

    public required string Origin { get; init; }
}

/// <summary>Faults put in on purpose.</summary>
public sealed record Fault
{
    public FaultDelay? Delay { get; init; }

    public FaultAbort? Abort { get; init; }
}

public sealed record FaultDelay(TimeSpan Duration, Percentage Share, string Origin);

public sealed record FaultAbort(int Status, Percentage Share, string Origin);

/// <summary>Copy a share of the requests to another upstream; its answers are thrown away.</summary>
public sealed record Mirror(string Upstream, Percentage Share, string Origin);

/// <summary>A client range is as <see cref="Cidr.OfClient"/> says.</summary>
public enum RateLimitKeySource { ClientIp, ClientRange, Header, Path }

public sealed record RateLimitKey(RateLimitKeySource Source, string? Name);

/// <summary>At most <see cref="Requests"/> in each <see cref="Window"/>, and <see cref="Burst"/> at once; counted per Envoy and, with a key, per value of it.</summary>
public sealed record RateLimit
{
    public required int Requests { get; init; }

    public required TimeSpan Window { get; init; }

    public required int Burst { get; init; }

    public RateLimitKey? Key { get; init; }

    /// <summary>Count and report, but let pass.</summary>
    public bool Shadow { get; init; }

    public required string Origin { get; init; }
}

public enum AuthorizationEffect { Deny, Allow }

/// <summary>
/// A request that matches any deny is refused; where there are allows, a request that matches none of them is refused too.
/// Refusals answer 403.
/// </summary>
public sealed record Authorization
{
    public required AuthorizationEffect Effect { get; init; }

    /// <summary>Any of these.</summary>
    public required ImmutableArray<AuthorizationRule> Rules { get; init; }

    public bool Shadow { get; init; }

    public required string Origin { get; init; }
}

/// <summary>All given conditions hold; within one condition, any of its values.</summary>
public sealed record AuthorizationRule
{
    public ImmutableArray<Cidr> Cidrs { get; init; } = [];

    public ImmutableArray<string> Methods { get; init; } = [];

    public ImmutableArray<PathMatch> Paths { get; init; } = [];

    public ImmutableArray<NamedMatch> Headers { get; init; } = [];
}

public enum HeaderSide { Request, Response }

public enum HeaderOperation { Set, Add, Append, Remove }

/// <summary>Set replaces, Add adds unless present, Append adds a further value, Remove takes away.</summary>
public sealed record HeaderEdit(HeaderSide Side, HeaderOperation Operation, string Name, string Value, string Origin);
