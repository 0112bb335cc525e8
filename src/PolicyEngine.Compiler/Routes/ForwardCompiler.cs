using System.Collections.Immutable;
using PolicyEngine.Compiler.Combining;
using PolicyEngine.Compiler.TrafficSplits;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Compiler.Routes;

/// <summary>Where a route's requests go: its backends, each shared out by the split that won for its service, or its default version.</summary>
internal static class ForwardCompiler
{
    public static Forward? Compile(RouteSeed seed, IReadOnlyList<Part> winners, Names names, ICollection<Diagnostic> diagnostics)
    {
        var shares = new SortedDictionary<string, long>(StringComparer.Ordinal);
        // In millionths of millionths, so that nothing is rounded before the end.
        foreach (var backend in seed.Backends)
        {
            long whole = backend.Weight?.Millionths ?? Percentage.Whole;
            if (whole == 0) continue;
            if (backend.Version is { } pinned)
            {
                Add(Names.Upstream(backend.Service, pinned), whole * Percentage.Whole);
            }
            else if (winners.FirstOrDefault(p => p.Slot == TrafficSplitFeature.SlotPrefix + backend.Service) is { } split)
            {
                foreach (var b in ((TrafficSplitSpec)split.Value).Backends)
                    Add(Names.Upstream(b.Service ?? backend.Service, b.Version), whole * b.Weight.Millionths);
            }
            else if (names.DefaultVersion(backend.Service) is { } version)
            {
                Add(Names.Upstream(backend.Service, version), whole * Percentage.Whole);
            }
            else if (names.Service(backend.Service) is not null)
            {
                diagnostics.Add(NoVersion(seed.Document, backend.Service));
                return null;
            }
            else return null;
        }
        return new Forward { Upstreams = Rounded(shares), Rewrite = seed.Rewrite };

        void Add(string upstream, long share)
        {
            if (share > 0) shares[upstream] = shares.GetValueOrDefault(upstream) + share;
        }
    }

    /// <summary>Shares in millionths that add up exactly: the largest remainders get what rounding down left over.</summary>
    private static ImmutableArray<WeightedUpstream> Rounded(SortedDictionary<string, long> shares)
    {
        var parts = shares.Select(s => (Upstream: s.Key, Whole: (int)(s.Value / Percentage.Whole), Remainder: s.Value % Percentage.Whole)).ToList();
        var left = Percentage.Whole - parts.Sum(p => p.Whole);
        var lucky = parts.OrderByDescending(p => p.Remainder).ThenBy(p => p.Upstream, StringComparer.Ordinal).Take(left).Select(p => p.Upstream).ToHashSet(StringComparer.Ordinal);
        return [.. parts.Select(p => new WeightedUpstream(p.Upstream, Percentage.FromMillionths(p.Whole + (lucky.Contains(p.Upstream) ? 1 : 0))))];
    }

    private static Diagnostic NoVersion(Document? document, string service) =>
        Diagnostic.Of(DiagnosticCatalogue.NoDefaultVersion, $"service '{service}' has several versions and nothing says which takes its requests") with
        {
            Document = document?.Id ?? $"Service/{service}",
            Field = "spec.backends",
            Location = document?.Place("spec.backends"),
            Fix = $"give Service/{service} a defaultVersion, name the version, or add a TrafficSplit",
        };
}
