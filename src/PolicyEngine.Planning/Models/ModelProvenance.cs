using System.Collections.Immutable;
using PolicyEngine.Ir;

namespace PolicyEngine.Planning.Models;

/// <summary>Which model took part in a plan, from which words, and what became of its answer.</summary>
public sealed record ModelProvenance
{
    public required string Provider { get; init; }

    public required string Model { get; init; }

    /// <summary>Hash of the prompt's folder: template, configuration, schema, examples.</summary>
    public required Revision Prompt { get; init; }

    /// <summary>Hash of the last answer, as it came; none where none came.</summary>
    public Revision Answer { get; init; }

    /// <summary>Answers asked for.</summary>
    public int Rounds { get; init; }

    public required ModelOutcome Outcome { get; init; }

    /// <summary>What the judge made of it: agreed, differed, offered, chosen, unaccounted, asked, declined, failed, away.</summary>
    public string? Verdict { get; init; }

    /// <summary>Codes of what was wrong with answers, in order.</summary>
    public ImmutableArray<string> Codes { get; init; } = [];

    public int InputTokens { get; init; }

    public int OutputTokens { get; init; }

    /// <summary>Secrets that were taken out before anything was sent.</summary>
    public int Redacted { get; init; }
}
