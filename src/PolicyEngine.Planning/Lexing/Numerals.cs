namespace PolicyEngine.Planning.Lexing;

/// <summary>Numbers of several tokens.</summary>
internal static class Numerals
{
    /// <summary>A number in digits or words: "twenty five", "a hundred", "two thousand five hundred".</summary>
    public static (decimal Number, int Length)? At(List<Token> tokens, int i)
    {
        if (PartOf(tokens, i) is { } part) return part;
        if (PointOf(tokens, i) is { } point) return point;
        decimal total = 0, group = -1;
        var at = i;
        while (at < tokens.Count)
        {
            var token = tokens[at];
            if (token.Kind == TokenKind.Word && NumberWords.TryScale(token.Value, out var scale) && (group >= 0 || at > i))
            {
                group = (group > 0 ? group : 1) * scale;
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
        // "zero point two five".
        if (at == i + 1 && IsSpelled(tokens[i]) && tokens.ElementAtOrDefault(at) is { Kind: TokenKind.Word, Value: "point" } && IsDigit(tokens.ElementAtOrDefault(at + 1)))
        {
            var (decimals, place) = (Math.Max(group, 0), 0.1m);
            for (at++; IsDigit(tokens.ElementAtOrDefault(at)); at++, place /= 10) decimals += tokens[at].Number * place;
            return (decimals, at - i);
        }
        return at == i ? null : (total + Math.Max(group, 0), at - i);
    }

    /// <summary>"half a million", "a quarter of a million", "three quarters of a thousand": no share, but so many.</summary>
    private static (decimal, int)? PartOf(List<Token> tokens, int i)
    {
        var at = i;
        decimal several = 1;
        if (i >= tokens.Count) return null;
        if (tokens[at].Value is "a" or "one") at++;
        else if (tokens[at].Kind == TokenKind.Number && IsSpelled(tokens[at])) several = tokens[at++].Number;
        if (tokens.ElementAtOrDefault(at) is not { Kind: TokenKind.Word } word || !NumberWords.TryPart(word.Value, out var parts) || several >= parts) return null;
        at++;
        if (tokens.ElementAtOrDefault(at)?.Value == "of") at++;
        if (tokens.ElementAtOrDefault(at)?.Value is not ("a" or "one")) return null;
        return tokens.ElementAtOrDefault(at + 1) is { Kind: TokenKind.Word } scale && NumberWords.TryScale(scale.Value, out var size) ? (several * size / parts, at + 2 - i) : null;
    }

    private static bool IsDigit(Token? token) => token is { Kind: TokenKind.Number, Number: >= 0 and <= 9 } && token.Number == decimal.Truncate(token.Number) && token.Value is not ("no" or "once" or "twice" or "thrice");

    /// <summary>"zero point two five", "two point five": digits behind a point, each in a word.</summary>
    private static (decimal, int)? PointOf(List<Token> tokens, int i)
    {
        if (tokens.ElementAtOrDefault(i) is not { Kind: TokenKind.Number, Number: < 100 } whole || !IsSpelled(whole) || whole.Value is "no" or "once" or "twice" or "thrice" || tokens.ElementAtOrDefault(i + 1)?.Value != "point") return null;
        var (number, place, at) = (whole.Number, 0.1m, i + 2);
        for (; tokens.ElementAtOrDefault(at) is { Kind: TokenKind.Number, Number: <= 9 } digit && IsSpelled(digit) && digit.Value is not ("no" or "once" or "twice" or "thrice"); at++, place /= 10) number += digit.Number * place;
        return at == i + 2 ? null : (number, at - i);
    }

    private static bool IsSpelled(Token token) => !char.IsAsciiDigit(token.Text[0]);
}
