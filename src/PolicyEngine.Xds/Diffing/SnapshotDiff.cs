using System.Collections.Immutable;
using Envoy.Config.Route.V3;
using PolicyEngine.Ir;

namespace PolicyEngine.Xds.Diffing;

public enum ChangeKind { Added, Removed, Changed }

/// <summary>A field whose value differs; a side is null where the field is absent there. Values are short JSON.</summary>
public sealed record FieldChange(string Path, string? Before, string? After);

public sealed record ResourceChange
{
    public required ResourceType Type { get; init; }

    public required string Name { get; init; }

    public required ChangeKind Kind { get; init; }

    /// <summary>Of a changed resource; empty for one that came or went whole.</summary>
    public ImmutableArray<FieldChange> Fields { get; init; } = [];

    /// <summary>The documents behind either side, as <c>Kind/name</c>.</summary>
    public ImmutableArray<string> Origins { get; init; } = [];
}

/// <summary>What differs between two snapshots, resource by resource and field by field. The same two give the same diff, to the byte.</summary>
public sealed record SnapshotDiff
{
    public required string Fleet { get; init; }

    public required Revision From { get; init; }

    public required Revision To { get; init; }

    /// <summary>The same without endpoints: what an approval is about.</summary>
    public required (Revision From, Revision To) Configuration { get; init; }

    /// <summary>By type in the order of <see cref="ResourceType.All"/>, then by name.</summary>
    public required ImmutableArray<ResourceChange> Changes { get; init; }

    public bool IsEmpty => Changes.IsEmpty;

    public static SnapshotDiff Between(Snapshot from, Snapshot to) => new()
    {
        Fleet = to.Fleet,
        From = from.Revision,
        To = to.Revision,
        Configuration = (from.ConfigurationRevision, to.ConfigurationRevision),
        Changes = from.Revision == to.Revision ? [] : [.. ResourceType.All.SelectMany(t => Between(from[t], to[t]))],
    };

    private static IEnumerable<FieldChange> Fields(Resource before, Resource after)
    {
        if (before.Parts is not { } old || after.Parts is not { } now) return MessageDiff.Between(before.Message, after.Message);
        // Of a large table only the hosts that differ are taken apart.
        var (from, to) = (new RouteConfiguration { Name = before.Name }, new RouteConfiguration { Name = after.Name });
        var unchanged = old.Values.ToHashSet(ReferenceEqualityComparer.Instance);
        unchanged.IntersectWith(now.Values);
        from.VirtualHosts.AddRange(old.Values.Where(p => !unchanged.Contains(p)).Select(p => p.Message));
        to.VirtualHosts.AddRange(now.Values.Where(p => !unchanged.Contains(p)).Select(p => p.Message));
        return MessageDiff.Between(from, to);
    }

    private static IEnumerable<ResourceChange> Between(ResourceSet from, ResourceSet to)
    {
        if (from.Version == to.Version) yield break;
        foreach (var name in from.Resources.Keys.Union(to.Resources.Keys).Order(StringComparer.Ordinal))
        {
            var (before, after) = (from.Resources.GetValueOrDefault(name), to.Resources.GetValueOrDefault(name));
            if (before?.Revision == after?.Revision) continue;
            yield return new ResourceChange
            {
                Type = to.Type,
                Name = name,
                Kind = before is null ? ChangeKind.Added : after is null ? ChangeKind.Removed : ChangeKind.Changed,
                Fields = before is null || after is null ? [] : [.. Fields(before, after)],
                Origins = [.. (before?.Origins ?? []).Union(after?.Origins ?? []).Order(StringComparer.Ordinal)],
            };
        }
    }
}
