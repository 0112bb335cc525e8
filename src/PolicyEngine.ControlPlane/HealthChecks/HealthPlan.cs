using System.Collections.Frozen;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Service.Health.V3;
using PolicyEngine.Xds;
using PolicyEngine.Xds.HealthChecks;

namespace PolicyEngine.ControlPlane.HealthChecks;

/// <summary>Who checks what, as it follows from all that is published.</summary>
internal sealed class HealthPlan
{
    private readonly FrozenDictionary<string, Assignment> _byFleet;

    private HealthPlan(FrozenDictionary<string, Assignment> byFleet)
    {
        _byFleet = byFleet;
        Endpoints = byFleet.SelectMany(a => a.Value.Endpoints.Keys.Select(k => (Key: k, Fleet: a.Key))).DistinctBy(e => e.Key).ToFrozenDictionary(e => e.Key, e => e.Fleet);
    }

    public static HealthPlan Empty { get; } = new(FrozenDictionary<string, Assignment>.Empty);

    /// <summary>All that is checked, and by which fleet.</summary>
    public FrozenDictionary<EndpointKey, string> Endpoints { get; }

    public Assignment Of(string fleet) => _byFleet.GetValueOrDefault(fleet, Assignment.Nothing);

    /// <param name="previous">Its assignments are taken over where they are the same.</param>
    public static HealthPlan Of(IEnumerable<Snapshot> published, HealthPlan previous)
    {
        var clusters = published.SelectMany(s => s[ResourceType.Cluster].Resources.Values.Select(c => (Cluster: c, Check: DelegatedCheck.Of(c), Endpoints: s.Find(ResourceType.Endpoints, c.Name))))
            .Where(c => c.Check is not null && c.Endpoints is not null);
        return new HealthPlan(clusters.GroupBy(c => c.Check!.Fleet, StringComparer.Ordinal).ToFrozenDictionary(
            f => f.Key,
            f => Kept(previous.Of(f.Key), new Assignment([
                .. f.GroupBy(c => c.Cluster.Name, StringComparer.Ordinal)
                    .OrderBy(c => c.Key, StringComparer.Ordinal)
                    .Select(c => Cluster(c.Key, c.First().Check!.Check, c.Select(x => (ClusterLoadAssignment)x.Endpoints!.Message)))])),
            StringComparer.Ordinal));
    }

    private static Assignment Kept(Assignment old, Assignment made) => old.Specifier.Equals(made.Specifier) ? old : made;

    /// <summary>Fleets that are served different endpoints of a cluster have all of them checked.</summary>
    private static ClusterHealthCheck Cluster(string name, HealthCheck check, IEnumerable<ClusterLoadAssignment> assignments)
    {
        var cluster = new ClusterHealthCheck { ClusterName = name, HealthChecks = { check } };
        var known = new HashSet<EndpointKey>();
        foreach (var locality in assignments.SelectMany(a => a.Endpoints).GroupBy(l => l.Locality ?? new Locality()))
        {
            var endpoints = locality.SelectMany(l => l.LbEndpoints).Select(e => e.Endpoint).Where(e => EndpointKey.Of(name, e) is { } key && known.Add(key)).ToList();
            if (endpoints.Count > 0) cluster.LocalityEndpoints.Add(new LocalityEndpoints { Locality = locality.Key, Endpoints = { endpoints } });
        }
        return cluster;
    }
}

/// <summary>The plan of the moment.</summary>
internal sealed class HealthPlans(SnapshotCache cache)
{
    private readonly Lock _gate = new();
    private IReadOnlyList<Snapshot> _of = [];
    private HealthPlan _plan = HealthPlan.Empty;

    public HealthPlan Current
    {
        get
        {
            lock (_gate)
            {
                var published = cache.Published;
                if (!published.SequenceEqual(_of)) (_of, _plan) = (published, HealthPlan.Of(published, _plan));
                return _plan;
            }
        }
    }
}
