using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Shapes;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Telemetry.Remedies;

/// <summary>Which of a policy set's splits hold, and what they send where.</summary>
internal sealed class SplitView(PolicySet policies, ServiceCatalog catalog)
{
    /// <summary>The splits that hold: of several on one scope with the same matches, the one with the highest priority.</summary>
    public ImmutableArray<Document> Splits { get; } =
    [
        .. policies.Of(Kinds.TrafficSplit)
            .GroupBy(d => JsonWriter.Write(((TrafficSplitSpec)d.Spec).Target).ToJsonString(), StringComparer.Ordinal)
            .Select(g => g.OrderByDescending(d => ((TrafficSplitSpec)d.Spec).Priority).ThenBy(d => d.Name, StringComparer.Ordinal).First())
            .OrderBy(d => d.Id, StringComparer.Ordinal),
    ];

    /// <summary>The service that a split shares out; null where its route is not there or leads to several.</summary>
    public string? ServiceOf(TrafficSplitSpec split) =>
        split.Target.Service ?? (policies.Find(Kinds.Route, split.Target.Name)?.Spec is RouteSpec { Backends: [var only] } ? only.Service : null);

    /// <summary>The splits that send requests to the version.</summary>
    public IEnumerable<Document> Sending(string service, string version) =>
        Splits.Where(d => d.Spec is TrafficSplitSpec s && s.Backends.Any(b => Is(s, b, service, version) && b.Weight.Millionths > 0));

    public bool Is(TrafficSplitSpec split, SplitBackend backend, string service, string version) => backend.Version == version && (backend.Service ?? ServiceOf(split)) == service;

    public Percentage WeightOf(TrafficSplitSpec split, string service, string version) =>
        split.Backends.Where(b => Is(split, b, service, version)).Select(b => b.Weight).DefaultIfEmpty(Percentage.Zero).Max();

    /// <summary>Routes that name the version themselves: no split moves their requests.</summary>
    public IEnumerable<Document> Pinning(string service, string version) =>
        policies.Of(Kinds.Route).Where(d => ((RouteSpec)d.Spec).Backends.Any(b => b.Service == service && b.Version == version && b.Weight?.Millionths != 0));

    public string? DefaultVersion(string service) =>
        catalog.Services.GetValueOrDefault(service) is not { } spec ? null : spec.DefaultVersion ?? (spec.Versions is [var only] ? only.Name : null);

    /// <summary>Whether a split without matches stands for the whole service, so that nothing goes to its default version by default.</summary>
    public bool IsWhollySplit(string service) => Splits.Any(d => d.Spec is TrafficSplitSpec { Target: { Scope: Scope.Service, Matches.IsEmpty: true } target } && target.Name == service);
}
