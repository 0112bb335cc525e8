namespace PolicyEngine.Planning.Lexing;

/// <summary>"five times as much as today", "a quarter of its present share", "quadruple": so many times what stands.</summary>
internal static class Factors
{
    private static readonly HashSet<string> Present = ["present", "current", "existing", "old", "previous"];
    private static readonly HashSet<string> Values = ["share", "value", "amount", "level", "size", "limit", "timeout", "time-out", "delay", "rate", "number", "count", "quota", "percentage", "one"];

    public static List<Token> Read(List<Token> tokens)
    {
        var read = new List<Token>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var (factor, length) = At(tokens, i);
            if (length == 0) read.Add(tokens[i]);
            else
            {
                read.Add(new Token(TokenKind.Word, string.Join(' ', tokens.Skip(i).Take(length).Select(t => t.Text)), tokens[i].Position) { Concept = Concept.Double, Number = factor, End = tokens[i + length - 1].End });
                i += length - 1;
            }
        }
        return read;
    }

    private static (decimal Factor, int Length) At(List<Token> tokens, int i)
    {
        string? Word(int n) => tokens.ElementAtOrDefault(i + n)?.Value;
        var token = tokens[i];
        if (token.Kind == TokenKind.Word && token.Value is "quadruple" or "quadruples" or "quadrupled" or "fourfold") return (4, 1);
        if (token.Kind == TokenKind.Word && token.Value is "quintuple" or "fivefold") return (5, 1);
        if (token.Kind == TokenKind.Word && token.Value is "tenfold") return (10, 1);
        // "five times as much", "ten times the current limit".
        if (token is { Kind: TokenKind.Number, Number: >= 2 and <= 100 } && Word(1) is "times")
        {
            if (Word(2) is "as" && Word(3) is "much" or "many" or "long" or "high" or "big" or "large" or "often")
            {
                var end = 4;
                while (Word(end) is "as" or "now" or "today" or "before" or "we" or "do" or "it" or "is" or "has" or "does" or "currently") end++;
                // Of what lies between "as much" and "as today" nothing is taken.
                return (token.Number, end);
            }
            if (Word(2) is "the" or "its" && Present.Contains(Word(3) ?? "")) return (token.Number, Values.Contains(Word(4) ?? "") && Word(4) is "value" or "one" or "amount" or "level" or "size" or "share" ? 5 : 4);
        }
        // "half of today's v2 share", "a third of v2's share": of what a version has.
        if (token.Kind == TokenKind.Percent && !token.Text.Contains('%'))
        {
            var end = Word(1) is "of" ? 2 : 1;
            while (Word(end) is "the" or "its" or "today's" || Present.Contains(Word(end) ?? "")) end++;
            if (end > 1 && tokens.ElementAtOrDefault(i + end) is { Kind: TokenKind.Version } && Word(end + 1) is "share" or "weight" or "portion" or "percentage") return (token.Share.Millionths / (decimal)Ir.Percentage.Whole, end);
        }
        // "a quarter of its present share".
        if (token.Kind == TokenKind.Percent && !token.Text.Contains('%') && Word(1) is "of" && Word(2) is "its" or "the" && Present.Contains(Word(3) ?? "") && Values.Contains(Word(4) ?? "")) return (token.Share.Millionths / (decimal)Ir.Percentage.Whole, Word(4) is "share" or "value" or "amount" or "level" or "size" or "one" ? 5 : 4);
        // "by a fifth of its share", "to a quarter of its recs share".
        if (token.Kind == TokenKind.Percent && !token.Text.Contains('%') && Word(1) is "of" && Word(2) is "its" or "their")
        {
            var end = tokens.ElementAtOrDefault(i + 3) is { Kind: TokenKind.Service } ? 4 : 3;
            var (share, before) = (token.Share.Millionths / (decimal)Ir.Percentage.Whole, tokens.ElementAtOrDefault(i - 1)?.Value);
            var lowers = before is "by" && tokens.Take(i).Any(t => t.Concept == Concept.Lower);
            if (Word(end) is "share" && (before is not "by" || lowers || tokens.Take(i).Any(t => t.Concept == Concept.Raise))) return (before is not "by" ? share : lowers ? 1 - share : 1 + share, end + 1);
        }
        return (0, 0);
    }
}
