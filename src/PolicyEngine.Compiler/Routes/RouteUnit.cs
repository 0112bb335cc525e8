using System.Collections.Immutable;
using PolicyEngine.Compiler.Combining;
using PolicyEngine.Compiler.Matching;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Compiler.Routes;

/// <summary>One route document on one host, compiled: each of its matches with the routes that it became.</summary>
internal sealed record RouteUnit(ImmutableArray<(RouteSeed Seed, ImmutableArray<Route> Routes)> Seeds, ImmutableArray<Diagnostic> Diagnostics);

/// <summary>
/// Lays policies over a route. A policy with matches of its own splits the route: one route for each combination of matches that can hold
/// together, the narrowest first, so that the first match is the one with exactly the policies that apply.
/// </summary>
internal sealed class RouteUnitCompiler(Names names, string fleet, bool proxyless)
{
    private const int MostNarrowings = 6;

    public RouteUnit Compile(IEnumerable<RouteSeed> seeds, IReadOnlyList<Document> policies)
    {
        var diagnostics = new List<Diagnostic>();
        var compiled = seeds.Select(s => (s, Expand(s, policies, diagnostics))).ToImmutableArray();
        return new RouteUnit(compiled, [.. diagnostics]);
    }

    private ImmutableArray<Route> Expand(RouteSeed seed, IReadOnlyList<Document> policies, List<Diagnostic> diagnostics)
    {
        var attached = Attach(seed, policies, diagnostics);
        var narrowings = attached.SelectMany(a => a.Narrowings).DistinctBy(n => n.Key).OrderBy(n => n.Key, StringComparer.Ordinal).ToList();
        if (narrowings.Count > MostNarrowings)
        {
            diagnostics.Add(Diagnostic.Of(DiagnosticCatalogue.TooManyNarrowings, $"{narrowings.Count} different matches of policies overlap on route '{seed.Name}'; at most {MostNarrowings} can be combined") with
            {
                Document = attached.First(a => a.Narrowings.Count > 0).Document.Id,
                Field = "spec.target.matches",
                Related = [.. attached.Where(a => a.Narrowings.Count > 0).Select(a => a.Document.Id).Skip(1)],
                Fix = "make them Route documents of their own, or let several policies share one match",
            });
            return [];
        }
        var routes = ImmutableArray.CreateBuilder<Route>();
        foreach (var (match, chosen) in Combinations(seed.Match, narrowings))
            if (Route(seed, match, chosen, attached, diagnostics) is { } route) routes.Add(route);
        return routes.ToImmutable();
    }

    private Route? Route(RouteSeed seed, RouteMatch match, List<Narrowing> chosen, List<Attached> attached, List<Diagnostic> diagnostics)
    {
        var context = new RouteContext(names, seed.Services);
        var applying = attached.Where(a => a.Always || a.Narrowings.Exists(n => chosen.Exists(c => c.Key == n.Key))).ToList();
        var parts = applying.SelectMany(a => TrafficFeatures.Of(a.Document.Spec.GetType()).Parts(a.Document, context));
        var winners = Combiner.Winners(parts, seed.Host, match, diagnostics);
        var action = seed.Answer ?? ForwardCompiler.Compile(seed, winners, names, diagnostics);
        if (action is null) return null;
        var traffic = RouteTraffic.None;
        foreach (var feature in TrafficFeatures.All)
        {
            var own = winners.Where(w => w.Spec.GetType() == feature.SpecType).ToList();
            if (own.Count > 0) traffic = feature.Apply(traffic, own);
        }
        return new Route
        {
            Name = Name(seed, chosen, attached),
            Match = match,
            Action = action,
            Traffic = traffic,
            Origins = [.. winners.Select(w => w.Origin).Concat(seed.Document is { } d ? [d.Id] : []).Distinct().Order(StringComparer.Ordinal)],
        };
    }

    private List<Attached> Attach(RouteSeed seed, IReadOnlyList<Document> policies, List<Diagnostic> diagnostics)
    {
        var attached = new List<Attached>();
        foreach (var document in policies)
        {
            var spec = (TargetedSpec)document.Spec;
            if (proxyless && !TrafficFeatures.Of(spec.GetType()).WorksProxyless)
            {
                diagnostics.Add(About(DiagnosticCatalogue.NotOnThisFleet, document, $"gRPC clients of fleet '{fleet}' do not know {document.Kind.Name}: {document.Id} has no effect there"));
                continue;
            }
            if (spec.Target.Scope == Scope.Service && seed.Services.Count > 1 && spec is not Policies.TrafficSplits.TrafficSplitSpec)
            {
                // Security fails closed: an authorization that cannot be followed is an error, any other policy a warning.
                var rule = spec is Policies.Authorizations.AuthorizationSpec ? DiagnosticCatalogue.UnguardedRoute : DiagnosticCatalogue.SharedRoute;
                diagnostics.Add(About(rule, document, $"route '{seed.Document?.Name ?? seed.Name}' leads to several services, so {document.Id} has no effect there"));
                continue;
            }
            if (Attached.Of(document, spec.Target, seed.Match) is { } policy) attached.Add(policy);
        }
        return attached;
    }

    /// <summary>Every set of narrowings that a request can satisfy without satisfying further ones, largest first.</summary>
    private static IEnumerable<(RouteMatch Match, List<Narrowing> Chosen)> Combinations(RouteMatch match, List<Narrowing> narrowings)
    {
        for (var size = narrowings.Count; size >= 0; size--)
            for (var set = 0; set < 1 << narrowings.Count; set++)
            {
                if (int.PopCount(set) != size) continue;
                var chosen = narrowings.Where((_, i) => (set >> i & 1) == 1).ToList();
                RouteMatch? both = match;
                foreach (var narrowing in chosen) both = both is null ? null : MatchAlgebra.Intersect(both, narrowing.Match);
                if (both is not null && !narrowings.Except(chosen).Any(n => MatchAlgebra.Covers(n.Match, both))) yield return (both, chosen);
            }
    }

    private static string Name(RouteSeed seed, List<Narrowing> chosen, List<Attached> attached)
    {
        if (chosen.Count == 0) return seed.Name;
        var by = chosen.Select(c =>
        {
            var owner = attached.First(a => a.Narrowings.Exists(n => n.Key == c.Key));
            return owner.Narrowings.Count == 1 ? owner.Document.Name : $"{owner.Document.Name}.{Revision.Of(c.Key).Short[..6]}";
        });
        return $"{seed.Name}~{string.Join('~', by.Distinct().Order(StringComparer.Ordinal))}";
    }

    private static Diagnostic About(DiagnosticRule rule, Document document, string message) =>
        Diagnostic.Of(rule, message) with { Document = document.Id, Field = "spec.target", Location = document.Place("spec.target") };
}

internal sealed record Narrowing(RouteMatch Match, string Key);

/// <summary>A policy on a route: for all its requests, or for those that match one of the narrowings.</summary>
internal sealed record Attached(Document Document, bool Always, List<Narrowing> Narrowings)
{
    /// <summary>Null where none of the policy's matches can hold on the route.</summary>
    public static Attached? Of(Document document, Target target, RouteMatch route)
    {
        if (target.Matches.IsEmpty) return new Attached(document, true, []);
        var matches = target.Matches.Select(m => m.ToIr()).Where(m => MatchAlgebra.Intersect(route, m) is not null).ToList();
        if (matches.Count == 0) return null;
        return matches.Exists(m => MatchAlgebra.Covers(m, route))
            ? new Attached(document, true, [])
            : new Attached(document, false, [.. matches.Select(m => new Narrowing(m, MatchKey.Of(m)))]);
    }
}
