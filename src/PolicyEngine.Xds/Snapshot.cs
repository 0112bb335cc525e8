using System.Collections.Immutable;
using PolicyEngine.Ir;

namespace PolicyEngine.Xds;

/// <summary>All resources of one type, by name in ordinal order, and their version: a revision that moves exactly when one of them does.</summary>
public sealed class ResourceSet
{
    private ResourceSet(ResourceType type, ImmutableSortedDictionary<string, Resource> resources)
    {
        (Type, Resources) = (type, resources);
        Version = Revision.Combine(resources.Values.Select(r => (r.Name, r.Revision)));
        HasTtl = resources.Values.Any(r => r.Ttl is not null);
    }

    public ResourceType Type { get; }

    public Revision Version { get; }

    public ImmutableSortedDictionary<string, Resource> Resources { get; }

    /// <summary>Whether any of them must be spoken of again before its time is over.</summary>
    public bool HasTtl { get; }

    public static ResourceSet Of(ResourceType type, IEnumerable<Resource> resources, ResourceSet? previous = null)
    {
        if (previous is null) return new(type, resources.ToImmutableSortedDictionary(r => r.Name, r => r, StringComparer.Ordinal));
        var set = previous.Resources.ToBuilder();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var changed = false;
        foreach (var resource in resources)
        {
            if (!names.Add(resource.Name)) throw new ArgumentException($"two resources of type {type} bear the name '{resource.Name}'", nameof(resources));
            if (set.TryGetValue(resource.Name, out var old) && ReferenceEquals(old, resource)) continue;
            set[resource.Name] = resource;
            changed = true;
        }
        foreach (var name in previous.Resources.Keys)
            if (!names.Contains(name)) changed |= set.Remove(name);
        return changed ? new(type, set.ToImmutable()) : previous;
    }
}

/// <summary>
/// The whole xDS configuration of one fleet. Its revision is a hash of its content, so the same policies give the same snapshot
/// wherever and whenever they are compiled.
/// </summary>
public sealed class Snapshot
{
    private Snapshot(string fleet, ImmutableArray<ResourceSet> sets)
    {
        (Fleet, Sets) = (fleet, sets);
        Revision = Revision.Combine(Present.Select(s => (s.Type.TypeUrl, s.Version)));
    }

    public string Fleet { get; }

    public Revision Revision { get; }

    /// <summary>The revision of all but endpoints: what policies decide. Instances come and go without anybody's approval.</summary>
    public Revision ConfigurationRevision => Revision.Combine(Present.Where(s => s.Type != ResourceType.Endpoints).Select(s => (s.Type.TypeUrl, s.Version)));

    /// <summary>One set a type, in the order of <see cref="ResourceType.All"/>.</summary>
    public ImmutableArray<ResourceSet> Sets { get; }

    /// <summary>The sets that say something: those of the types that the compiler makes, and of the others those that are not empty.</summary>
    public IEnumerable<ResourceSet> Present => Sets.Where(s => s.Type.IsCompiled || !s.Resources.IsEmpty);

    public IEnumerable<Resource> Resources => Sets.SelectMany(s => s.Resources.Values);

    public ResourceSet this[ResourceType type] => Sets[type.Order];

    public static Snapshot Empty(string fleet) => Of(fleet, []);

    /// <summary>Throws <see cref="ArgumentException"/> when two resources of one type share a name.</summary>
    /// <param name="previous">A snapshot of nearly the same resources, to make this one cheaper; it changes nothing else.</param>
    public static Snapshot Of(string fleet, IEnumerable<Resource> resources, Snapshot? previous = null)
    {
        var byType = resources.ToLookup(r => r.Type);
        return new Snapshot(fleet, [.. ResourceType.All.Select(t => ResourceSet.Of(t, byType[t], previous?[t]))]);
    }

    /// <summary>The same with other resources of one type; the same instance where they are the same.</summary>
    public Snapshot With(ResourceType type, IEnumerable<Resource> resources)
    {
        var set = ResourceSet.Of(type, resources, this[type]);
        return ReferenceEquals(set, this[type]) ? this : new Snapshot(Fleet, Sets.SetItem(type.Order, set));
    }

    public Resource? Find(ResourceType type, string name) => this[type].Resources.GetValueOrDefault(name);

    public override string ToString() => $"{Fleet}@{Revision.Short}";
}
