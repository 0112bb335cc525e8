using PolicyEngine.Compiler.HealthChecks;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Compiler;

/// <summary>What only shows when everything is put together.</summary>
internal static class FleetChecks
{
    public static IEnumerable<Diagnostic> Of(IReadOnlyList<FleetIr> fleets, PolicyIndex index, Names names)
    {
        foreach (var fleet in fleets)
        {
            foreach (var clash in Clashes(fleet)) yield return clash;
            foreach (var empty in EmptyVersions(fleet)) yield return empty;
            foreach (var inversion in Inversions(fleet)) yield return inversion;
            foreach (var health in HealthCheckChecks.Of(fleet, index)) yield return health;
        }
        foreach (var unattached in Unattached(fleets, index, names)) yield return unattached;
    }

    private static IEnumerable<Diagnostic> Unattached(IReadOnlyList<FleetIr> fleets, PolicyIndex index, Names names)
    {
        var services = fleets.SelectMany(f => f.Upstreams).Select(u => u.Service).ToHashSet(StringComparer.Ordinal);
        return from target in index.Targets
               where target.Scope == Scope.Service && names.Service(target.Name) is not null && !services.Contains(target.Name)
               from document in target.Policies
               select Diagnostic.Of(DiagnosticCatalogue.Unattached, $"no route leads to service '{target.Name}', so {document.Id} has no effect") with
               {
                   Document = document.Id,
                   Field = "spec.target.service",
                   Location = document.Place("spec.target.service"),
               };
    }

    private static IEnumerable<Diagnostic> Clashes(FleetIr fleet) => fleet.Listeners
        .Where(l => l.Address is not null)
        .GroupBy(l => l.Port)
        .Where(g => g.Count() > 1 && (g.Any(l => l.Address is "0.0.0.0" or "::") || g.DistinctBy(l => l.Address).Count() < g.Count()))
        .Select(g => Diagnostic.Of(DiagnosticCatalogue.ListenerClash, $"listeners {string.Join(" and ", g.Select(l => l.Name))} of fleet '{fleet.Name}' both listen on port {g.Key}") with
        {
            Document = g.First().Origins[0],
            Field = "spec.listeners",
        });

    private static IEnumerable<Diagnostic> EmptyVersions(FleetIr fleet)
    {
        var empty = fleet.Upstreams.Where(u => u.Endpoints.IsEmpty).Select(u => u.Name).ToHashSet(StringComparer.Ordinal);
        if (empty.Count == 0) yield break;
        foreach (var route in fleet.RouteTables.SelectMany(t => t.Hosts).SelectMany(h => h.Routes))
            foreach (var target in (route.Action as Forward)?.Upstreams ?? [])
                if (empty.Contains(target.Upstream))
                    yield return Diagnostic.Of(DiagnosticCatalogue.EmptyVersion, $"{target.Weight} of route '{route.Name}' goes to {target.Upstream}, which has no endpoints: these requests would be answered 503") with
                    {
                        Document = route.Origins.FirstOrDefault(),
                        Fix = "give the version endpoints, or its share to another",
                    };
    }

    private static IEnumerable<Diagnostic> Inversions(FleetIr fleet)
    {
        foreach (var table in fleet.RouteTables)
            foreach (var host in table.Hosts)
                foreach (var route in host.Routes)
                    if (route.Traffic is { Timeout.Request: { } request, Retry: { PerTryTimeout: { } perTry } retry } && request.Value > TimeSpan.Zero && perTry >= request.Value)
                        yield return Diagnostic.Of(DiagnosticCatalogue.TimeoutInversion, $"each try may take {Duration.Format(perTry)}, but the request ends after {Duration.Format(request.Value)} ({request.Origin}): there will be no retry after a slow try") with
                        {
                            Document = retry.Origin,
                            Field = "spec.perTryTimeout",
                            Related = [request.Origin],
                            Fix = "make perTryTimeout shorter than the request time-out",
                        };
    }
}
