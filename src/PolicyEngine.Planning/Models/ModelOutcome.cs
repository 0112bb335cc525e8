using PolicyEngine.Ir;

namespace PolicyEngine.Planning.Models;

/// <summary>How far an answer came: each step assumes the ones before it.</summary>
public enum ModelOutcome
{
    /// <summary>No answer: unreachable, refused with a status, too late, or broken off.</summary>
    Transport,

    /// <summary>The model, or a filter before it, declined.</summary>
    Refusal,

    /// <summary>Cut off at a limit of tokens or size.</summary>
    Truncated,

    /// <summary>Not exactly one JSON object.</summary>
    NotJson,

    /// <summary>JSON of another form than was asked for.</summary>
    Schema,

    /// <summary>Of the right form, and wrong: names that do not exist, documents that are invalid or do not compile, edits that nobody asked for.</summary>
    Meaning,

    Ok,
}

internal static class ModelOutcomes
{
    public static string Word(this ModelOutcome outcome) => outcome == ModelOutcome.NotJson ? "not-json" : outcome.ToString().ToLowerInvariant();

    /// <summary>What the catalogue says of it; null for <see cref="ModelOutcome.Ok"/>.</summary>
    public static DiagnosticRule? Rule(this ModelOutcome outcome) => outcome switch
    {
        ModelOutcome.Transport => DiagnosticCatalogue.ModelAway,
        ModelOutcome.Refusal => DiagnosticCatalogue.ModelDeclined,
        ModelOutcome.Truncated => DiagnosticCatalogue.ModelCutOff,
        ModelOutcome.NotJson => DiagnosticCatalogue.ModelNotJson,
        ModelOutcome.Schema => DiagnosticCatalogue.ModelOffSchema,
        ModelOutcome.Meaning => DiagnosticCatalogue.ModelMeaningless,
        _ => null,
    };

    /// <summary>Whether saying what was wrong may help. What was declined or never came is not asked for again.</summary>
    public static bool CanBeRepaired(this ModelOutcome outcome) => outcome is ModelOutcome.Truncated or ModelOutcome.NotJson or ModelOutcome.Schema or ModelOutcome.Meaning;
}
