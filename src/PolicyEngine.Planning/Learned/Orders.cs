using System.Collections.Immutable;

namespace PolicyEngine.Planning.Learned;

/// <summary>An order about a service (its name, or several), which a scope completes.</summary>
internal sealed record Order(string Frame, Func<string, Scope, string> Text, params ImmutableArray<Slot> Slots)
{
    /// <summary>It cannot be narrowed.</summary>
    public bool IsWhole { get; init; }

    /// <summary>It must be narrowed.</summary>
    public bool IsNarrow { get; init; }
}
