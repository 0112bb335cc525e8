namespace PolicyEngine.Planning.Lexing;

/// <summary>"put payments up one second", "take 300 ms away from its allowance", "given up 50 ms later": by how much, and not how long. And "flip blue and green": each gets what the other has.</summary>
internal static class Shifts
{
    public static List<Token> Read(List<Token> tokens) => Exchanged([.. tokens.Select((t, i) => Shifted(tokens, i) is { } concept ? t with { Concept = concept } : t)]);

    private static Concept? Shifted(List<Token> tokens, int at)
    {
        var token = tokens[at];
        if (token.Kind != TokenKind.Word) return null;
        var next = tokens.ElementAtOrDefault(at + 1);
        // "set up a 2s time-out" has an article; "up to 2s" is a word of its own.
        if (token.Value is "up" or "down" && (next is { Kind: TokenKind.Duration } plain && !plain.Text.StartsWith("a ", StringComparison.Ordinal) || next is { Value: "by" } && tokens.ElementAtOrDefault(at + 2) is { Kind: TokenKind.Duration }) && !IsNamed(tokens, at + 1) && tokens.ElementAtOrDefault(at - 1)?.Value is not ("give" or "given" or "gives" or "giving" or "gave" or "hang" or "hangs" or "hung" or "wait" or "back" or "set" or "end" or "ends")) return token.Value == "up" ? Concept.Raise : Concept.Lower;
        if (token.Value is "take" or "take away" or "take off" && IsOrder(tokens, at) && tokens.FindIndex(at + 1, t => t.Concept != Concept.Filler) is > 0 and var time && tokens[time].Kind == TokenKind.Duration && tokens.ElementAtOrDefault(time + 1) is { Concept: Concept.Off } or { Value: "away" or "away…" or "off…" or "from" }) return Concept.Lower;
        if (token.Value == "later" && tokens.ElementAtOrDefault(at - 1) is { Kind: TokenKind.Duration } && tokens.Exists(t => t.Concept is Concept.Timeout or Concept.Connect or Concept.Idle)) return Concept.Raise;
        // "connections to ledger may take 750 ms to open"; how long they may stay open is something else.
        if (token.Value == "connections to" && tokens.Exists(t => t.Kind == TokenKind.Duration) && !tokens.Exists(t => t.Concept == Concept.Idle || t.Kind is TokenKind.Cidr or TokenKind.Rate or TokenKind.Percent || t.Value is "stay" or "stays" or "remain" or "last" or "live" or "kept" or "keep" or "alive" or "hang" or "held")) return Concept.Connect;
        return null;
    }

    /// <summary>"a 2s time-out": what the time is of stands behind it.</summary>
    private static bool IsNamed(List<Token> tokens, int at) => tokens.Skip(at).SkipWhile(t => t.Kind != TokenKind.Duration).Skip(1).FirstOrDefault() is { Concept: Concept.Timeout or Concept.Limit or Concept.Delay or Concept.Idle or Concept.Connect };

    /// <summary>"may take 5s from here" bounds; "take 5s from it" is something to do.</summary>
    private static bool IsOrder(List<Token> tokens, int at) => tokens.Take(at).LastOrDefault(t => t.Concept is not Concept.Filler) is null or { Kind: TokenKind.Punctuation } or { Concept: Concept.Separator };

    private static bool IsVersion(Token token) => token.Kind == TokenKind.Version || token.Concept is Concept.Older or Concept.Newer or Concept.Canary;

    private static List<Token> Exchanged(List<Token> tokens)
    {
        for (var i = 0; i + 3 < tokens.Count; i++)
        {
            if (tokens[i] is not { Kind: TokenKind.Word, Value: "flip" or "switch" or "reverse" or "interchange" or "trade" } || tokens.Exists(t => t.Kind is TokenKind.Percent or TokenKind.Number)) continue;
            var rest = tokens.Skip(i + 1).Where(t => t.Concept != Concept.Filler).Take(4).ToList();
            if (rest is not [var one, { Concept: Concept.Separator, Value: "and" }, var other, ..] || !IsVersion(one) || !IsVersion(other) || rest.ElementAtOrDefault(3)?.Value is "to" or "into" or "onto") continue;
            tokens[i] = tokens[i] with { Concept = Concept.Swap };
        }
        return tokens;
    }
}
