namespace PolicyEngine.Planning.Lexing;

/// <summary>"5, not 2", "v2 and not v1": the second is what it is now or what is not meant, and stands for "instead of" it.</summary>
internal static class Contrasts
{
    private static readonly TokenKind[] Values = [TokenKind.Number, TokenKind.Percent, TokenKind.Duration, TokenKind.Rate];

    public static List<Token> Read(List<Token> tokens)
    {
        var read = new List<Token>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            // "10 -> 40": from what it is to what it is to be.
            if (Values.Contains(token.Kind) && tokens.ElementAtOrDefault(i + 1) is { Text: "->" or "→" or "=>" } && tokens.ElementAtOrDefault(i + 2)?.Kind == token.Kind && read.LastOrDefault()?.Value != "from") read.Add(new Token(TokenKind.Word, "from", token.Position) { Concept = Concept.Preposition, End = token.Position });
            if (token is { Kind: TokenKind.Word, Value: "not" } && tokens.ElementAtOrDefault(i + 1) is { } behind && Values.Contains(behind.Kind) && Before(read) is { } before && (before.Kind == behind.Kind || behind.Kind == TokenKind.Number && Values.Contains(before.Kind)) && tokens.ElementAtOrDefault(i + 2) is null or { Kind: TokenKind.Punctuation })
            {
                while (read.Count > 0 && (read[^1].Text == "," || read[^1].Concept == Concept.Separator || read[^1].Is("but"))) read.RemoveAt(read.Count - 1);
                read.Add(token with { Value = "and not", Concept = Concept.InsteadOf });
            }
            else read.Add(token);
        }
        return read;
    }

    /// <summary>The value that stands before; "five retries, not three": what is counted says no more.</summary>
    private static Token? Before(List<Token> read) => read.FindLast(t => !t.IsGlue) is { Concept: Concept.Retry or Concept.Times or Concept.Request } counted && read.FindLast(t => t.Position < counted.Position && !t.IsGlue) is { Kind: TokenKind.Number } value ? value : read.FindLast(t => !t.IsGlue);
}
