using System.Collections.Immutable;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>Which documents may be behind a refusal: those of the resources that the message names, or of all that were sent.</summary>
internal static class Suspects
{
    private const int Most = 50;

    public static ImmutableArray<string> Of(string message, IEnumerable<Resource> sent)
    {
        var resources = sent.ToList();
        var named = resources.Where(r => message.Contains(r.Name, StringComparison.Ordinal)).ToList();
        return [.. (named.Count > 0 ? named : resources).SelectMany(r => r.Origins).Distinct().Order(StringComparer.Ordinal).Take(Most)];
    }
}
