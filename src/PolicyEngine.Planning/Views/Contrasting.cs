using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>"15 minutes instead of 5", "70/30 rather than evenly", "SAMEORIGIN rather than DENY": what it is today. What it is to be is said beside it, and is what counts.</summary>
internal static class Contrasting
{
    private static readonly TokenKind[] Values = [TokenKind.Number, TokenKind.Duration, TokenKind.Percent, TokenKind.Rate, TokenKind.Quoted];

    /// <summary>The view without the one old value; null where there is none, or more is contrasted than that.</summary>
    public static View? Of(View view, IReadOnlyList<Token> tokens)
    {
        if (tokens.Where(t => t.Concept == Concept.InsteadOf).ToList() is not [var mark]) return null;
        var at = tokens.ToList().IndexOf(mark);
        var old = at + 1;
        while (old < tokens.Count && (tokens[old].Concept is Concept.Filler or Concept.Older or Concept.Preposition || tokens[old].Value is "full" or "whole" or "entire")) old++;
        if (old >= tokens.Count || !IsOld(tokens[old], tokens)) return null;
        var kind = tokens[old].Kind;
        if (!tokens.Where((t, i) => i < at || i > old).Any(t => Values.Contains(t.Kind) && (t.Kind == kind && kind != TokenKind.Number || t.Kind != TokenKind.Number && kind is TokenKind.Number or TokenKind.Word))) return null;
        var end = old;
        while (end + 1 < tokens.Count && tokens[end + 1] is { Kind: TokenKind.Word, Concept: Concept.Filler or Concept.Request or Concept.Noun or Concept.Times or Concept.Retry or Concept.It }) end++;
        return view.Without(mark.Position, tokens[end].End);
    }

    private static bool IsOld(Token token, IReadOnlyList<Token> tokens) => Values.Contains(token.Kind) || token.Concept is Concept.Even or Concept.Second or Concept.Minute or Concept.Hour || token is { Kind: TokenKind.Word, IsGuess: false, Concept: Concept.None } && tokens.Any(t => t.Kind == TokenKind.HeaderName);
}
