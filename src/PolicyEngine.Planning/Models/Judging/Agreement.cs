using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Models.Prompts;

namespace PolicyEngine.Planning.Models.Judging;

/// <summary>
/// Two readings of a sentence that the embedded planner understands but for a few words: the model's, of all of it, and the embedded one's, without them. Where both
/// come to the same, and the words are none that can turn a sentence round, that is what is meant.
/// </summary>
internal static class Agreement
{
    private const int MostWords = 2;

    public static bool Holds(Plan embedded, ModelReading reading, PlanRequest request, IntentScope scope)
    {
        if (embedded.Questions.IsEmpty || !embedded.Questions.All(q => q.Id.StartsWith("words:", StringComparison.Ordinal))) return false;
        var asked = embedded.Questions.SelectMany(q => q.Id["words:".Length..].Split(' ')).ToHashSet(StringComparer.Ordinal);
        var left = scope.Tokens.Where(t => asked.Contains(t.Text)).ToList();
        // Values are never left out; neither are words with a meaning of their own that merely did not fit.
        if (left.Count is 0 or > MostWords || left.Exists(t => t.Kind != TokenKind.Word || t.Concept != Concept.None || SharpWords.Has(t.Text))) return false;
        if (!reading.Edits.All(e => Policies.Kinds.Find(e.Id[..e.Id.IndexOf('/')]) is { } kind && KindWords.SpeakOf(scope.Tokens, kind))) return false;
        var text = scope.Text;
        foreach (var word in left.OrderByDescending(t => t.Position)) text = text.Remove(word.Position, word.Text.Length);
        var without = EmbeddedPlanner.Plan(request with { Intent = text, Earlier = [.. request.Earlier.Where(t => t.Plan.Status == PlanStatus.Planned)] });
        return without.Status == PlanStatus.Planned && Effect.Of(without.Edits, request.Policies) == Effect.Of(reading.Edits, request.Policies);
    }
}
