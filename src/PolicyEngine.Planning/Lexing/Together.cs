namespace PolicyEngine.Planning.Lexing;

/// <summary>"ledger, payments and accounts: 5s on all three": as many as were named, once more.</summary>
internal static class Together
{
    public static List<Token> Read(List<Token> tokens)
    {
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            if (tokens[i] is not { Kind: TokenKind.Word, Value: "all" } || tokens[i + 1] is not { Kind: TokenKind.Number, Number: > 2 and < 10 } count || tokens.ElementAtOrDefault(i + 2) is not (null or { Kind: TokenKind.Punctuation } or { Value: "of" or "services" })) continue;
            if (tokens.Where(t => t.Kind == TokenKind.Service).Select(t => t.Value).Distinct().Count() != (int)count.Number) continue;
            // "on all three": the preposition goes as well, which would want a thing.
            var first = i > 0 && tokens[i - 1].Concept == Concept.Preposition ? i - 1 : i;
            var last = tokens.ElementAtOrDefault(i + 2)?.Value == "of" && tokens.ElementAtOrDefault(i + 3)?.Value == "them" ? i + 3 : tokens.ElementAtOrDefault(i + 2)?.Value == "services" ? i + 2 : i + 1;
            return [.. tokens.Take(first), .. tokens.Skip(last + 1)];
        }
        return tokens;
    }
}
