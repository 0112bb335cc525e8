using Google.Protobuf;
using PolicyEngine.ControlPlane.Collections;
using PolicyEngine.Protos.Collections.V1;
using PolicyEngine.Xds;
using Resource = PolicyEngine.Xds.Resource;
using Wrapped = PolicyEngine.Protos.Collections.V1.Resource;

namespace PolicyEngine.Agent.Staging;

/// <summary>A collection as resources. One that is the same as before stays the same object, so that what is derived from it need not be made again.</summary>
internal static class CollectionReader
{
    private const int MostName = 4096;
    private const long MostTtlSeconds = 366L * 24 * 60 * 60;

    /// <summary>All resources of the set that the collection means. Throws <see cref="FormatException"/> with what is wrong.</summary>
    public static IEnumerable<Resource> Read(Collection collection, ResourceType type, ResourceSet? before)
    {
        var named = new Dictionary<string, Resource>(StringComparer.Ordinal);
        foreach (var wrapped in collection.Resources)
            if (!named.TryAdd(wrapped.Name, One(wrapped, type, before))) throw new FormatException($"two resources of {collection.Name} bear the name '{wrapped.Name}'");
        if (!collection.Incremental) return collection.Removed.Count == 0 ? named.Values : throw new FormatException($"{collection.Name} is whole and yet names removals");
        if (before is null) throw new FormatException($"{collection.Name} came as a difference, and there is nothing here that it could differ from");
        var removed = collection.Removed.ToHashSet(StringComparer.Ordinal);
        return before.Resources.Values.Where(r => !named.ContainsKey(r.Name) && !removed.Contains(r.Name)).Concat(named.Values);
    }

    private static Resource One(Wrapped wrapped, ResourceType type, ResourceSet? before)
    {
        if (wrapped.Name.Length is 0 or > MostName) throw new FormatException($"a resource's name has between 1 and {MostName} characters");
        if (wrapped.Resource_ is not { } any || any.TypeUrl != type.TypeUrl) throw new FormatException($"'{wrapped.Name}' is not a {CollectionNames.Of(type)}");
        var resource = Resource.FromBytes(type, wrapped.Name, any.Value.Memory, [.. CollectionNames.ReadOrigins(wrapped.Context.GetValueOrDefault(CollectionNames.Origins) ?? "")]);
        if (wrapped.Ttl is { } ttl) resource = ttl.Seconds is >= 0 and <= MostTtlSeconds && ttl.ToTimeSpan() > TimeSpan.Zero ? resource.WithTtl(ttl.ToTimeSpan()) : throw new FormatException($"'{wrapped.Name}' has no time to live that can be meant");
        if (before?.Resources.GetValueOrDefault(wrapped.Name) is { } same && same.Revision == resource.Revision) return same;
        try
        {
            // Parses it: what cannot be read must not reach a stream.
            _ = resource.References.Value;
            return resource;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new FormatException($"'{wrapped.Name}' cannot be read: {e.Message}", e);
        }
    }
}
