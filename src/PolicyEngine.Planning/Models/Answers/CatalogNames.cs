using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Mirrors;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Planning.Models.Answers;

/// <summary>Every name in a document is one that exists: the compiler says so too, but not everybody who asks for a plan has one at hand.</summary>
internal static class CatalogNames
{
    public static IEnumerable<Diagnostic> Check(Document document, ServiceCatalog catalog, PolicySet policies) =>
        Unknown(document, catalog, policies).Select(u => Diagnostic.Of(DiagnosticCatalogue.UnknownTarget, $"there is no {u.What} '{u.Name}'") with { Document = document.Id, Field = u.Field, Fix = Nearest.Fix(u.Name, u.Known) });

    private static IEnumerable<(string What, string Name, string Field, IReadOnlyCollection<string> Known)> Unknown(Document document, ServiceCatalog catalog, PolicySet policies)
    {
        var services = catalog.Services.Keys.ToList();
        var gateways = catalog.Gateways.Keys.ToList();
        var routes = policies.Of(Kinds.Route).Select(d => d.Name).ToList();
        if (document.Spec is TargetedSpec { Target: var target })
        {
            var (what, known) = target.Scope switch
            {
                Scope.Service => ("service", services),
                Scope.Gateway => ("gateway", gateways),
                Scope.Fleet => ("fleet", catalog.Fleets.Keys.ToList()),
                _ => ("route", routes),
            };
            if (!known.Contains(target.Name)) yield return (what, target.Name, $"spec.target.{what}", known);
        }
        foreach (var (service, version, field) in Backends(document, policies))
        {
            if (!catalog.Services.TryGetValue(service, out var spec)) yield return ("service", service, $"{field}.service", services);
            else if (version is not null && spec.Versions.All(v => v.Name != version)) yield return ($"version of {service}", version, $"{field}.version", [.. spec.Versions.Select(v => v.Name)]);
        }
        if (document.Spec is not RouteSpec route) yield break;
        foreach (var gateway in route.Gateways.Where(g => !catalog.Gateways.ContainsKey(g))) yield return ("gateway", gateway, "spec.gateways", gateways);
        var hosts = catalog.Gateways.Values.SelectMany(g => g.Listeners).SelectMany(l => l.Hostnames).Distinct().ToList();
        var open = catalog.Gateways.Values.SelectMany(g => g.Listeners).Any(l => l.Hostnames.IsEmpty);
        foreach (var host in route.Hosts.Where(h => !open && !hosts.Exists(k => Answers(k, h)))) yield return ("host", host, "spec.hosts", hosts);
    }

    /// <summary>Where a document sends requests, with the path of the field. A split's backends are of its target unless they say otherwise.</summary>
    private static IEnumerable<(string Service, string? Version, string Field)> Backends(Document document, PolicySet policies) => document.Spec switch
    {
        RouteSpec r => r.Backends.Select((b, i) => (b.Service, b.Version, $"spec.backends[{i}]")),
        TrafficSplitSpec s => s.Backends.Select((b, i) => (Service: b.Service ?? ServiceOf(s.Target, policies), b.Version, Field: $"spec.backends[{i}]")).Where(b => b.Service is not null).Select(b => (b.Service!, (string?)b.Version, b.Field)),
        MirrorSpec m when (m.To.Service ?? ServiceOf(m.Target, policies)) is { } to => [(to, m.To.Version, "spec.to")],
        _ => [],
    };

    private static string? ServiceOf(Target target, PolicySet policies) => target.Scope switch
    {
        Scope.Service => target.Name,
        Scope.Route => policies.Find(Kinds.Route, target.Name)?.Spec is RouteSpec { Backends: [var only] } ? only.Service : null,
        _ => null,
    };

    private static bool Answers(string known, string host) => known == host || known == "*" || known.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(known[1..], StringComparison.Ordinal);
}
