using System.Collections.Immutable;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Cli.Evals;

internal enum EvalSet { Open, HeldOut }

internal enum Expected { Effect, Question, Refusal, QuestionOrRefusal, EffectOrQuestion }

/// <summary>The cases of one category, as a file holds them.</summary>
internal sealed record EvalFile
{
    [Field("What the cases have in common.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public required string Category { get; init; }

    [Field("The cases.", MaxItems = 1000)]
    public required ImmutableArray<EvalCase> Cases { get; init; }
}

/// <summary>What somebody says, what stands when they say it, and what must come of it.</summary>
internal sealed record EvalCase
{
    [Field("Unique: category, hyphen, number.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public required string Id { get; init; }

    [Field("The catalog: a folder of evals/catalogs, or of policies.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public required string Catalog { get; init; }

    [Field("The policies that stand: a folder beside the catalog.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public string Stands { get; init; } = "start";

    [Field("Earlier turns of the same conversation.", MaxLength = 2000, MaxItems = 10)]
    public ImmutableArray<string> After { get; init; } = [];

    [Field("The intent.", MaxLength = 2000)]
    public required string Say { get; init; }

    [Field("What is right: an effect, unless something else is said.")]
    public Expected Expect { get; init; }

    [Field("What becomes of requests, beside what stood before every turn; all else stays as it was.", MaxItems = 16)]
    public ImmutableArray<Effect> Effect { get; init; } = [];

    [Field("Other effects that would be as right.", MaxItems = 8)]
    public ImmutableArray<Alternative> Or { get; init; } = [];

    [Field("After how long all is as it stood again.")]
    public TimeSpan? Ends { get; init; }

    public IEnumerable<ImmutableArray<Effect>> Effects => Or.Select(o => o.Effect).Prepend(Effect);
}

internal sealed record Alternative
{
    [Field("What becomes of requests.", MaxItems = 16)]
    public required ImmutableArray<Effect> Effect { get; init; }
}
