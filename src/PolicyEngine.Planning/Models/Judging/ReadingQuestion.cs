using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Paraphrasing;
using PolicyEngine.Policies;

namespace PolicyEngine.Planning.Models.Judging;

/// <summary>
/// A question that offers readings, each in words made from its edits. Its id holds their hashes, so that an answer chooses exactly what was shown. What is
/// neither a choice nor a no is read as the intent said anew.
/// </summary>
internal static class ReadingQuestion
{
    private const string Prefix = "words:reading:";
    private const int LongestEffect = 400;

    public static Question Of(string text, PolicySet policies, params ImmutableArray<PolicyEdit>[] readings)
    {
        var choices = readings.Select(r => Paraphrase.Of(r, policies).TrimEnd('.')).ToList();
        // Words may leave out in what two readings differ; documents do not.
        if (choices.Distinct().Count() < choices.Count) choices = [.. readings.Select((r, i) => $"{choices[i]} [{Bounded(Effect.Of(r, policies))}]")];
        return new Question(Prefix + string.Join(':', readings.Select(r => Effect.Hash(r, policies).Short)), text, [.. choices]);
    }

    /// <summary>The question that was asked last, if it is one of these.</summary>
    public static Question? Asked(PlanRequest request) =>
        request.Earlier.LastOrDefault() is { Plan: { Status: PlanStatus.NeedsClarification, Questions: [var question, ..] } } && question.Id.StartsWith(Prefix, StringComparison.Ordinal) ? question : null;

    /// <summary>The short hash of the chosen reading; "" for none of them; null where the answer says something else.</summary>
    public static string? Chosen(Question question, string answer)
    {
        var hashes = question.Id[Prefix.Length..].Split(':');
        var words = answer.Trim().TrimEnd('.', '!').Trim();
        bool Is(params string[] known) => known.Contains(words, StringComparer.OrdinalIgnoreCase);
        if (Is("no", "nope", "neither", "none", "none of them", "cancel")) return "";
        if (hashes.Length == 1 && Is("yes", "y", "yes please", "ok", "okay", "right", "correct", "exactly", "sure", "that", "yep")) return hashes[0];
        for (var i = 0; i < hashes.Length; i++)
            if (Is($"{i + 1}", i == 0 ? "first" : "second", i == 0 ? "the first" : "the second", question.Choices.ElementAtOrDefault(i)?.TrimEnd('.') ?? "1")) return hashes[i];
        return null;
    }

    private static string Bounded(string text) => text.Length <= LongestEffect ? text : text[..LongestEffect] + "…";
}
