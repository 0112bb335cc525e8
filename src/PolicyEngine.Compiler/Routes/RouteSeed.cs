using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Routes;

namespace PolicyEngine.Compiler.Routes;

/// <summary>One match of one route before policies are laid over it.</summary>
internal sealed record RouteSeed
{
    public required string Name { get; init; }

    /// <summary>The Route document; null for what a proxyless fleet has of itself.</summary>
    public Document? Document { get; init; }

    public required string Host { get; init; }

    public required RouteMatch Match { get; init; }

    public int Priority { get; init; }

    public ImmutableArray<RouteBackend> Backends { get; init; } = [];

    public Rewrite? Rewrite { get; init; }

    /// <summary>What answers instead of a backend.</summary>
    public RouteAction? Answer { get; init; }

    public IReadOnlyList<string> Services => [.. Backends.Select(b => b.Service).Distinct(StringComparer.Ordinal)];

    public static IEnumerable<RouteSeed> Of(Document document, string host)
    {
        var spec = (RouteSpec)document.Spec;
        var matches = spec.Matches.Select(m => m.ToIr()).DefaultIfEmpty(RouteMatch.All).DistinctBy(Matching.MatchKey.Of).ToList();
        foreach (var match in matches)
            yield return new RouteSeed
            {
                Name = matches.Count == 1 ? document.Name : $"{document.Name}.{Revision.Of(Matching.MatchKey.Of(match)).Short[..6]}",
                Document = document,
                Host = host,
                Match = match,
                Priority = spec.Priority,
                Backends = spec.Backends,
                Rewrite = spec.Rewrite is { } r ? new Rewrite { Prefix = r.Prefix, Path = r.Path, Host = r.Host } : null,
                Answer = Fixed(spec),
            };
    }

    private static RouteAction? Fixed(RouteSpec spec) => spec switch
    {
        { Redirect: { } r } => new Redirect { Scheme = r.Scheme, Host = r.Host, Port = r.Port, Path = r.Path, Status = r.Status },
        { DirectResponse: { } d } => new DirectResponse(d.Status, d.Body ?? ""),
        _ => null,
    };
}
