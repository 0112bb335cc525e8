namespace PolicyEngine.Planning.Lexing;

/// <summary>"exactly /a", "the exact path /a", "/a and nothing below it": the path and not what is below it.</summary>
internal static class Exactness
{
    public static List<Token> Read(List<Token> tokens) => [.. tokens.Select((t, i) => t.Kind == TokenKind.Path && (Governs(tokens, i) || Follows(tokens, i)) ? t with { IsExact = true } : t)];

    private static bool IsExact(Token? token) => token?.Value is "exact" or "exactly" or "precisely";

    private static bool Governs(List<Token> tokens, int at)
    {
        for (var i = at - 1; i >= 0 && i >= at - 5; i--)
        {
            if (IsExact(tokens[i])) return true;
            if (!(tokens[i].Concept is Concept.Filler or Concept.Path or Concept.Preposition or Concept.Request or Concept.Noun || tokens[i].Text is ":" or "(")) return false;
        }
        return false;
    }

    private static bool Follows(List<Token> tokens, int at)
    {
        var behind = tokens.Skip(at + 1).Take(8).ToList();
        var first = behind.FirstOrDefault(t => t.Text is not ("," or "(" or "-" or "–"));
        if (IsExact(first) && behind.SkipWhile(t => !ReferenceEquals(t, first)).Skip(1).FirstOrDefault() is null or { Kind: TokenKind.Punctuation } or { Concept: Concept.Filler or Concept.Path }) return true;
        // "…, that exact path", "(exact path)".
        if (behind.TakeWhile(t => t.Kind != TokenKind.Path).Take(4).Any(IsExact) && behind.Exists(t => t.Concept == Concept.Path)) return true;
        var nothing = behind.FindIndex(t => t.Value is "nothing" or "not" or "none");
        return nothing is >= 0 and < 4 && behind.Skip(nothing + 1).Take(3).Any(t => t.Value is "below" or "beneath" or "under" or "underneath" or "deeper");
    }
}
