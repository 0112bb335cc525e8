using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using PolicyEngine.Ir;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>What differs between two sets of a type: worked out once for all the streams that take the same step.</summary>
internal sealed record SetDiff(ImmutableArray<Resource> Changed, ImmutableArray<string> Removed, string Key)
{
    private const int MostSteps = 16;

    private static readonly ConditionalWeakTable<ResourceSet, ConcurrentDictionary<Revision, SetDiff>> Steps = [];

    public static SetDiff Between(ResourceSet from, ResourceSet to)
    {
        var steps = Steps.GetValue(to, _ => new());
        if (steps.TryGetValue(from.Version, out var known)) return known;
        var diff = new SetDiff(
            [.. to.Resources.Values.Where(r => from.Resources.GetValueOrDefault(r.Name)?.Revision != r.Revision)],
            [.. from.Resources.Keys.Where(n => !to.Resources.ContainsKey(n))],
            $"{from.Version} {to.Version}");
        if (steps.Count < MostSteps) steps.TryAdd(from.Version, diff);
        return diff;
    }
}
