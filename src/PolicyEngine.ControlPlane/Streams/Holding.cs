using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>
/// What a client was sent of a type, by name. Clients in step share one set, restricted to what each of them wants; only what differs from
/// it is kept by name. So an idle stream costs next to nothing, however many resources it has.
/// </summary>
internal sealed class Holding
{
    /// <summary>The version of a name that the client was told does not exist.</summary>
    public const string Absent = "";

    /// <summary>A version that is no resource's: the client may have something.</summary>
    public const string Unsure = "?";

    private Dictionary<string, Held>? _own;

    /// <summary>The set that the client has, exceptions aside; null before anything was sent.</summary>
    public ResourceSet? Shared { get; private set; }

    public bool HasExceptions => _own is not null;

    /// <summary>The version that the client has; <see cref="Absent"/> where it was told that there is none; null where it was told nothing.</summary>
    public string? Version(string name)
    {
        if (_own is not null && _own.TryGetValue(name, out var own)) return own.Version;
        if (Shared is null) return null;
        return Shared.Resources.TryGetValue(name, out var resource) ? resource.Revision.Short : Absent;
    }

    /// <summary>Names that it has a version of.</summary>
    public IEnumerable<string> Names
    {
        get
        {
            foreach (var (name, held) in _own ?? [])
                if (held.Version is { Length: > 0 }) yield return name;
            foreach (var name in Shared?.Resources.Keys ?? [])
                if (_own?.ContainsKey(name) != true) yield return name;
        }
    }

    /// <summary>What the client has under a name, where it was sent by this process.</summary>
    public Resource? Resource(string name) => _own is not null && _own.TryGetValue(name, out var own) ? own.Resource : Shared?.Resources.GetValueOrDefault(name);

    public void Set(string name, string? version, Resource? resource = null) => (_own ??= new(StringComparer.Ordinal))[name] = new(version, resource);

    /// <summary>Everything that the client wants of this set it has now, but for the names that it has as before.</summary>
    public void Adopt(ResourceSet set, IReadOnlyCollection<string> asBefore)
    {
        if (asBefore.Count == 0)
        {
            (Shared, _own) = (set, null);
            return;
        }
        Only(asBefore);
        Shared = set;
    }

    /// <summary>Only of these names it is known what the client has: it did not want the others so far.</summary>
    public void Only(IEnumerable<string> names)
    {
        var known = names.ToDictionary(n => n, n => new Held(Version(n), Resource(n)), StringComparer.Ordinal);
        (Shared, _own) = (null, known);
    }

    private readonly record struct Held(string? Version, Resource? Resource);
}
