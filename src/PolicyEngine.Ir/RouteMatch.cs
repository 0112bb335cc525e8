using System.Collections.Immutable;

namespace PolicyEngine.Ir;

public enum PathMatchKind { Exact, Prefix, Template, Regex }

/// <summary>
/// How a path is matched. Prefixes end at a segment: <c>/checkout</c> matches <c>/checkout</c> and <c>/checkout/x</c>, not
/// <c>/checkouts</c>.
/// </summary>
public sealed record PathMatch(PathMatchKind Kind, string Value)
{
    public static readonly PathMatch All = new(PathMatchKind.Prefix, "/");
}

public enum StringMatchKind { Exact, Prefix, Suffix, Contains, Regex, Present }

/// <summary>How a header, query parameter or cookie is matched; <see cref="Value"/> is empty for <see cref="StringMatchKind.Present"/>.</summary>
public sealed record NamedMatch(string Name, StringMatchKind Kind, string Value, bool Invert = false);

/// <summary>All conditions hold together.</summary>
public sealed record RouteMatch
{
    public static readonly RouteMatch All = new();

    public PathMatch Path { get; init; } = PathMatch.All;

    /// <summary>Any of these; empty for every method.</summary>
    public ImmutableArray<string> Methods { get; init; } = [];

    public ImmutableArray<NamedMatch> Headers { get; init; } = [];

    public ImmutableArray<NamedMatch> Query { get; init; } = [];

    public ImmutableArray<NamedMatch> Cookies { get; init; } = [];

    /// <summary>Further paths that must match too: what narrowing a route by a policy's own path gives.</summary>
    public ImmutableArray<PathMatch> AlsoPaths { get; init; } = [];

    public bool IsGrpc { get; init; }

    /// <summary>How many conditions there are beside the path: what breaks ties between equal paths.</summary>
    public int Conditions => (Methods.Length > 0 ? 1 : 0) + Headers.Length + Query.Length + Cookies.Length + AlsoPaths.Length + (IsGrpc ? 1 : 0);
}
