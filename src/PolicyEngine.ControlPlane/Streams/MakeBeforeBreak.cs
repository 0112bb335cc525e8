using System.Runtime.CompilerServices;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>
/// Which part of what is pending may go out now. Additions come first: a listener or route table waits until the client has acknowledged the
/// clusters that it leads to. Removals come last: a cluster stays until the client has acknowledged what stopped using it. What depends on
/// neither never waits (xDS protocol, "Eventual consistency considerations").
/// </summary>
internal static class MakeBeforeBreak
{
    private static readonly ConditionalWeakTable<Resource, string[]> Uses = [];

    /// <summary>What leads to clusters.</summary>
    private static readonly ResourceType[] Users = [ResourceType.Listener, ResourceType.ScopedRoutes, ResourceType.RouteTable, ResourceType.VirtualHost];

    private static readonly ResourceType[] UsersOfSecrets = [ResourceType.Cluster, ResourceType.Listener];

    /// <summary>What may go, and the names that wait.</summary>
    public static (Pending Ready, IReadOnlyCollection<string> Waiting) Split(Pending pending, TypeState state, SortedDictionary<int, TypeState> types, Snapshot snapshot)
    {
        if (pending.IsNothing) return (pending, []);
        // That something is absent which the client never had may be said at once.
        var waiting = Users.Contains(state.Type)
            ? Early(pending.Resources, types, snapshot)
            : Late([.. pending.Removed.Where(n => state.Holding.Version(n) is { Length: > 0 })], state.Type, types, snapshot);
        return waiting.Count == 0 ? (pending, waiting) : (Pending.Of([.. pending.Resources.Where(r => !waiting.Contains(r.Name))], [.. pending.Removed.Where(n => !waiting.Contains(n))]), waiting);
    }

    /// <summary>Users of clusters that a client of all clusters has not acknowledged. Others ask for the clusters that they find in routes.</summary>
    private static IReadOnlyCollection<string> Early(IReadOnlyList<Resource> resources, SortedDictionary<int, TypeState> types, Snapshot snapshot)
    {
        if (!types.TryGetValue(ResourceType.Cluster.Order, out var clusters) || !clusters.Subscription.IsWildcard || clusters.Runs(snapshot[ResourceType.Cluster])) return [];
        return [.. resources.Where(r => Clusters(r).Any(c => !clusters.Runs(c) && snapshot.Find(ResourceType.Cluster, c) is not null)).Select(r => r.Name)];
    }

    private static IReadOnlyCollection<string> Late(IReadOnlyList<string> removed, ResourceType type, SortedDictionary<int, TypeState> types, Snapshot snapshot)
    {
        if (removed.Count == 0) return [];
        var isSecret = type == ResourceType.Secret;
        if (!isSecret && type != ResourceType.Cluster && type != ResourceType.Endpoints) return [];
        List<TypeState> behind = [.. (isSecret ? UsersOfSecrets : Users).Select(u => types.GetValueOrDefault(u.Order)).OfType<TypeState>().Where(s => !InStep(s, snapshot[s.Type]))];
        if (behind.Count == 0) return [];
        if (type == ResourceType.Endpoints || behind.Exists(s => s.Running is null)) return removed;
        var used = behind.SelectMany(s => s.Running!).SelectMany(r => isSecret ? Secrets(r) : Clusters(r)).ToHashSet(StringComparer.Ordinal);
        return [.. removed.Where(used.Contains)];
    }

    private static bool InStep(TypeState state, ResourceSet set) => !state.Awaiting && state.Rejection is null && !state.MustAnswer && !state.IsLeftBehind && state.Pending(set).IsNothing;

    private static string[] Clusters(Resource resource) =>
        Uses.GetValue(resource, r => [.. r.References.Value.Where(x => x.Type == ResourceType.Cluster).Select(x => x.Name).Distinct(StringComparer.Ordinal)]);

    private static IEnumerable<string> Secrets(Resource resource) => resource.References.Value.Where(x => x.Type == ResourceType.Secret).Select(x => x.Name);
}
