using System.Collections.Immutable;
using PolicyEngine.Ir;

namespace PolicyEngine.Planning.Models.Backends;

/// <summary>The strongest form that a back end holds its model to.</summary>
public enum AnswerForm { Text, JsonObject, JsonSchema }

/// <summary>What a back end really does, found by trying; to be shown beside what it was set up as.</summary>
public sealed record ModelProbe
{
    public required ModelProvider Provider { get; init; }

    public required string Model { get; init; }

    /// <summary>Host and port; null for the provider's own.</summary>
    public string? Endpoint { get; init; }

    public bool Reachable { get; init; }

    /// <summary>The strongest <c>response_format</c> that is taken without an error.</summary>
    public AnswerForm Accepts { get; init; }

    /// <summary>The form that the answer then had: a back end may take a schema and ignore it.</summary>
    public AnswerForm Honours { get; init; }

    /// <summary>Whether a system message is followed; if not, it is sent as part of the user's.</summary>
    public bool SystemMessage { get; init; }

    /// <summary>Whether <c>temperature</c> and <c>seed</c> are taken.</summary>
    public bool Tuning { get; init; }

    public DateTimeOffset At { get; init; }

    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];

    public override string ToString() => Reachable
        ? $"model {Model} ({ModelOptions.Word(Provider)}): takes {Word(Accepts)}, honours {Word(Honours)}{(SystemMessage ? "" : ", ignores the system message")}{(Tuning ? "" : ", takes neither temperature nor seed")}"
        : $"model {Model} ({ModelOptions.Word(Provider)}): away. {Diagnostics.FirstOrDefault()?.Message}";

    public static string Word(AnswerForm form) => form switch { AnswerForm.JsonSchema => "json_schema", AnswerForm.JsonObject => "json_object", _ => "text" };
}
