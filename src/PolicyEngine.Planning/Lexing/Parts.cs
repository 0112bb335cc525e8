using System.Collections.Frozen;

namespace PolicyEngine.Planning.Lexing;

/// <summary>Parts of a whole as people count them: "three jobs in ten", "of every ten requests, three", "20 percent … and the other eighty".</summary>
internal static class Parts
{
    private const int MostCounted = 3;

    private static readonly FrozenSet<string> Others = FrozenSet.Create(StringComparer.Ordinal, "other", "the other", "remaining", "the remaining");

    /// <summary>What is counted goes before the count, which is then read as of any requests: "nine recs out of ten" is "recs nine out of ten".</summary>
    public static List<Token> Dealt(List<Token> tokens)
    {
        var dealt = new List<Token>();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (OfEvery(tokens, i) is var (every, taken))
            {
                dealt.AddRange(every);
                i += taken - 1;
            }
            else if (Numerals.At(tokens, i) is var (part, length) && CountedAt(tokens, i + length) is var counted and > 0 && IsOutOf(tokens, i + length + counted, part))
            {
                dealt.AddRange(tokens.GetRange(i + length, counted));
                dealt.AddRange(tokens.GetRange(i, length));
                i += length + counted - 1;
            }
            else dealt.Add(tokens[i]);
        }
        return dealt;
    }

    /// <summary>"20 percent to green, the other eighty to blue": what is left of the whole, where the sum is right.</summary>
    public static List<Token> Completed(List<Token> tokens)
    {
        var read = new List<Token>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var behind = tokens.ElementAtOrDefault(i + 1);
            if (tokens[i].Kind == TokenKind.Word && Others.Contains(tokens[i].Value) && Share(behind) is { } share && tokens.ElementAtOrDefault(i + 2)?.Kind != behind!.Kind && tokens.Exists(t => t.Kind == TokenKind.Percent && !ReferenceEquals(t, behind) && t.Share.Millionths + share.Millionths == Ir.Percentage.Whole))
            {
                read.Add(new Token(TokenKind.Word, $"{tokens[i].Text} {behind.Text}", tokens[i].Position) { Value = "the rest", Concept = Concept.Rest, End = behind.End });
                i++;
            }
            else read.Add(tokens[i]);
        }
        return read;
    }

    private static Ir.Percentage? Share(Token? token) => token is { Kind: TokenKind.Percent } ? token.Share : token is { Kind: TokenKind.Number, Number: > 0 and < 100 } && Ir.Percentage.TryOf(token.Number, out var share) ? share : null;

    /// <summary>"of every ten live requests, three": the requests, and three out of ten of them.</summary>
    private static (List<Token> Tokens, int Length)? OfEvery(List<Token> tokens, int at)
    {
        if (tokens[at].Value != "of" || !(tokens.ElementAtOrDefault(at + 1)?.Value is "every" or "each" or "any") || Numerals.At(tokens, at + 2) is not var (whole, length)) return null;
        var counted = CountedAt(tokens, at + 2 + length);
        var next = at + 2 + length + counted;
        if (tokens.ElementAtOrDefault(next)?.Text == ",") next++;
        if (counted == 0 || Numerals.At(tokens, next) is not var (part, more) || part >= whole) return null;
        var end = tokens[next + more - 1];
        return ([.. tokens.GetRange(at + 2 + length, counted), .. tokens.GetRange(next, more), new Token(TokenKind.Word, "out", end.End) { End = end.End }, tokens[at], .. tokens.GetRange(at + 2, length)], next + more - at);
    }

    /// <summary>How many tokens here only say what is counted.</summary>
    private static int CountedAt(List<Token> tokens, int at)
    {
        var length = 0;
        while (length < MostCounted && tokens.ElementAtOrDefault(at + length) is { } token && (token is { Kind: TokenKind.Service } || token is { Kind: TokenKind.Word, IsGuess: false, Concept: Concept.Request or Concept.Noun } && token.Value is not ("status" or "statuses" or "code" or "codes"))) length++;
        return length == 1 && tokens[at].Concept == Concept.Request ? 0 : length;
    }

    private static bool IsOutOf(List<Token> tokens, int at, decimal part)
    {
        var words = tokens.Skip(at).Take(3).Select(t => t.Value).ToList();
        var skip = words switch
        {
            ["out", "of", "every" or "each"] => 3,
            ["out", "of", ..] or ["in" or "of", "every" or "each", ..] => 2,
            ["in", ..] => 1,
            _ => 0,
        };
        return skip > 0 && Numerals.At(tokens, at + skip) is var (whole, length) && whole > part && whole <= 1_000 && tokens.ElementAtOrDefault(at + skip + length) is var next && (next is null || Quantities.PerOf(next.Concept) is null && next.Concept != Concept.Week);
    }
}
