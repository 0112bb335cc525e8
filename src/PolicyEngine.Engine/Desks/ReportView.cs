using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyEngine.Changes.Journal;
using PolicyEngine.Ir;

namespace PolicyEngine.Engine.Desks;

public sealed record RiskView(string Name, RiskLevel Level, string Explanation);

/// <summary>A field by its path, as it was and as it would be; null where it is not there.</summary>
public sealed record FieldView(string Path, string? Before, string? After);

/// <param name="Kind"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
/// <param name="Origins">The documents that made it.</param>
public sealed record ResourceView(string Type, string Name, string Kind, ImmutableArray<FieldView> Fields, ImmutableArray<string> Origins);

public sealed record FleetView(string Fleet, string From, string To, ImmutableArray<ResourceView> Changes);

/// <summary>What would happen, out of the report that was recorded: what is shown is what is signed.</summary>
public sealed record ReportView(RiskLevel Risk, ImmutableArray<RiskView> Risks, ImmutableArray<FleetView> Fleets, ImmutableArray<Diagnostic> Diagnostics)
{
    internal static ReportView? Of(JsonObject? report) => report?.Deserialize<ReportView>(JournalJson.Options) is { } read
        ? new ReportView(read.Risk, Given(read.Risks), [.. Given(read.Fleets).Select(f => f with { Changes = [.. Given(f.Changes).Select(c => c with { Fields = Given(c.Fields), Origins = Given(c.Origins) })] })], Given(read.Diagnostics))
        : null;

    private static ImmutableArray<T> Given<T>(ImmutableArray<T> items) => items.IsDefault ? [] : items;
}
