using System.Collections.Immutable;
using PolicyEngine.Compiler.Fleets;
using PolicyEngine.Compiler.Upstreams;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Catalog;

namespace PolicyEngine.Compiler;

/// <summary>
/// Policies and catalog to IR: a function of its inputs, without clock, randomness, I/O or state. Serving, dry run, offline commands and
/// tests all call this one.
/// </summary>
public static class PolicyCompiler
{
    /// <param name="previous">
    /// The result of a nearly equal set: what did not change is taken over. It changes the cost, never the result.
    /// </param>
    public static CompileResult Compile(ServiceCatalog catalog, PolicySet policies, CompileResult? previous = null)
    {
        var memo = new Memo(previous?.Memo);
        var names = new Names(catalog);
        var index = new PolicyIndex(policies);
        var checks = new NameChecks(names, policies);
        var diagnostics = new List<Diagnostic>();
        foreach (var document in catalog.Documents.Values) diagnostics.AddRange(checks.Of(document));
        foreach (var document in policies.Documents.Values) diagnostics.AddRange(checks.Of(document));

        var fleets = ImmutableArray.CreateBuilder<FleetIr>();
        foreach (var (name, spec) in catalog.Fleets)
            fleets.Add(Fleet(name, spec, names, index, memo, diagnostics));
        diagnostics.AddRange(FleetChecks.Of(fleets, index, names));
        memo.Trim();
        return new CompileResult(fleets.ToImmutable(), diagnostics.Distinct(DiagnosticByText.Instance).Sorted(), memo);
    }

    private static FleetIr Fleet(string name, FleetSpec spec, Names names, PolicyIndex index, Memo memo, List<Diagnostic> diagnostics)
    {
        var (listeners, tables) = spec.Role == FleetRole.Proxyless
            ? new ProxylessFleet(names, index, memo).Compile(name)
            : new GatewayFleet(names, index, memo).Compile(name, spec);
        var hosts = tables.SelectMany(t => t.Hosts).ToList();
        foreach (var host in hosts) diagnostics.AddRange(host.Diagnostics);
        var services = hosts.SelectMany(h => h.Services).Distinct(StringComparer.Ordinal);
        return new FleetIr
        {
            Name = name,
            Role = spec.Role,
            Listeners = [.. listeners],
            RouteTables = [.. tables.Select(t => t.Table)],
            Upstreams = [.. UpstreamCompiler.Compile(services, names, index, memo, name)],
        };
    }

    /// <summary>The same finding on several hosts or fleets is one finding.</summary>
    private sealed class DiagnosticByText : IEqualityComparer<Diagnostic>
    {
        public static readonly DiagnosticByText Instance = new();

        public bool Equals(Diagnostic? x, Diagnostic? y) => x!.Code == y!.Code && x.Document == y.Document && x.Field == y.Field && x.Message == y.Message;

        public int GetHashCode(Diagnostic d) => HashCode.Combine(d.Code, d.Document, d.Message);
    }
}
