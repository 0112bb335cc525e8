using System.Collections.Immutable;
using PolicyEngine.Compiler;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Xds;
using PolicyEngine.Xds.Linting;

namespace PolicyEngine.Changes.DryRuns;

/// <summary>A policy set with all that it means: compiled, as snapshots, and what is wrong with it.</summary>
public sealed record Candidate(ServiceCatalog Catalog, PolicySet Policies, CompileResult Compiled, ImmutableSortedDictionary<string, Snapshot> Snapshots, ImmutableArray<Diagnostic> Diagnostics)
{
    public bool HasErrors => Diagnostics.HasErrors();

    /// <summary>The one way from documents to snapshots: serving, dry run and offline commands use it. <paramref name="previous"/> makes it cheaper.</summary>
    public static Candidate Of(ServiceCatalog catalog, PolicySet policies, Candidate? previous = null)
    {
        var compiled = PolicyCompiler.Compile(catalog, policies, previous?.Compiled);
        var snapshots = compiled.Fleets.ToImmutableSortedDictionary(f => f.Name, f => SnapshotBuilder.Build(f, previous?.Snapshots.GetValueOrDefault(f.Name)), StringComparer.Ordinal);
        // The compiler looks whether the catalog has the secrets that listeners name; what is kept there is read where it is served.
        var lint = snapshots.Values.SelectMany(s => Lint.Check(s, previous?.Snapshots.GetValueOrDefault(s.Fleet), elsewhere: ResourceType.Secret));
        return new Candidate(catalog, policies, compiled, snapshots, compiled.Diagnostics.Concat(lint).Sorted());
    }
}
