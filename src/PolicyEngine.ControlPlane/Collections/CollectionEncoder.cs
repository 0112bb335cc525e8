using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.Ir;
using PolicyEngine.Protos.Collections.V1;
using PolicyEngine.Xds;
using Duration = Google.Protobuf.WellKnownTypes.Duration;
using Resource = PolicyEngine.Xds.Resource;
using Wrapped = PolicyEngine.Protos.Collections.V1.Resource;

namespace PolicyEngine.ControlPlane.Collections;

/// <summary>Sets as collections. A resource is wrapped once for all streams, around the bytes that it has anyway; what is shared is never changed.</summary>
internal static class CollectionEncoder
{
    private static readonly ConditionalWeakTable<Resource, Wrapped> Known = [];

    public static Collection Whole(ResourceSet set, Revision version, TimeSpan interval) =>
        Of(set, version, interval, set.Resources.Values);

    /// <summary>What a client of <paramref name="held"/> lacks of a set.</summary>
    public static Collection Difference(HeldCollection held, ResourceSet set, Revision version, TimeSpan interval)
    {
        var (changed, removed) = held.Set is { } from ? Between(from, set) : held.Difference(set);
        var collection = Of(set, version, interval, changed);
        collection.Incremental = true;
        collection.Removed.Add(removed);
        return collection;
    }

    private static (IEnumerable<Resource> Changed, IEnumerable<string> Removed) Between(ResourceSet from, ResourceSet to)
    {
        var diff = SetDiff.Between(from, to);
        return (diff.Changed, diff.Removed);
    }

    private static Collection Of(ResourceSet set, Revision version, TimeSpan interval, IEnumerable<Resource> resources) => new()
    {
        Name = CollectionNames.Of(set.Type),
        Version = version.ToString(),
        SyncInterval = Duration.FromTimeSpan(interval),
        Resources = { resources.Select(r => Known.GetValue(r, Wrap)) },
    };

    private static Wrapped Wrap(Resource resource)
    {
        var wrapped = new Wrapped
        {
            Name = resource.Name,
            Version = resource.Revision.Short,
            Resource_ = new Any { TypeUrl = resource.Type.TypeUrl, Value = UnsafeByteOperations.UnsafeWrap(resource.Body) },
        };
        if (!resource.Origins.IsEmpty) wrapped.Context.Add(CollectionNames.Origins, CollectionNames.Write(resource.Origins));
        if (resource.Ttl is { } ttl) wrapped.Ttl = Duration.FromTimeSpan(ttl);
        return wrapped;
    }
}

/// <summary>What a client has of a collection: a set that it acknowledged here, or what it says that it brought along.</summary>
internal sealed record HeldCollection(string Hash, ResourceSet? Set, IReadOnlyDictionary<string, string>? Versions)
{
    public static HeldCollection Of(ResourceSet set) => new(set.Version.ToString(), set, null);

    /// <summary>Whether it is known of each resource which version the client has.</summary>
    public bool IsKnownByName => Set is not null || Versions is { Count: > 0 };

    public (IEnumerable<Resource> Changed, IEnumerable<string> Removed) Difference(ResourceSet set) =>
        (set.Resources.Values.Where(r => Versions!.GetValueOrDefault(r.Name) != r.Revision.Short), Versions!.Keys.Where(n => !set.Resources.ContainsKey(n)).Order(StringComparer.Ordinal));
}
