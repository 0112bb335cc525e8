using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Policies.Headers;

[AnyOf("request", "response")]
public sealed record HeadersSpec : TargetedSpec
{
    [Field("Headers of the request, on its way to the service.")]
    public HeaderEditsSpec? Request { get; init; }

    [Field("Headers of the answer, on its way to the client.")]
    public HeaderEditsSpec? Response { get; init; }

    public override IEnumerable<Flaw> Check() => base.Check().Concat(Check(Request, "request")).Concat(Check(Response, "response"));

    private static IEnumerable<Flaw> Check(HeaderEditsSpec? edits, string field)
    {
        if (edits is null) yield break;
        var names = edits.Set.Concat(edits.Add).Concat(edits.Append).Select(h => h.Name).Concat(edits.Remove).Select(n => n.ToLowerInvariant()).ToList();
        foreach (var name in names.Where((n, i) => names.IndexOf(n) < i).Distinct())
            yield return new Flaw(DiagnosticCatalogue.DuplicateDocument, field, $"the header '{name}' is edited twice");
        foreach (var name in names.Where(n => n == "host" || n.StartsWith(':')))
            yield return new Flaw(DiagnosticCatalogue.InvalidValue, field, $"Envoy lets no policy edit '{name}' this way", "use a Route's rewrite.host");
    }
}

[AnyOf("set", "add", "append", "remove")]
public sealed record HeaderEditsSpec
{
    [Field("Puts the value in place of what was there.", MaxItems = 64)]
    public ImmutableArray<HeaderValueSpec> Set { get; init; } = [];

    [Field("Adds the header where it is absent.", MaxItems = 64)]
    public ImmutableArray<HeaderValueSpec> Add { get; init; } = [];

    [Field("Adds a further value.", MaxItems = 64)]
    public ImmutableArray<HeaderValueSpec> Append { get; init; } = [];

    [Field("Takes the header away.", Pattern = Patterns.HeaderName, Expected = Patterns.HeaderNameExpected, MaxLength = 128, MaxItems = 64)]
    public ImmutableArray<string> Remove { get; init; } = [];
}

public sealed record HeaderValueSpec
{
    [Field("Name of the header.", Pattern = Patterns.HeaderName, Expected = Patterns.HeaderNameExpected, MaxLength = 128)]
    public required string Name { get; init; }

    [Field("Its value, taken literally.", MaxLength = 2048)]
    public required string Value { get; init; }
}
