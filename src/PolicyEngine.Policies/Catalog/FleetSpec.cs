using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Policies.Catalog;

public sealed record FleetSpec : CatalogSpec
{
    [Field("Envoys that face requests, or gRPC clients that dial xds:///service themselves.")]
    public FleetRole Role { get; init; }

    [Field("Which nodes belong to it.")]
    public required NodeSelector Nodes { get; init; }

    [Field("The gateways it runs (role gateway); all, if none is named.", Pattern = Patterns.Name, Expected = Patterns.NameExpected, MaxItems = 64)]
    public ImmutableArray<string> Gateways { get; init; } = [];

    [Field("That its Envoys report requests with the addresses of their clients, so that a client that floods a service is found (role gateway); none, if not given.")]
    public ClientReportsSpec? ClientReports { get; init; }

    public override IEnumerable<Flaw> Check()
    {
        if (ClientReports is null) yield break;
        if (Role == FleetRole.Proxyless) yield return new Flaw(DiagnosticCatalogue.InvalidValue, "clientReports", "gRPC clients without a proxy report no requests", "leave clientReports out: it is for role gateway");
        if (ClientReports.Share == Percentage.Zero) yield return new Flaw(DiagnosticCatalogue.InvalidValue, "clientReports.share", "a share of nothing reports nothing", "leave clientReports out");
    }
}

public sealed record ClientReportsSpec
{
    [Field("The share of requests that is reported, chosen at random; they stand for the others too.", Example = "10%")]
    public Percentage Share { get; init; } = Percentage.Hundred;
}

[AnyOf("cluster", "id", "metadata")]
public sealed record NodeSelector
{
    [Field("node.cluster of the nodes.", MaxLength = 253)]
    public string? Cluster { get; init; }

    [Field("node.id, with * for any text.", MaxLength = 253, Example = "edge-*")]
    public string? Id { get; init; }

    [Field("Text values of node.metadata that must be present.", MaxItems = 16)]
    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    [Field("With mutual TLS: SPIFFE ids or DNS names, with * for any text, of which a node's certificate must bear one. None named: no certificate is enough.", MaxLength = 2048, MaxItems = 64, Example = "spiffe://example.org/edge/*")]
    public ImmutableArray<string> Identities { get; init; } = [];

    /// <summary>Whether one of the names of a certificate is that of such a node.</summary>
    public bool Admits(IEnumerable<string> names) => names.Any(n => Identities.Any(i => Glob(i, n)));

    /// <summary>All given conditions hold.</summary>
    public bool Selects(string id, string cluster, IReadOnlyDictionary<string, string> metadata) =>
        (Cluster is null || Cluster == cluster)
        && (Id is null || Glob(Id, id))
        && Metadata.All(m => metadata.TryGetValue(m.Key, out var value) && value == m.Value);

    private static bool Glob(string pattern, string text)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1) return pattern == text;
        if (!text.StartsWith(parts[0], StringComparison.Ordinal) || text.Length < parts[0].Length + parts[^1].Length || !text.EndsWith(parts[^1], StringComparison.Ordinal)) return false;
        var (at, end) = (parts[0].Length, text.Length - parts[^1].Length);
        foreach (var part in parts[1..^1])
        {
            var found = text.IndexOf(part, at, end - at, StringComparison.Ordinal);
            if (found < 0) return false;
            at = found + part.Length;
        }
        return true;
    }
}
