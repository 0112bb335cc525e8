using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Policies.Catalog;

public enum ServiceProtocol { Http, Http2, Grpc }

public sealed record ServiceSpec : CatalogSpec
{
    [Field("What the service speaks.")]
    public ServiceProtocol Protocol { get; init; }

    [Field("What it does, for people and planners.", MaxLength = 500)]
    public string? Description { get; init; }

    [Field("Other names people have for it.", MaxLength = 63, MaxItems = 16)]
    public ImmutableArray<string> Aliases { get; init; } = [];

    [Field("The version that takes the requests no split speaks of. With one version it is that one.", Pattern = Patterns.Version, Expected = Patterns.VersionExpected)]
    public string? DefaultVersion { get; init; }

    [Field("What is deployed.", NotEmpty = true, MaxItems = 64)]
    public required ImmutableArray<ServiceVersion> Versions { get; init; }

    public override IEnumerable<Flaw> Check()
    {
        for (var i = 0; i < Versions.Length; i++)
            if (Versions.Take(i).Any(v => v.Name == Versions[i].Name))
                yield return new Flaw(DiagnosticCatalogue.DuplicateDocument, $"versions[{i}].name", $"version '{Versions[i].Name}' stands twice");
        if (DefaultVersion is { } name && Versions.All(v => v.Name != name))
            yield return new Flaw(DiagnosticCatalogue.UnknownTarget, "defaultVersion", $"'{name}' is not a version of the service", Nearest.Fix(name, [.. Versions.Select(v => v.Name)]));
    }
}

public sealed record ServiceVersion
{
    [Field("The version's name.", Pattern = Patterns.Version, Expected = Patterns.VersionExpected, Example = "v2")]
    public required string Name { get; init; }

    [Field("Labels for people and tools.", MaxItems = 64)]
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    [Field("Where it runs.", MaxItems = 10_000)]
    public ImmutableArray<EndpointSpec> Endpoints { get; init; } = [];
}

public sealed record EndpointSpec
{
    [Field("IP address or host name.", MaxLength = 253, Pattern = "^[A-Za-z0-9:._-]+$", Expected = "an IP address or host name", Example = "10.0.0.7")]
    public required string Address { get; init; }

    [Field("TCP port.", Min = 1, Max = 65535)]
    public required int Port { get; init; }

    [Field("Region it stands in.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public string? Region { get; init; }

    [Field("Zone within the region.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public string? Zone { get; init; }

    [Field("Share of requests relative to its siblings.", Min = 1, Max = 1000)]
    public int? Weight { get; init; }

    [Field("Whether it takes requests.")]
    public EndpointHealth Health { get; init; }
}
