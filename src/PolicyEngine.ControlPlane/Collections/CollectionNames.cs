using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Collections;

/// <summary>A collection is a type of resource, under the full name of its message.</summary>
public static class CollectionNames
{
    /// <summary>The key of a resource's context under which the documents stand that shaped it.</summary>
    public const string Origins = "origins";

    private const char OriginSeparator = ',';

    public static string Of(ResourceType type) => type.TypeUrl[Canonical.TypeUrlPrefix.Length..];

    public static ResourceType? Find(string name) => ResourceType.Of(Canonical.TypeUrlPrefix + name);

    public static string Write(IEnumerable<string> origins) => string.Join(OriginSeparator, origins);

    public static string[] ReadOrigins(string text) => text.Split(OriginSeparator, StringSplitOptions.RemoveEmptyEntries);
}
