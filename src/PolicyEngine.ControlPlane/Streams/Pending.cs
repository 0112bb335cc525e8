using PolicyEngine.Ir;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>What a client is to be sent of a type: resources, names that are gone; the key is equal for equal content.</summary>
internal sealed record Pending(IReadOnlyList<Resource> Resources, IReadOnlyList<string> Removed, string Key)
{
    public static readonly Pending Nothing = new([], [], "");

    public bool IsNothing => Resources.Count == 0 && Removed.Count == 0;

    public IEnumerable<string> Names => Resources.Select(r => r.Name).Concat(Removed);

    public static Pending Of(IReadOnlyList<Resource> resources, IReadOnlyList<string> removed) => new(resources, removed, Revision.Combine(
        resources.Select(r => (r.Name, r.Revision)).Concat(removed.Select(n => ("-" + n, Revision.None)))).ToString());
}

/// <summary>A response that went out: of which set, and what of it was news.</summary>
/// <param name="AsBefore">
/// Where it lists all that is wanted (state of the world, clusters and listeners), so that what is not on it is gone: the names that are on it as the client was sent
/// them before; else null.
/// </param>
internal sealed record Response(string Nonce, ResourceSet Set, Pending News, IReadOnlyDictionary<string, Resource?>? AsBefore)
{
    public IReadOnlyList<Resource> Resources => News.Resources;

    public IReadOnlyList<string> Removed => News.Removed;
}
