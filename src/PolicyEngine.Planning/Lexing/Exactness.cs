namespace PolicyEngine.Planning.Lexing;

/// <summary>"exactly /a", "the exact path /a", "/a and nothing below it": the path and not what is below it; "/a and everything below" is "/a/*".</summary>
internal static class Exactness
{
    public static List<Token> Read(List<Token> tokens) => Below([.. tokens.Select((t, i) => t.Kind == TokenKind.Path && (Governs(tokens, i) || Follows(tokens, i)) ? t with { IsExact = true } : t)]);

    private static List<Token> Below(List<Token> tokens)
    {
        for (var i = 0; i + 3 < tokens.Count; i++)
        {
            if (tokens[i].Kind != TokenKind.Path || tokens[i].IsExact || tokens[i].Value.EndsWith('*') || tokens[i + 1].Concept != Concept.Separator || tokens[i + 2] is not { Concept: Concept.Fully } || tokens[i + 3].Value is not ("below" or "beneath" or "underneath")) continue;
            var last = tokens.ElementAtOrDefault(i + 4) is { Concept: Concept.It } ? i + 4 : i + 3;
            if (tokens.ElementAtOrDefault(last + 1)?.Kind is TokenKind.Path or TokenKind.Number && last == i + 3) continue;
            return Below([.. tokens.Take(i), tokens[i] with { Value = tokens[i].Value.TrimEnd('/') + "/*", End = tokens[last].End }, .. tokens.Skip(last + 1)]);
        }
        return tokens;
    }

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
        // "…, but just that very path", "(only that path)".
        if (behind.FindIndex(t => t.Concept == Concept.Path) is > 0 and var word && (behind[word - 1].Value is "very" || word > 1 && behind[word - 1].Value is "that" or "this" && behind[word - 2].Value is "only" or "just")) return true;
        var nothing = behind.FindIndex(t => t.Value is "nothing" or "not" or "none");
        return nothing is >= 0 and < 4 && behind.Skip(nothing + 1).Take(3).Any(t => t.Value is "below" or "beneath" or "under" or "underneath" or "deeper");
    }
}
