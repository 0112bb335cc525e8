using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"remove policy search-timeout": by name, one at a time. Turning off whatever there is is refused.</summary>
internal sealed class RemovalClause : IClause
{
    public int Recognises(IReadOnlyList<Token> tokens) => tokens.Has(Concept.Stop) && tokens.Has(Concept.Policy) ? 5 : 0;

    public void Apply(Phrase phrase, Draft draft)
    {
        phrase.TakeAll(Concept.Stop, Concept.Policy);
        var named = phrase.Free.SelectMany(t => draft.Named(t.Value).Select(d => (Token: t, Document: d))).ToList();
        if (named.Count == 1)
        {
            phrase.Mark(named[0].Token);
            draft.Remove(named[0].Document);
        }
        else if (named.Count > 1)
            draft.Ask("standing", $"Several policies are called '{named[0].Document.Name}'. Which?", named.Select(n => n.Document.Id));
        else
            draft.Refuse("That would turn off more than one named policy. Name the policy that is to go.");
    }
}
