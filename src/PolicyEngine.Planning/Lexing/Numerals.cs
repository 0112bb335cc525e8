namespace PolicyEngine.Planning.Lexing;

/// <summary>Numbers of several tokens.</summary>
internal static class Numerals
{
    /// <summary>A number in digits or words: "twenty five", "a hundred", "two thousand five hundred".</summary>
    public static (decimal Number, int Length)? At(List<Token> tokens, int i)
    {
        decimal total = 0, group = -1;
        var at = i;
        while (at < tokens.Count)
        {
            var token = tokens[at];
            if (token.Kind == TokenKind.Word && NumberWords.TryScale(token.Value, out var scale) && (group >= 0 || at > i))
            {
                group = Math.Max(group, 1) * scale;
                if (scale >= 1000) (total, group) = (total + group, -1);
            }
            else if (token.Value is "a" or "an" && at == i && tokens.ElementAtOrDefault(at + 1) is { Kind: TokenKind.Word } next && NumberWords.TryScale(next.Value, out _)) group = 1;
            else if (token.Kind == TokenKind.Number && (group < 0 || IsSpelled(token) && IsSpelled(tokens[at - 1]) && (group % 100 == 0 && token.Number < 100 || group % 100 is >= 20 and <= 90 && group % 10 == 0 && token.Number is > 0 and < 10)))
                group = Math.Max(group, 0) + token.Number;
            // "two hundred and fifty".
            else if (token.Value == "and" && group >= 100 && at > i && IsSpelled(tokens[at - 1]) && tokens.ElementAtOrDefault(at + 1) is { Kind: TokenKind.Number, Number: < 100 } rest && IsSpelled(rest) && rest.Value is not ("no" or "once" or "twice" or "thrice"))
            {
                group += rest.Number;
                at++;
            }
            else break;
            at++;
        }
        return at == i ? null : (total + Math.Max(group, 0), at - i);
    }

    private static bool IsSpelled(Token token) => !char.IsAsciiDigit(token.Text[0]);
}
