using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>Names as requests have them.</summary>
internal static class Names
{
    /// <summary>In their one spelling; nothing is copied where they are that already.</summary>
    public static IReadOnlyCollection<string> Canonical(IReadOnlyCollection<string> names) => names.Any(XdstpName.Is) ? [.. names.Select(XdstpName.Canonical)] : names;
}
