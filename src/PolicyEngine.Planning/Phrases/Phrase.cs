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

    /// <summary>How many times what stands: "double" is two, "a quarter of its present share" a quarter.</summary>
    public decimal Factor => _tokens.Find(t => t is { Concept: Concept.Double, Number: > 0 })?.Number ?? 2;

    public IEnumerable<Token> Free => _tokens.Where(t => !_taken.Contains(t));

    /// <summary>What nobody understood.</summary>
    public IEnumerable<Token> Left => Free.Where(t => !t.IsGlue && !(t.Concept == Concept.User && Before(t) is not { Concept: Concept.Per }));

    /// <summary>The same clause about something that was named before.</summary>
    public Phrase With(Token name)
    {
        var phrase = new Phrase(_tokens.Append(name));
        foreach (var taken in _taken) phrase._taken.Add(taken);
        return phrase;
    }

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

    /// <summary>The "not" that stands right before one of these verbs: elsewhere it means something that nobody here can say.</summary>
    public bool TakeNot(params Concept[] verbs)
    {
        if (Free.Where(t => t.Concept == Concept.Not).ToList() is not [var not]) return false;
        var passes = false;
        for (var token = After(not); token is not null; token = After(token))
        {
            // "don't let 10.0.0.0/8 reach it", "I don't want orders to be retried": whom it is about may stand between.
            passes |= token.Value is "let" or "want" or "allow";
            if (token.Value == "let" && verbs.Contains(Concept.Allow) || passes && (token.IsEntity || token.Kind == TokenKind.Cidr || token.IsGlue) || token.Concept == Concept.Filler)
            {
                if (token.Value != "let" || !verbs.Contains(Concept.Allow)) continue;
                _taken.Add(not);
                return true;
            }
            if (!verbs.Contains(token.Concept)) return false;
            _taken.Add(not);
            return true;
        }
        return false;
    }

    /// <summary>The "without" or "no" right before a word of this concept.</summary>
    public bool TakeNone(Concept concept)
    {
        var none = Free.FirstOrDefault(t => (t.Concept == Concept.Without || t is { Kind: TokenKind.Number, Value: "no" or "zero" or "0" }) && Following(t) is { } next && next.Concept == concept);
        if (none is not null) _taken.Add(none);
        return none is not null;
    }

    /// <summary>The next word that is no filler.</summary>
    private Token? Following(Token token)
    {
        for (var next = After(token); next is not null; next = After(next))
            if (next.Concept != Concept.Filler) return next;
        return null;
    }

    /// <summary>The "every" of "every request", "each orders response": all of them.</summary>
    public void TakeEvery()
    {
        foreach (var every in Free.Where(t => t is { Concept: Concept.Per, Value: "every" or "each" or "per" or "any single" or "every single" or "single" or "any given" } && (After(t) is { Concept: Concept.Request or Concept.Response or Concept.Method } || After(t) is { Value: "incoming" or "inbound" or "such" } && After(t, 2) is { Concept: Concept.Request } || After(t) is { Concept: Concept.Answer, Value: "answer" or "reply" or "return" } || After(t) is { IsEntity: true } && After(t, 2) is { Concept: Concept.Request or Concept.Response })).ToList()) _taken.Add(every);
    }

    /// <summary>The "or" between two things of one kind: a list.</summary>
    public void TakeOr()
    {
        foreach (var or in Free.Where(t => t.Concept == Concept.Or).ToList())
        {
            var (before, after) = (Governor(or), After(or));
            while (after is { Concept: Concept.Filler or Concept.Preposition }) after = After(after);
            if (before is not null && after is not null && (before.Kind == after.Kind && before.Kind is TokenKind.Cidr or TokenKind.Number or TokenKind.Status or TokenKind.Path || before.Concept == Concept.Method && after.Concept == Concept.Method || IsFailure(before) && IsFailure(after))) _taken.Add(or);
        }
    }

    private static bool IsFailure(Token token) => token.Kind is TokenKind.Status or TokenKind.Number || token.Concept is Concept.Connect or Concept.Failing || token.Value is "reset" or "resets" or "gateway-error" or "unavailable" or "refused-stream" or "cancelled";

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
