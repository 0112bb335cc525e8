using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Policies.Routes;

[OneOf("backends", "redirect", "directResponse")]
public sealed record RouteSpec : PolicySpec
{
    [Field("Hosts it answers for; all that its gateways have, if none is named.", Pattern = Patterns.Host, Expected = Patterns.HostExpected, Example = "shop.example.com")]
    public ImmutableArray<string> Hosts { get; init; } = [];

    [Field("Gateways it is part of; all that answer for its hosts, if none is named.", Pattern = Patterns.Name, Expected = Patterns.NameExpected, MaxItems = 64)]
    public ImmutableArray<string> Gateways { get; init; } = [];

    [Field("Requests it takes; any of these, or every request.", MaxItems = 32)]
    public ImmutableArray<RequestMatch> Matches { get; init; } = [];

    [Field("Where they go.", NotEmpty = true, MaxItems = 16)]
    public ImmutableArray<RouteBackend> Backends { get; init; } = [];

    [Field("Sends the client elsewhere.")]
    public RedirectSpec? Redirect { get; init; }

    [Field("Answers at once.")]
    public DirectResponseSpec? DirectResponse { get; init; }

    [Field("Changes the path or host on the way.")]
    public RewriteSpec? Rewrite { get; init; }

    [Field("Settles which of two routes with the same matches applies: the higher.", Min = 0, Max = 1000)]
    public int Priority { get; init; }

    public override IEnumerable<Flaw> Check()
    {
        for (var i = 0; i < Matches.Length; i++)
            foreach (var flaw in Matches[i].Check()) yield return flaw with { Field = $"matches[{i}].{flaw.Field}" };
        foreach (var flaw in Weights.Check(Backends.Select(b => b.Weight), "backends")) yield return flaw;
        if (Redirect is { Status: not (301 or 302 or 303 or 307 or 308) } redirect)
            yield return new Flaw(DiagnosticCatalogue.InvalidValue, "redirect.status", $"{redirect.Status} is not a status of a redirect", "use 301, 302, 303, 307 or 308");
        if (Rewrite is { } rewrite)
        {
            if (Backends.IsEmpty) yield return new Flaw(DiagnosticCatalogue.ExactlyOne, "rewrite", "only requests that are sent on to backends can be rewritten");
            if (rewrite.Prefix is not null && (Matches.IsEmpty || Matches.Any(m => m.Path?.Prefix is null)))
                yield return new Flaw(DiagnosticCatalogue.MissingField, "rewrite.prefix", "a prefix can only be replaced where every match has a path prefix", "give each match path: {prefix: …}, or use rewrite.path");
        }
    }
}

public sealed record RouteBackend
{
    [Field("The service.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public required string Service { get; init; }

    [Field("One version of it; otherwise its splits and default decide.", Pattern = Patterns.Version, Expected = Patterns.VersionExpected)]
    public string? Version { get; init; }

    [Field("Its share, where there are several.")]
    public Percentage? Weight { get; init; }
}

[AnyOf("scheme", "host", "port", "path")]
public sealed record RedirectSpec
{
    [Field("http or https.", Words = ["http", "https"])]
    public string? Scheme { get; init; }

    [Field("The new host.", Pattern = "^[a-z0-9.-]+$", Expected = "a host name in lower case", MaxLength = 253)]
    public string? Host { get; init; }

    [Field("The new port.", Min = 1, Max = 65535)]
    public int? Port { get; init; }

    [Field("The new path.", Pattern = "^/[^\\s#]*$", Expected = "a path that begins with '/'")]
    public string? Path { get; init; }

    [Field("HTTP status: 301, 302, 303, 307 or 308.", Min = 301, Max = 308)]
    public int Status { get; init; } = 301;
}

public sealed record DirectResponseSpec
{
    [Field("HTTP status.", Min = 200, Max = 599)]
    public required int Status { get; init; }

    [Field("Body, as plain text.", MaxLength = 4096)]
    public string? Body { get; init; }
}

[OneOf("prefix", "path", Required = false)]
[AnyOf("prefix", "path", "host")]
public sealed record RewriteSpec
{
    [Field("Replaces the matched prefix.", Pattern = Patterns.AbsolutePath, Expected = Patterns.AbsolutePathExpected)]
    public string? Prefix { get; init; }

    [Field("Replaces the whole path.", Pattern = Patterns.AbsolutePath, Expected = Patterns.AbsolutePathExpected)]
    public string? Path { get; init; }

    [Field("Replaces the host.", Pattern = "^[a-z0-9.-]+$", Expected = "a host name in lower case", MaxLength = 253)]
    public string? Host { get; init; }
}
