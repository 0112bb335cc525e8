using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using PolicyEngine.Planning.Models.Prompts;

namespace PolicyEngine.Planning.Models.Answers;

/// <summary>Text to an answer, strictly: one JSON object, nothing beside it, of exactly the form of the schema, whatever the back end promised.</summary>
internal static partial class AnswerReader
{
    private const int MostProblems = 5;
    private const int MaxDepth = 8;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The answer, or the step it failed at with what is wrong.</summary>
    public static (ModelAnswer? Answer, ModelOutcome Outcome, ImmutableArray<string> Problems) Read(string text, PromptTask task)
    {
        text = Bare(text);
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(text, Strict);
        }
        catch (JsonException e)
        {
            return (null, ModelOutcome.NotJson, [text.Length == 0 ? "the answer is empty" : $"the answer is not exactly one JSON object: {e.Message}"]);
        }
        using (json)
        {
            if (json.RootElement.ValueKind != JsonValueKind.Object) return (null, ModelOutcome.NotJson, [$"the answer is a JSON {json.RootElement.ValueKind.ToString().ToLowerInvariant()}, not an object"]);
            var off = Off(text, task);
            if (off.Length > 0) return (null, ModelOutcome.Schema, off);
            var answer = Of(json.RootElement);
            var contradictions = Contradictions(answer).Take(MostProblems).ToImmutableArray();
            return contradictions.IsEmpty ? (answer, ModelOutcome.Ok, []) : (null, ModelOutcome.Schema, contradictions);
        }
    }

    private static ImmutableArray<string> Off(string text, PromptTask task)
    {
        try
        {
            return [.. task.Validator.Validate(text).Take(MostProblems).Select(e => $"{e.Path ?? "#"}: {e.Kind}")];
        }
        catch (Exception e)
        {
            // The validator has a reader of its own, which throws what it likes at values that JSON allows and it cannot hold (a number of sixty digits).
            return [$"#: a value cannot be read ({e.GetType().Name})"];
        }
    }

    /// <summary>Without what models put round an answer by habit: thoughts before it that are marked as such, and one fence round all of it.</summary>
    private static string Bare(string text)
    {
        text = Thoughts().Replace(text, "").Trim();
        return Fence().Match(text) is { Success: true } fence ? fence.Groups[1].Value.Trim() : text;
    }

    private static ModelAnswer Of(JsonElement root) => new(
        root.GetProperty("outcome").GetString() switch { "proposal" => AnswerKind.Proposal, "question" => AnswerKind.Question, _ => AnswerKind.Cannot },
        [.. root.GetProperty("edits").EnumerateArray().Select(e => new ProposedEdit(Text(e, "op") == "remove", Text(e, "kind"), Text(e, "name"), Text(e, "document")))],
        Text(root, "text"),
        [.. root.GetProperty("choices").EnumerateArray().Select(c => c.GetString()!).Where(c => c.Length > 0).Distinct()]);

    /// <summary>What no common subset of JSON Schema can say.</summary>
    private static IEnumerable<string> Contradictions(ModelAnswer answer)
    {
        if (answer.Kind == AnswerKind.Proposal && answer.Edits.IsEmpty) yield return "edits: a proposal needs an edit; without one it is a question or cannot";
        if (answer.Kind != AnswerKind.Proposal && answer.Edits.Length > 0) yield return "edits: only a proposal has edits";
        if (answer.Kind != AnswerKind.Proposal && string.IsNullOrWhiteSpace(answer.Text)) yield return "text: a question or refusal needs words";
        for (var i = 0; i < answer.Edits.Length; i++)
            if (!answer.Edits[i].Removes && string.IsNullOrWhiteSpace(answer.Edits[i].Document)) yield return $"edits[{i}].document: an upsert gives the whole document";
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    [GeneratedRegex(@"^\s*<think>.*?</think>", RegexOptions.Singleline)]
    private static partial Regex Thoughts();

    [GeneratedRegex(@"^```(?:json)?\s*\n(.*)\n\s*```$", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
