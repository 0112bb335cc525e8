using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>
/// The tokens of one clause. A clause takes what it understands; what is left at the end, glue aside, was not understood, and is asked
/// about: no word is dropped in silence.
/// </summary>
internal sealed class Phrase(IEnumerable<Token> tokens)
{
    private readonly List<Token> _tokens = [.. tokens];
    private readonly HashSet<Token> _taken = new(ReferenceEqualityComparer.Instance);

    public IReadOnlyList<Token> Tokens => _tokens;

    public IEnumerable<Token> Free => _tokens.Where(t => !_taken.Contains(t));

    /// <summary>What nobody understood.</summary>
    public IEnumerable<Token> Left => Free.Where(t => !t.IsGlue && !(t.Concept == Concept.User && Before(t) is not { Concept: Concept.Per }));

    public bool Has(Concept concept) => Free.Any(t => t.Concept == concept);

    public bool Has(TokenKind kind) => Free.Any(t => t.Kind == kind);

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

    public bool IsTaken(Token token) => _taken.Contains(token);

    /// <summary>Reads free numbers as something else.</summary>
    public void ReplaceNumber(Func<Token, Token> read)
    {
        for (var i = 0; i < _tokens.Count; i++)
            if (_tokens[i].Kind == TokenKind.Number && !_taken.Contains(_tokens[i])) _tokens[i] = read(_tokens[i]);
    }

    public Token? Before(Token token, int steps = 1) => _tokens.ElementAtOrDefault(IndexOf(token) - steps);

    public Token? After(Token token, int steps = 1) => _tokens.ElementAtOrDefault(IndexOf(token) + steps);

    /// <summary>The nearest token before that says something, fillers and "at most" passed over.</summary>
    public Token? Governor(Token token)
    {
        for (var i = IndexOf(token) - 1; i >= 0; i--)
            if (_tokens[i].Concept is not (Concept.Filler or Concept.AtMost or Concept.Noun or Concept.Only)) return _tokens[i];
        return null;
    }

    /// <summary>The nearest preposition before a token, fillers passed over.</summary>
    public string? PrepositionOf(Token token) => Governor(token) is { Concept: Concept.Preposition } before ? before.Value : null;

    private int IndexOf(Token token) => _tokens.FindIndex(t => ReferenceEquals(t, token));
}
