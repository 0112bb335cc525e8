using System.Collections.Immutable;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.HealthChecks;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Compiler;

/// <summary>Policies by what they are laid over. Lists keep the ordinal order of ids.</summary>
internal sealed class PolicyIndex
{
    private readonly Dictionary<(Scope, string), List<Document>> _byTarget = [];

    /// <summary>Apart from the others, as they are laid over no route.</summary>
    private readonly Dictionary<(Scope, string), List<Document>> _healthChecks = [];

    public PolicyIndex(PolicySet policies)
    {
        var routes = ImmutableArray.CreateBuilder<Document>();
        foreach (var document in policies.Documents.Values)
        {
            if (document.Spec is RouteSpec) routes.Add(document);
            if (document.Spec is not TargetedSpec { Target: var target }) continue;
            var byTarget = document.Spec is HealthCheckSpec ? _healthChecks : _byTarget;
            if (!byTarget.TryGetValue((target.Scope, target.Name), out var list)) byTarget[(target.Scope, target.Name)] = list = [];
            list.Add(document);
        }
        Routes = routes.ToImmutable();
    }

    public ImmutableArray<Document> Routes { get; }

    public IEnumerable<(Scope Scope, string Name, IReadOnlyList<Document> Policies)> Targets => _byTarget.Concat(_healthChecks).Select(t => (t.Key.Item1, t.Key.Item2, (IReadOnlyList<Document>)t.Value));

    public IReadOnlyList<Document> On(Scope scope, string name) => _byTarget.TryGetValue((scope, name), out var list) ? list : [];

    public IReadOnlyList<Document> HealthChecksOf(string service) => _healthChecks.TryGetValue((Scope.Service, service), out var list) ? list : [];
}
