using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning;

/// <summary>"undo that": what the last turn edited is as it was before; "undo everything": what the whole conversation edited.</summary>
internal static class Undoing
{
    /// <summary>"remove that again": what has just been put.</summary>
    private static bool Drops(List<Token> content, List<Token> tokens) =>
        content.Exists(t => t.Concept == Concept.Stop) && content.TrueForAll(t => t.Concept is Concept.Stop or Concept.It or Concept.Back) && (content.Exists(t => t.Concept == Concept.It) || tokens.Exists(t => t.Value is "that" or "this"));

    public static Plan? Of(List<Token> tokens, PlanRequest request)
    {
        var content = tokens.Where(t => !t.IsGlue).ToList();
        if (request.Earlier.LastOrDefault(t => t.Plan.Status == PlanStatus.Planned) is { } last && Drops(content, tokens) && last.Plan.Edits.All(e => !last.Before.Documents.ContainsKey(e.Id)))
            return EmbeddedPlanner.Finish(request, [.. request.Policies.EditsTo(last.Before).Where(e => last.Plan.Edits.Any(l => l.Id == e.Id))]);
        // "cancel", "cancel it", with nothing else said: what has just been planned.
        if (request.Earlier[^1].Plan.Status == PlanStatus.Planned && content is [{ Value: "cancel" or "scrap" or "abort" }] or [{ Value: "cancel" or "scrap" or "abort" }, { Concept: Concept.It }]) content = [content[0] with { Concept = Concept.Undo }];
        if (OfService(content, tokens, request) is { } named) return named;
        if (!content.Exists(t => t.Concept == Concept.Undo) || !content.TrueForAll(t => t.Concept is Concept.Undo or Concept.It or Concept.Fully or Concept.Back or Concept.Set || t.Value is "change" or "changes" or "last" or "previous" or "edit" or "step")) return null;
        var planned = request.Earlier.Where(t => t.Plan.Status == PlanStatus.Planned).ToList();
        if (planned.Count == 0) return null;
        var undone = content.Exists(t => t.Concept == Concept.Fully) ? planned : planned[^1..];
        var ids = undone.SelectMany(t => t.Plan.Edits).Select(e => e.Id).ToHashSet(StringComparer.Ordinal);
        return EmbeddedPlanner.Finish(request, [.. request.Policies.EditsTo(undone[0].Before).Where(e => ids.Contains(e.Id))]);
    }

    /// <summary>"undo the statements one", "take the change of checkout back": of several turns the last that was about that service.</summary>
    private static Plan? OfService(List<Token> content, List<Token> tokens, PlanRequest request)
    {
        var takes = content.FirstOrDefault() is { Value: "take" or "takes" or "put" or "roll" or "roll back" or "take back" or "put back" } && tokens.Exists(t => t.Concept is Concept.Back or Concept.Undo || t.Value == "back…") || content.Exists(t => t.Concept == Concept.Undo);
        if (!takes || !tokens.Exists(t => t.Value is "one" or "one…" or "change" or "changes" or "edit" or "step") && !(content.Count == 2 && content[0].Value is "undo" or "take back") || content.Where(t => t.Kind == TokenKind.Service).ToList() is not [{ IsGuess: false } service]
            || !content.TrueForAll(t => t.Kind == TokenKind.Service || t.Concept is Concept.Undo or Concept.It or Concept.Back || ReferenceEquals(t, content[0]) || t.Value is "one" or "change" or "changes" or "edit" or "step")) return null;
        bool IsAbout(PlanTurn turn, PolicyEdit edit) => (edit.Upserted ?? turn.Before.Documents.GetValueOrDefault(edit.Id))?.Spec is TargetedSpec { Target: var target } && target.Name == service.Value;
        if (request.Earlier.LastOrDefault(t => t.Plan.Status == PlanStatus.Planned && t.Plan.Edits.Any(e => IsAbout(t, e))) is not { } turn) return null;
        var ids = turn.Plan.Edits.Where(e => IsAbout(turn, e)).Select(e => e.Id).ToHashSet(StringComparer.Ordinal);
        return EmbeddedPlanner.Finish(request, [.. request.Policies.EditsTo(turn.Before).Where(e => ids.Contains(e.Id))]);
    }
}
