using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Policies.Targets;

/// <summary>Conditions on a request; all that are given must hold.</summary>
[AnyOf("path", "methods", "headers", "queryParams", "cookies", "grpc")]
public sealed record RequestMatch
{
    [Field("The path, without query.")]
    public PathSpec? Path { get; init; }

    [Field("Any of these methods.", Pattern = Patterns.Method, Expected = Patterns.MethodExpected, MaxLength = 32, MaxItems = 16, Example = "GET")]
    public ImmutableArray<string> Methods { get; init; } = [];

    [Field("Request headers.", MaxItems = 16)]
    public ImmutableArray<NamedSpec> Headers { get; init; } = [];

    [Field("Query parameters.", MaxItems = 16)]
    public ImmutableArray<NamedSpec> QueryParams { get; init; } = [];

    [Field("Cookies.", MaxItems = 16)]
    public ImmutableArray<NamedSpec> Cookies { get; init; } = [];

    [Field("A gRPC service or method.")]
    public GrpcSpec? Grpc { get; init; }

    public IEnumerable<Flaw> Check()
    {
        if (Path is not null && Grpc is not null)
            yield return new Flaw(DiagnosticCatalogue.ExactlyOne, "grpc", "a gRPC method is a path; give 'path' or 'grpc', not both");
        foreach (var flaw in Path?.Check() ?? []) yield return flaw with { Field = "path." + flaw.Field };
        foreach (var (group, name) in new[] { (Headers, "headers"), (QueryParams, "queryParams"), (Cookies, "cookies") })
            for (var i = 0; i < group.Length; i++)
                foreach (var flaw in group[i].Check()) yield return flaw with { Field = $"{name}[{i}].{flaw.Field}" };
    }

    public RouteMatch ToIr() => new()
    {
        Path = Grpc?.ToIr() ?? Path?.ToIr() ?? PathMatch.All,
        Methods = [.. Methods.Distinct().Order(StringComparer.Ordinal)],
        Headers = NamedSpec.ToIr(Headers, lowerCase: true),
        Query = NamedSpec.ToIr(QueryParams),
        Cookies = NamedSpec.ToIr(Cookies),
        IsGrpc = Grpc is not null,
    };
}

[OneOf("exact", "prefix", "template", "regex")]
public sealed record PathSpec
{
    [Field("The whole path.", Pattern = Patterns.AbsolutePath, Expected = Patterns.AbsolutePathExpected, Example = "/checkout")]
    public string? Exact { get; init; }

    [Field("The path or anything below it: /a matches /a and /a/b, not /ab.", Pattern = Patterns.AbsolutePath, Expected = Patterns.AbsolutePathExpected)]
    public string? Prefix { get; init; }

    [Field("Segments with variables.", Pattern = @"^(/([A-Za-z0-9._~%-]+|\{[a-z_]+\}|\*))+(/\*\*)?$", Expected = "a path template such as /users/{id}/orders or /files/**", Example = "/users/{id}/orders")]
    public string? Template { get; init; }

    [Field("RE2, against the whole path.", MaxLength = 512)]
    public string? Regex { get; init; }

    public IEnumerable<Flaw> Check() => Regex is { } regex && Re2.Problem(regex) is { } problem ? [new Flaw(DiagnosticCatalogue.UnsafeRegex, "regex", problem)] : [];

    public PathMatch ToIr() => this switch
    {
        { Exact: { } v } => new(PathMatchKind.Exact, v),
        { Prefix: { } v } => new(PathMatchKind.Prefix, v.Length > 1 ? v.TrimEnd('/') : v),
        { Template: { } v } => new(PathMatchKind.Template, v),
        _ => new(PathMatchKind.Regex, Regex ?? ""),
    };
}

[OneOf("exact", "prefix", "suffix", "contains", "regex", "present")]
public sealed record NamedSpec
{
    [Field("Its name; header names ignore case.", Pattern = Patterns.HeaderName, Expected = Patterns.HeaderNameExpected, MaxLength = 128, Example = "x-beta")]
    public required string Name { get; init; }

    [Field("The whole value.")]
    public string? Exact { get; init; }

    [Field("What the value begins with.")]
    public string? Prefix { get; init; }

    [Field("What the value ends with.")]
    public string? Suffix { get; init; }

    [Field("What the value has in it.")]
    public string? Contains { get; init; }

    [Field("RE2, against the whole value.", MaxLength = 512)]
    public string? Regex { get; init; }

    [Field("Whether it is there at all.")]
    public bool? Present { get; init; }

    [Field("Turns the condition round.")]
    public bool Invert { get; init; }

    public IEnumerable<Flaw> Check()
    {
        if (Regex is { } regex && Re2.Problem(regex) is { } problem) yield return new Flaw(DiagnosticCatalogue.UnsafeRegex, "regex", problem);
        foreach (var (value, field) in new[] { (Prefix, "prefix"), (Suffix, "suffix"), (Contains, "contains"), (Regex, "regex") })
            if (value is "") yield return new Flaw(DiagnosticCatalogue.InvalidValue, field, "an empty text is in every value", "use present: true");
    }

    public static ImmutableArray<NamedMatch> ToIr(ImmutableArray<NamedSpec> specs, bool lowerCase = false) =>
        [.. specs.Select(s => s.ToIr(lowerCase)).OrderBy(m => m.Name, StringComparer.Ordinal).ThenBy(m => m.Kind).ThenBy(m => m.Value, StringComparer.Ordinal)];

    private NamedMatch ToIr(bool lowerCase)
    {
        var name = lowerCase ? Name.ToLowerInvariant() : Name;
        return this switch
        {
            { Exact: { } v } => new(name, StringMatchKind.Exact, v, Invert),
            { Prefix: { } v } => new(name, StringMatchKind.Prefix, v, Invert),
            { Suffix: { } v } => new(name, StringMatchKind.Suffix, v, Invert),
            { Contains: { } v } => new(name, StringMatchKind.Contains, v, Invert),
            { Regex: { } v } => new(name, StringMatchKind.Regex, v, Invert),
            _ => new(name, StringMatchKind.Present, "", Invert ^ Present == false),
        };
    }
}

public sealed record GrpcSpec
{
    [Field("Full name of the gRPC service.", Pattern = "^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*$", Expected = "a gRPC service name such as shop.v1.Cart", MaxLength = 253)]
    public required string Service { get; init; }

    [Field("One method of it; all, if none is named.", Pattern = "^[A-Za-z_][A-Za-z0-9_]*$", Expected = "a gRPC method name", MaxLength = 128)]
    public string? Method { get; init; }

    public PathMatch ToIr() => Method is null ? new(PathMatchKind.Prefix, "/" + Service) : new(PathMatchKind.Exact, $"/{Service}/{Method}");
}
