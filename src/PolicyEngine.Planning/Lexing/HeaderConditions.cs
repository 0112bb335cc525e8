namespace PolicyEngine.Planning.Lexing;

/// <summary>"calls with x-channel set to mobile", "the staff cookie is set to 1": of which requests it is, and nothing that is set.</summary>
internal static class HeaderConditions
{
    public static List<Token> Read(List<Token> tokens)
    {
        for (var i = 0; i + 3 < tokens.Count; i++)
        {
            if (tokens[i + 1].Concept == Concept.Header && tokens[i].Kind == TokenKind.HeaderName) continue;
            if (tokens[i].Kind == TokenKind.HeaderName && Narrows(tokens, i) || tokens[i].Concept is Concept.Cookie or Concept.Query || i > 0 && tokens[i - 1].Concept is Concept.Cookie or Concept.Query && tokens[i].Kind == TokenKind.Word) Signed(tokens, i);
        }
        return tokens;
    }

    /// <summary>A sign in the place of the words; and "the staff cookie = 1" as "the cookie staff = 1".</summary>
    private static void Signed(List<Token> tokens, int at)
    {
        var set = at + 1;
        if (tokens[set].Value is "is" or "being" or "was" or "are") set++;
        if (tokens.ElementAtOrDefault(set)?.Value != "set" || tokens.ElementAtOrDefault(set + 1)?.Value != "to" || tokens.ElementAtOrDefault(set + 2) is not { Kind: not TokenKind.Punctuation } value || value.Value is "any" or "anything" or "a" or "the" or "something") return;
        var named = tokens[at].Concept is Concept.Cookie or Concept.Query && at > 0 && tokens[at - 1] is { Kind: TokenKind.Word } name && name.Value is not ("the" or "a" or "with" or "when" or "whose" or "where" or "if" or "their" or "its" or "parameter");
        if (tokens[at].Concept is Concept.Cookie or Concept.Query && !named) return;
        tokens.RemoveRange(at + 1, set - at);
        tokens[at + 1] = new Token(TokenKind.Punctuation, "=", tokens[at].End);
        if (named) (tokens[at - 1], tokens[at]) = (tokens[at], tokens[at - 1]);
    }

    private static bool Narrows(List<Token> tokens, int at)
    {
        for (var before = at - 1; before >= 0; before--)
        {
            if (tokens[before].Value is "with" or "having" or "carrying" or "bearing" or "whose" or "where" or "when" or "if") return true;
            if (tokens[before].Value is not ("a" or "an" or "the" or "header" or "their" or "its")) return false;
        }
        return false;
    }
}
