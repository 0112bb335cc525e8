using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"remove policy search-timeout", "delete checkout-canary": by name, one at a time. Turning off whatever there is is refused.</summary>
internal sealed class RemovalClause : IClause
{
    public Kind? Kind => null;

    public int Recognises(IReadOnlyList<Token> tokens) => !tokens.HasAny(Concept.Stop, Concept.Off) ? 0 : tokens.Has(TokenKind.Document) && !tokens.Has(TokenKind.Cidr) && !tokens.Has(Concept.Burst) ? 75 : tokens.HasAny(Concept.Policy, Concept.Fully, Concept.Rest) ? 5 : 0;

    public void Apply(Phrase phrase, Draft draft)
    {
        phrase.TakeAll(Concept.Stop, Concept.Off, Concept.Set, Concept.Policy, Concept.Limit, Concept.Timeout, Concept.Retry, Concept.Mirror, Concept.Canary, Concept.Header, Concept.Deny, Concept.Allow, Concept.Route, Concept.Delay, Concept.Abort, Concept.Burst);
        var token = phrase.Take(TokenKind.Document);
        if (token is null)
        {
            var named = phrase.Tokens.Where(t => !phrase.IsTaken(t) && (phrase.Before(t)?.Value is "policy" or "document" || phrase.After(t)?.Value is "policy" or "document")).SelectMany(t => draft.Named(t.Value).Select(d => (Token: t, Document: d))).ToList();
            if (named.Count == 1)
            {
                phrase.Mark(named[0].Token);
                draft.Remove(named[0].Document);
            }
            else if (named.Count > 1) draft.Ask("standing", $"Several policies are called '{named[0].Document.Name}'. Which?", named.Select(n => n.Document.Id));
            else if (phrase.Tokens.Count(t => t.Concept == Concept.Policy) == 1 && phrase.Tokens.Any(t => t.Value is "policy" or "document" or "rule" or "restriction") && !phrase.Tokens.Any(t => t.Concept is Concept.Fully or Concept.Rest or Concept.Per)) draft.Ask("standing", "Which policy is to go? Name it.");
            else draft.Refuse("That would turn off more than one named policy. Name the policy that is to go.");
            return;
        }
        if (draft.Named(token.Value).ToList() is [var only]) draft.Remove(only);
        else draft.Ask("standing", $"Several policies are called '{token.Text}'. Which?", draft.Named(token.Value).Select(d => d.Id));
    }
}
