using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;

namespace PolicyEngine.Planning.Clauses;

/// <summary>The grammar of one feature: which clauses are its own, and what they do to the draft. Adding a feature adds one to <see cref="Understanding"/>'s list.</summary>
internal interface IClause
{
    /// <summary>What it edits; null for what is of no one kind.</summary>
    Kind? Kind { get; }

    /// <summary>How surely these tokens speak of the feature: 0 not at all; the highest of all clauses takes the phrase.</summary>
    int Recognises(IReadOnlyList<Token> tokens);

    void Apply(Phrase phrase, Draft draft);
}

internal static class Tokens
{
    public static bool Has(this IReadOnlyList<Token> tokens, Concept concept) => tokens is Summed summed ? summed.Has(concept) : tokens.Any(t => t.Concept == concept);

    public static bool Has(this IReadOnlyList<Token> tokens, TokenKind kind) => tokens is Summed summed ? summed.Has(kind) : tokens.Any(t => t.Kind == kind);

    public static bool HasAny(this IReadOnlyList<Token> tokens, params ReadOnlySpan<Concept> concepts)
    {
        foreach (var concept in concepts)
            if (tokens.Has(concept)) return true;
        return false;
    }
}
