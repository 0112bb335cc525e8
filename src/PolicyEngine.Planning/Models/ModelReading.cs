using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies;

namespace PolicyEngine.Planning.Models;

public enum ModelResult
{
    /// <summary>Edits that hold.</summary>
    Proposal,
    Question,
    Cannot,

    /// <summary>Nothing that can be used; <see cref="ModelReading.Outcome"/> says where it ended.</summary>
    Failed,
}

/// <summary>What a model made of an intent, after validation and repair.</summary>
public sealed record ModelReading
{
    public required ModelResult Result { get; init; }

    /// <summary>Of the last answer.</summary>
    public required ModelOutcome Outcome { get; init; }

    public ImmutableArray<PolicyEdit> Edits { get; init; } = [];

    /// <summary>The model's own words of a question or refusal; bounded, one line, text and nothing else.</summary>
    public string Text { get; init; } = "";

    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>One of the catalogue's for each answer that failed, in order.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];

    public required ModelProvenance Provenance { get; init; }
}
