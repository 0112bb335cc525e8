using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Planning.Phrases;

/// <summary>"requests with x-internal: yes are exempt from search's limit": what stands speaks of them no more.</summary>
internal static class Exempting
{
    private static readonly Dictionary<Concept, Kind> Kinds = new() { [Concept.Limit] = Policies.Kinds.RateLimit, [Concept.Retry] = Policies.Kinds.Retry, [Concept.Timeout] = Policies.Kinds.Timeout, [Concept.Mirror] = Policies.Kinds.Mirror, [Concept.Delay] = Policies.Kinds.FaultInjection };

    /// <summary>True where the clause says so, of something that stands, and was planned or asked about.</summary>
    public static bool Apply(Phrase phrase, Draft draft)
    {
        if (!draft.Excepts || phrase.Tokens.Select(t => t.Concept).Where(Kinds.ContainsKey).Distinct().ToList() is not [var feature] || !phrase.Tokens.All(Says)) return false;
        if (Scoping.TargetOf(phrase, draft, "That") is not { } target) return true;
        phrase.TakeAll([feature, Concept.Set, Concept.It, Concept.Client, Concept.User, Concept.Present, Concept.Older, Concept.Same]);
        phrase.Take(t => t.Value is "keep" or "leave");
        var standing = draft.Standing(Kinds[feature], target).Where(d => d.Spec is TargetedSpec { Target.Matches.IsEmpty: true }).ToList();
        if (standing is [{ Spec: TargetedSpec spec } only] && !target.Matches.IsEmpty) draft.Put(only.With(spec with { Target = spec.Target with { Matches = target.Matches } }));
        else draft.Ask("standing", standing.Count == 0 ? $"Nothing of that kind stands on {target.Name}. What are they exempt from?" : "Several could be meant. From which are they exempt?", standing.Select(d => d.Name));
        return true;
    }

    private static bool Says(Token token) => token.Kind is TokenKind.Punctuation or TokenKind.Service or TokenKind.HeaderName or TokenKind.Quoted or TokenKind.Path || token.Kind == TokenKind.Word && (token.IsGlue || Kinds.ContainsKey(token.Concept) || token.Value is "keep" or "leave"
        || token.Concept is Concept.Method or Concept.Without or Concept.Cookie or Concept.Query or Concept.Header or Concept.Request or Concept.Set or Concept.It or Concept.Client or Concept.User or Concept.Present or Concept.Older or Concept.Same or Concept.Path);
}
