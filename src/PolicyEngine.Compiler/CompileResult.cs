using System.Collections.Immutable;
using PolicyEngine.Ir;

namespace PolicyEngine.Compiler;

/// <summary>What a policy set means for every fleet, and what is wrong with it. With an error among the diagnostics nothing of it is published.</summary>
public sealed class CompileResult
{
    internal CompileResult(ImmutableArray<FleetIr> fleets, ImmutableArray<Diagnostic> diagnostics, Memo memo) =>
        (Fleets, Diagnostics, Memo) = (fleets, diagnostics, memo);

    /// <summary>In ordinal order of names.</summary>
    public ImmutableArray<FleetIr> Fleets { get; }

    public ImmutableArray<Diagnostic> Diagnostics { get; }

    public bool HasErrors => Diagnostics.HasErrors();

    /// <summary>What a later compilation of nearly the same set may take over.</summary>
    internal Memo Memo { get; }
}
