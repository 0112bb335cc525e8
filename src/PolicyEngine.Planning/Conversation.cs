using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Planning;

/// <summary>What earlier turns mean for this one: an answer carries its question's intent on; "undo that", "same for orders", "it".</summary>
internal static class Conversation
{
    /// <summary>The text to read: of an answer, the intent that was in doubt with the answer in it.</summary>
    public static string Continued(PlanRequest request)
    {
        var text = request.Intent;
        foreach (var turn in request.Earlier.Reverse().TakeWhile(t => t.Plan.Status == PlanStatus.NeedsClarification))
        {
            var question = turn.Plan.Questions[0];
            var words = question.Id[(question.Id.IndexOf(':') + 1)..];
            text = question.Id.StartsWith("name:", StringComparison.Ordinal) ? turn.Intent.Replace(words, Name(text, question), StringComparison.Ordinal)
                : question.Id.StartsWith("words:", StringComparison.Ordinal) ? text
                : turn.Intent.Trim().Length == 0 ? text
                : $"{turn.Intent} {text}";
        }
        return text;
    }

    /// <summary>Sets what "it" is; carries out what speaks of an earlier turn as a whole. False where the words are to be read as usual.</summary>
    public static bool Apply(List<Token> tokens, PlanRequest request, Draft draft)
    {
        if (request.Earlier.LastOrDefault(t => t.Plan.Status == PlanStatus.Planned) is not { } last) return false;
        var documents = last.Plan.Edits.Select(e => e.Upserted).OfType<Document>().ToList();
        draft.Last = documents.LastOrDefault();
        draft.Target = documents.Select(d => d.Spec).OfType<TargetedSpec>().Select(s => s.Target with { Matches = [] }).FirstOrDefault();
        var content = tokens.Where(t => t.Kind != TokenKind.Punctuation && t.Concept is not (Concept.Filler or Concept.Preposition or Concept.Separator)).ToList();
        if (content.Exists(t => t.Concept == Concept.Undo) && content.TrueForAll(t => t.Concept is Concept.Undo or Concept.It or Concept.Fully))
        {
            foreach (var edit in last.Plan.Edits) Restore(edit.Id, last.Before, draft);
            return true;
        }
        var services = content.Where(t => t.Kind == TokenKind.Service).ToList();
        if (!content.Exists(t => t.Concept == Concept.Same) || services.Count == 0 || content.Count != services.Count + content.Count(t => t.Concept is Concept.Same or Concept.Set)) return false;
        foreach (var service in services)
            foreach (var document in documents)
                Again(document, service.Value, draft);
        return true;
    }

    private static string Name(string answer, Question question)
    {
        var chosen = question.Choices.FirstOrDefault(c => answer.Contains(c, StringComparison.OrdinalIgnoreCase));
        return chosen ?? (answer.Trim().ToLowerInvariant() is "yes" or "y" or "yes please" or "ok" && question.Choices.Length == 1 ? question.Choices[0] : answer.Trim());
    }

    private static void Restore(string id, PolicySet before, Draft draft)
    {
        if (before.Documents.TryGetValue(id, out var was)) draft.Put(was);
        else if (draft.Find(id) is { } now) draft.Remove(now);
    }

    /// <summary>The same sentence about another service.</summary>
    private static void Again(Document document, string service, Draft draft)
    {
        if (document.Spec is not TargetedSpec { Target.Service: { } old } spec) return;
        var moved = spec with { Target = spec.Target with { Service = service } };
        var name = document.Name.StartsWith(old + "-", StringComparison.Ordinal) ? service + document.Name[old.Length..] : draft.NewName(document.Kind, moved.Target, "policy");
        var standing = draft.Standing(document.Kind, moved.Target).FirstOrDefault(d => ((TargetedSpec)d.Spec).Target.Matches.Length == moved.Target.Matches.Length);
        draft.Put(standing?.With(moved) ?? Document.Of(name, moved));
    }
}
