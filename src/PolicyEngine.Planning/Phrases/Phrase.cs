using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>
/// The tokens of one clause. A clause takes what it understands; what is left at the end, fillers aside, was not understood, and is asked
/// about: no word is dropped in silence.
/// </summary>
internal sealed class Phrase(IEnumerable<Token> tokens)
{
    private readonly List<Token> _tokens = [.. tokens];
    private readonly HashSet<Token> _taken = new(ReferenceEqualityComparer.Instance);

    public IReadOnlyList<Token> Tokens => _tokens;

    public IEnumerable<Token> Free => _tokens.Where(t => !_taken.Contains(t));

    /// <summary>What nobody understood.</summary>
    public IEnumerable<Token> Left => Free.Where(t => t.Kind != TokenKind.Punctuation && t.Concept is not (Concept.Filler or Concept.Preposition or Concept.Separator));

    public bool Has(Concept concept) => Free.Any(t => t.Concept == concept);

    public Token? Take(Func<Token, bool> wanted)
    {
        var token = Free.FirstOrDefault(wanted);
        if (token is not null) _taken.Add(token);
        return token;
    }

    public Token? Take(TokenKind kind) => Take(t => t.Kind == kind);

    public bool Take(Concept concept) => Take(t => t.Concept == concept) is not null;

    public void TakeAll(params Concept[] concepts)
    {
        foreach (var token in Free.Where(t => concepts.Contains(t.Concept)).ToList()) _taken.Add(token);
    }

    public List<Token> TakeAll(TokenKind kind)
    {
        var all = Free.Where(t => t.Kind == kind).ToList();
        foreach (var token in all) _taken.Add(token);
        return all;
    }

    public void Mark(Token token) => _taken.Add(token);

    public Token? Before(Token token, int steps = 1) => _tokens.ElementAtOrDefault(_tokens.IndexOf(token) - steps);

    public Token? After(Token token, int steps = 1) => _tokens.ElementAtOrDefault(_tokens.IndexOf(token) + steps);

    /// <summary>The nearest preposition before a token, fillers passed over.</summary>
    public string? PrepositionOf(Token token)
    {
        for (var i = _tokens.IndexOf(token) - 1; i >= 0; i--)
        {
            var before = _tokens[i];
            if (before.Concept == Concept.Preposition) return before.Value;
            if (before.Concept != Concept.Filler) return null;
        }
        return null;
    }

    public void Append(IEnumerable<Token> more) => _tokens.AddRange(more);
}
