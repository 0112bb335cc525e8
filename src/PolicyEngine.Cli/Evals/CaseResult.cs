using System.Collections.Immutable;

namespace PolicyEngine.Cli.Evals;

internal enum Outcome
{
    /// <summary>What was expected, and nothing else.</summary>
    Right,

    /// <summary>A question where an effect or a refusal was expected: costs a turn, harms nothing.</summary>
    Asked,

    /// <summary>A refusal where an effect or a question was expected.</summary>
    Refused,

    /// <summary>A plan that would do something else than was meant, or anything at all where nothing was: what must not happen.</summary>
    SilentlyWrong,

    /// <summary>The planner failed, took too long, or planned what does not compile.</summary>
    Error,
}

/// <param name="Details">Why it is not right: differing requests, the question, the reason, the error.</param>
/// <param name="Repeatable">Whether every run gave the same plan, byte for byte.</param>
/// <param name="Milliseconds">What each run of the last turn took.</param>
internal sealed record CaseResult(PlacedCase Placed, Outcome Outcome, ImmutableArray<string> Details, bool Repeatable, ImmutableArray<double> Milliseconds)
{
    public EvalCase Case => Placed.Case;

    /// <summary>It asked, and the order that the question offers would have been right: a yes away.</summary>
    public bool IsOffered { get; init; }

    /// <summary>What became of the model's part; null where no model takes part.</summary>
    public string? Verdict { get; init; }
}
