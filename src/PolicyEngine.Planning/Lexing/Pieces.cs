using System.Text.RegularExpressions;

namespace PolicyEngine.Planning.Lexing;

/// <summary>The shapes of pieces: where one ends and what its letters alone say.</summary>
internal static partial class Pieces
{
    public static IEnumerable<Match> Of(string text) => Piece().Matches(text);

    /// <summary>However an arrow is drawn; each is one letter.</summary>
    public static string Arrows(string text) => text.IndexOfAny(['⇒', '➜', '➔', '➡', '⟶', '⇢', '➝', '⟹']) < 0 ? text : string.Concat(text.Select(c => c is '⇒' or '➜' or '➔' or '➡' or '⟶' or '⇢' or '➝' or '⟹' ? '→' : c));

    public static bool IsPunctuation(string piece) => Punctuation().IsMatch(piece);

    /// <summary>"80/20", "90-10", "60:30:10", "80%/20%".</summary>
    public static bool AreShares(string piece) => Shares().IsMatch(piece);

    /// <summary>"2,5": a comma before less than three digits parts no thousands.</summary>
    public static bool IsDecimalComma(string piece) => DecimalComma().IsMatch(piece);

    public static bool IsStatusClass(string word) => StatusClass().IsMatch(word);

    public static bool IsHost(string word) => Host().IsMatch(word);

    public static bool IsVersion(string word) => Version().IsMatch(word);

    /// <summary>"two-second", "500-millisecond": number and unit.</summary>
    public static (string Number, string Unit)? Compound(string word) => Hyphenated().Match(word) is { Success: true } m ? (m.Groups[1].Value, m.Groups[2].Value) : null;

    /// <summary>"100/s", "100rps", "20req/min".</summary>
    public static (string Number, string Unit)? Rate(string word) => Glued().Match(word) is { Success: true } m ? (m.Groups[1].Value, m.Groups[2].Value) : null;

    /// <summary>"1m30s", "1h15m".</summary>
    public static IEnumerable<string>? Durations(string word) => Compounds().Match(word) is { Success: true } m ? m.Groups[1].Captures.Select(c => c.Value) : null;

    // First quoted text, arrows, line breaks; then what has signs in it; then words.
    [GeneratedRegex("""["“][^"”\n]*["”]|(?<![\p{L}\p{N}])'[^'\n]*'(?![\p{L}\p{N}])|`[^`\n]*`|[Aa]/[Bb](?![\p{L}\p{N}/])|->|→|=>|\n|[a-z]+://[^\s,;"']*[^\s,;"'.!?)]|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt][0-9:.]+(?:[Zz]|[+-][0-9:]+)?)?(?![\p{L}\p{N}-])|(?:[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F:.]*(?:/[0-9]+)?)|[0-9]{1,3}%?(?:[/:-][0-9]{1,3}%?)+(?![\p{L}\p{N}./-])|/[^\s,;"']*[^\s,;"'.!?:)]|/(?=[\s,;:.!?)]|$)|[0-9]+,[0-9]{1,2}\s?%|[0-9]+,[0-9]{1,2}(?=\s?(?:ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?|percent|per\scent|pct)\b)|[0-9]*\.?[0-9]+\s?%|(?<![\p{L}\p{N}./])\.[0-9]+(?:ms|s|m|h)?(?![\p{L}\p{N}])|<=|[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+(?:\.[0-9]+)+(?:/[0-9]+)?(?![\p{L}\p{N}])|[\p{L}\p{N}*][\p{L}\p{N}_*'’-]*(?:\.[\p{L}\p{N}][\p{L}\p{N}_-]*)*(?:/(?:sec|second|s|minute|min|m|hour|h|day|d)\b)?|[\uD800-\uDBFF][\uDC00-\uDFFF]|\S""", RegexOptions.IgnoreCase)]
    private static partial Regex Piece();

    [GeneratedRegex(@"^[,;.:!?=()\[\]&+|\n–—…•*@-]$")]
    private static partial Regex Punctuation();

    [GeneratedRegex("^[0-9]{1,3}%?([/:-][0-9]{1,3}%?)+$")]
    private static partial Regex Shares();

    [GeneratedRegex(@"^[0-9]+,[0-9]{1,2}(\s?%)?$")]
    private static partial Regex DecimalComma();

    [GeneratedRegex("^[1-5]xxe?s?$")]
    private static partial Regex StatusClass();

    [GeneratedRegex(@"^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$")]
    private static partial Regex Host();

    [GeneratedRegex(@"^v[0-9]+([.-][0-9a-z]+)*$")]
    private static partial Regex Version();

    [GeneratedRegex("^([a-z]+|[0-9]+)-(milliseconds?|ms|seconds?|secs?|minutes?|mins?|hours?|days?|percent|fold)$")]
    private static partial Regex Hyphenated();

    [GeneratedRegex("^([0-9]+(?:[.][0-9]+)?k?)/?((?<=/)(?:s|sec|second|m|min|minute|h|hour|d|day)|rps|qps|tps|rpm|rph|r/s|r/m|req/s|req/min|reqs/s|requests/s|requests/min)$")]
    private static partial Regex Glued();

    [GeneratedRegex("^([0-9]+(?:ms|s|m|h|d)){2,}$")]
    private static partial Regex Compounds();
}
