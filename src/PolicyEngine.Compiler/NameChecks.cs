using PolicyEngine.Compiler.HealthChecks;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Catalog;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.HealthChecks;
using PolicyEngine.Policies.Mirrors;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Compiler;

/// <summary>Every name that a document uses must be in the catalog (rule 3 of the policy language).</summary>
internal sealed class NameChecks(Names names, PolicySet policies)
{
    private IEnumerable<string> Routes => policies.Of(Kinds.Route).Select(d => d.Name);

    private readonly Hosts _hosts = new(names.Catalog.Gateways.Values.SelectMany(g => g.Listeners));

    public IEnumerable<Diagnostic> Of(Document document) => document.Spec switch
    {
        FleetSpec fleet => Fleet(document, fleet),
        GatewaySpec gateway => SecretChecks.Of(document, gateway, names.Catalog),
        RouteSpec route => Route(document, route),
        HealthCheckSpec health => Target(document, health.Target).Concat(HealthCheckChecks.By(document, health, names)),
        TargetedSpec targeted => Target(document, targeted.Target).Concat(Backends(document, targeted)),
        _ => [],
    };

    private IEnumerable<Diagnostic> Fleet(Document document, FleetSpec fleet) =>
        fleet.Gateways.Select((g, i) => Gateway(g, document, $"spec.gateways[{i}]")).OfType<Diagnostic>();

    private IEnumerable<Diagnostic> Route(Document document, RouteSpec route)
    {
        for (var i = 0; i < route.Gateways.Length; i++)
            if (Gateway(route.Gateways[i], document, $"spec.gateways[{i}]") is { } unknown) yield return unknown;
        for (var i = 0; i < route.Backends.Length; i++)
            if (Backend(document, route.Backends[i].Service, route.Backends[i].Version, $"spec.backends[{i}]") is { } unknown) yield return unknown;
        var hosts = route.Gateways.IsEmpty ? _hosts : HostsOf(route.Gateways);
        for (var i = 0; i < route.Hosts.Length; i++)
            if (!hosts.Answer(route.Hosts[i]))
                yield return Names.Unknown("gateway that answers for host", route.Hosts[i], hosts.Known, document, $"spec.hosts[{i}]");
    }

    private Hosts HostsOf(IEnumerable<string> gateways) =>
        new(gateways.Select(g => names.Catalog.Gateways.GetValueOrDefault(g)).OfType<GatewaySpec>().SelectMany(g => g.Listeners));

    private IEnumerable<Diagnostic> Target(Document document, Target target)
    {
        const string field = "spec.target.";
        var catalog = names.Catalog;
        var unknown = target.Scope switch
        {
            Scope.Fleet when !catalog.Fleets.ContainsKey(target.Name) => Names.Unknown("fleet", target.Name, catalog.Fleets.Keys, document, field + "fleet"),
            Scope.Gateway => Gateway(target.Name, document, field + "gateway"),
            Scope.Service => Backend(document, target.Name, null, "spec.target"),
            Scope.Route when policies.Find(Kinds.Route, target.Name) is null => Names.Unknown("route", target.Name, Routes, document, field + "route"),
            _ => null,
        };
        if (unknown is not null) yield return unknown;
    }

    private IEnumerable<Diagnostic> Backends(Document document, TargetedSpec spec)
    {
        if (spec is TrafficSplitSpec split)
        {
            if (Only(spec.Target) is not { } own)
            {
                if (policies.Find(Kinds.Route, spec.Target.Name)?.Spec is RouteSpec { Backends.Length: > 1 }) yield return Ambiguous(document, "spec.target.route");
                yield break;
            }
            for (var i = 0; i < split.Backends.Length; i++)
                if (Backend(document, split.Backends[i].Service ?? own, split.Backends[i].Version, $"spec.backends[{i}]") is { } unknown) yield return unknown;
        }
        if (spec is MirrorSpec mirror && (mirror.To.Service ?? spec.Target.Service) is { } to && Backend(document, to, mirror.To.Version, "spec.to") is { } missing) yield return missing;
    }

    /// <summary>The service that a target is, or that the route it names leads to.</summary>
    private string? Only(Target target) =>
        target.Service ?? (policies.Find(Kinds.Route, target.Name)?.Spec is RouteSpec { Backends: [var only] } ? only.Service : null);

    private static Diagnostic Ambiguous(Document document, string field) =>
        Diagnostic.Of(DiagnosticCatalogue.AmbiguousTarget, "the route leads to several services; a split of it must target one of them") with
        {
            Document = document.Id,
            Field = field,
            Location = document.Place(field),
            Fix = "target the service",
        };

    private Diagnostic? Gateway(string name, Document document, string field) =>
        names.Catalog.Gateways.ContainsKey(name) ? null : Names.Unknown("gateway", name, names.Catalog.Gateways.Keys, document, field);

    private Diagnostic? Backend(Document document, string service, string? version, string field)
    {
        if (names.Service(service) is not { } spec) return Names.Unknown("service", service, names.Catalog.Services.Keys, document, field + ".service");
        return version is null || spec.Versions.Any(v => v.Name == version)
            ? null
            : Names.Unknown($"version of {service}", version, spec.Versions.Select(v => v.Name), document, field + ".version");
    }
}
