using System.Collections.Immutable;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Policies.Documents;

public sealed record Metadata
{
    [Field("Unique per kind; generated xDS names come from it.", Pattern = Patterns.Name, Expected = Patterns.NameExpected, Example = "checkout-canary")]
    public required string Name { get; init; }

    [Field("Labels for people and tools; they change no traffic.", MaxItems = 64)]
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    [Field("When the policy ends by itself.", Example = "2026-12-01T00:00:00Z")]
    public DateTimeOffset? ExpiresAt { get; init; }

    [Field("Why it is there.", MaxLength = 500)]
    public string? Reason { get; init; }
}
