using System.Net;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.HealthChecks;

namespace PolicyEngine.Compiler.HealthChecks;

/// <summary>What may be wrong with health checks once it is known whom they check and who does it.</summary>
internal static class HealthCheckChecks
{
    /// <summary>Whether there is such a fleet, and whether its nodes can do it.</summary>
    public static IEnumerable<Diagnostic> By(Document document, HealthCheckSpec spec, Names names)
    {
        if (spec.By == HealthCheckSpec.Proxies) yield break;
        if (!names.Catalog.Fleets.TryGetValue(spec.By, out var fleet))
            yield return Names.Unknown("fleet", spec.By, [.. names.Catalog.Fleets.Keys, HealthCheckSpec.Proxies], document, "spec.by");
        else if (fleet.Role == FleetRole.Proxyless)
            yield return About(DiagnosticCatalogue.InvalidValue, document, "spec.by", $"fleet '{spec.By}' is of gRPC clients; only Envoys check for others");
    }

    public static IEnumerable<Diagnostic> Of(FleetIr fleet, PolicyIndex index)
    {
        foreach (var service in fleet.Upstreams.GroupBy(u => u.Service, StringComparer.Ordinal))
        {
            var documents = index.HealthChecksOf(service.Key);
            if (documents.Count == 0) continue;
            var top = documents.Where(d => HealthCheckCompiler.Priority(d) == documents.Max(HealthCheckCompiler.Priority)).ToList();
            if (top.Count > 1)
                yield return About(DiagnosticCatalogue.Conflict, top[0], "spec.target", $"{string.Join(" and ", top.Select(d => d.Id))} both say how service '{service.Key}' is checked") with
                {
                    Related = [.. top.Skip(1).Select(d => d.Id)],
                    Fix = "merge them into one, or give one a higher priority",
                };
            var spec = (HealthCheckSpec)top[0].Spec;
            if (spec.By == HealthCheckSpec.Proxies)
            {
                if (fleet.Role == FleetRole.Proxyless)
                    yield return About(DiagnosticCatalogue.NotOnThisFleet, top[0], "spec.by", $"gRPC clients of fleet '{fleet.Name}' check nothing themselves: {top[0].Id} has no effect there") with { Fix = "let the Envoys of a fleet check for them (by: FLEET)" };
            }
            else if (service.SelectMany(u => u.Endpoints).FirstOrDefault(e => !IPAddress.TryParse(e.Address, out _)) is { } named)
            {
                yield return About(DiagnosticCatalogue.NotDelegable, top[0], "spec.by", $"'{named.Address}' of service '{service.Key}' is a host name") with { Fix = "give its endpoints by IP address, or let each Envoy check (by: PROXIES)" };
            }
        }
    }

    private static Diagnostic About(DiagnosticRule rule, Document document, string field, string message) =>
        Diagnostic.Of(rule, message) with { Document = document.Id, Field = field, Location = document.Place(field) };
}
