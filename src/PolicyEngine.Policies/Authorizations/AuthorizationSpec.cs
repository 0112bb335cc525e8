using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Policies.Authorizations;

public sealed record AuthorizationSpec : TargetedSpec
{
    [Field("deny: what matches is answered 403. allow: what matches none of the allows is answered 403. A deny beats every allow.")]
    public required AuthorizationEffect Action { get; init; }

    [Field("Any of these.", NotEmpty = true, MaxItems = 64)]
    public required ImmutableArray<AuthorizationRuleSpec> Rules { get; init; }

    [Field("Count and report, but let pass.")]
    public bool Shadow { get; init; }

    public override IEnumerable<Flaw> Check()
    {
        foreach (var flaw in base.Check()) yield return flaw;
        for (var i = 0; i < Rules.Length; i++)
        {
            for (var j = 0; j < Rules[i].Paths.Length; j++)
                foreach (var flaw in Rules[i].Paths[j].Check()) yield return flaw with { Field = $"rules[{i}].paths[{j}].{flaw.Field}" };
            for (var j = 0; j < Rules[i].Headers.Length; j++)
                foreach (var flaw in Rules[i].Headers[j].Check()) yield return flaw with { Field = $"rules[{i}].headers[{j}].{flaw.Field}" };
        }
    }
}

/// <summary>All given conditions hold; within one, any of its values.</summary>
[AnyOf("cidrs", "methods", "paths", "headers")]
public sealed record AuthorizationRuleSpec
{
    [Field("Where the client is.", MaxItems = 10_000, Example = "10.0.0.0/8")]
    public ImmutableArray<Cidr> Cidrs { get; init; } = [];

    [Field("Methods.", Pattern = Patterns.Method, Expected = Patterns.MethodExpected, MaxLength = 32, MaxItems = 16)]
    public ImmutableArray<string> Methods { get; init; } = [];

    [Field("Paths.", MaxItems = 64)]
    public ImmutableArray<PathSpec> Paths { get; init; } = [];

    [Field("Headers, all of them.", MaxItems = 16)]
    public ImmutableArray<NamedSpec> Headers { get; init; } = [];
}
