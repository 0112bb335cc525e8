using System.Globalization;

namespace PolicyEngine.Planning.Lexing;

/// <summary>"four to one between v1 and v2", "3:1", "nine to one in favour of v2": shares, where it is about how something is divided.</summary>
internal static class Ratios
{
    public static List<Token> Read(List<Token> tokens)
    {
        var versions = tokens.Where(t => t.Kind == TokenKind.Version).DistinctBy(t => t.Value).Count();
        if (tokens.Exists(t => t.Kind is TokenKind.Percent or TokenKind.Rate or TokenKind.Duration) || versions == 0 || versions == 1 && !tokens.Exists(t => t.Value.Contains("favour", StringComparison.Ordinal) || t.Value.Contains("favor", StringComparison.Ordinal))) return tokens;
        var read = new List<Token>();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i] is { Kind: TokenKind.Number, Number: >= 1 } first && tokens.ElementAtOrDefault(i + 1)?.Value is "to" or ":" && tokens.ElementAtOrDefault(i + 2) is { Kind: TokenKind.Number, Number: >= 1 } second && read.LastOrDefault()?.Value != "from" && IsRatio(first.Number, second.Number))
            {
                read.AddRange(Shares([first.Number, second.Number], first, second.End));
                i += 2;
            }
            else if (tokens[i].Kind == TokenKind.Word && tokens[i].Text.Split(':') is { Length: >= 2 } parts && parts.All(p => decimal.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _)) && parts.Select(p => decimal.Parse(p, CultureInfo.InvariantCulture)).ToList() is var numbers && numbers.TrueForAll(n => n >= 1))
                read.AddRange(Shares(numbers, tokens[i], tokens[i].End));
            else read.Add(tokens[i]);
        }
        return read;
    }

    /// <summary>"20 to 30" is no ratio that anybody would say.</summary>
    private static bool IsRatio(decimal a, decimal b) => a <= 100 && b <= 100 && (a == 1 || b == 1 || a + b <= 20 || a + b == 100);

    private static IEnumerable<Token> Shares(List<decimal> parts, Token at, int end) => parts.Select((p, i) => new Token(TokenKind.Percent, $"{p:0}", at.Position) { Value = $"{at.Text}#{i}", Share = NumberWords.Share(p, parts.Sum()), End = end });
}
