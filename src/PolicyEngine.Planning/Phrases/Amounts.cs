using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>The values of one kind that a clause has, by what they are for: "from 1s to 3s", "by 10 points", "2s instead of 1s", "5% more".</summary>
internal sealed record Amounts(Token? To, Token? From, Token? By)
{
    public static Amounts Of(Phrase phrase, params TokenKind[] kinds)
    {
        var amounts = new Amounts(null, null, null);
        foreach (var token in phrase.Free.Where(t => kinds.Contains(t.Kind)).ToList())
        {
            var role = Role(phrase, token);
            if (role == "by" && amounts.By is null) amounts = amounts with { By = token };
            else if (role == "from" && amounts.From is null) amounts = amounts with { From = token };
            // "the time-out of 3s is too short, make it 5s".
            else if (role == "to" && amounts is { To: { } first, From: null } && phrase.Governor(first)?.Value == "of" && phrase.Tokens.Any(t => t.Concept == Concept.It && t.Position > first.Position && t.Position < token.Position)) amounts = amounts with { From = first, To = token };
            else if (role == "to" && amounts.To is null) amounts = amounts with { To = token };
            else continue;
            phrase.Mark(token);
        }
        return amounts;
    }

    /// <summary>"add 500ms to the time-out": the value itself is what is added.</summary>
    public static bool IsAdded(Phrase phrase, Token token) => phrase.Governor(token) is { Concept: Concept.Separator, Value: "plus" } && (phrase.After(token) is null or { Kind: TokenKind.Punctuation })
        || phrase.After(token) is { Value: "on top of" or "on top" }
        || phrase.Before(token) is { Text: "+" } sign && sign.End == token.Position
        || phrase.Before(token) is { Value: "add", Concept: Concept.Set } && phrase.After(token) is null or { Kind: TokenKind.Punctuation } && phrase.Tokens.Any(t => t.Position < token.Position && t.Concept is Concept.Timeout or Concept.Limit or Concept.Delay)
        || phrase.Governor(token) is { Concept: Concept.Set, Value: "add" or "adding" or "tack" } && phrase.After(token) is { Value: "to" or "onto" };

    /// <summary>"shave 200ms off the time-out", "subtract 5% from v2".</summary>
    public static bool IsTakenOff(Phrase phrase, Token token) => phrase.Governor(token) is { Concept: Concept.Lower } && phrase.After(token) is { Concept: Concept.Off } or { Value: "from" or "away" or "away…" or "off…" } || IsCutOut(phrase, token);

    /// <summary>"knock off 30 seconds", "trim 250ms": what such a verb governs is by how much. Not "cut the 2s time-out".</summary>
    private static bool IsCutOut(Phrase phrase, Token token) => token.Kind == TokenKind.Duration && phrase.Governor(token) is { Concept: Concept.Lower } verb && Cuts.Contains(verb.Value) && phrase.After(token) is null or { Kind: TokenKind.Punctuation } && phrase.Tokens.Count(t => t.Kind == TokenKind.Duration) == 1;

    private static readonly HashSet<string> Cuts = ["knock", "knock off", "knocks off", "shave", "shave off", "shaved off", "cut", "trim", "chop", "deduct", "subtract", "lop", "dock", "pare", "slash", "clip", "take off from", "take", "take off", "take away"];

    private static string Role(Phrase phrase, Token token)
    {
        var (governor, after, before) = (phrase.Governor(token), phrase.After(token), phrase.Before(token));
        // "rather than the current two".
        if (governor is { Concept: Concept.Older } now && phrase.Governor(now) is { Concept: Concept.InsteadOf } instead)
        {
            phrase.Mark(now);
            governor = instead;
        }
        // "one retry fewer", "two tries more".
        if (after is { Concept: Concept.Retry or Concept.Times } && phrase.After(token, 2) is { Concept: Concept.More or Concept.Less, Value: "more" or "less" or "fewer" or "extra" } by) after = by;
        // "ten comments fewer per minute", "20 requests more an hour".
        if (token.Kind is TokenKind.Number && after is { IsEntity: true } or { Concept: Concept.Request } && phrase.After(token, 2) is { Concept: Concept.More or Concept.Less, Value: "more" or "less" or "fewer" or "extra" } change) after = change;
        if (governor?.Concept == Concept.InsteadOf)
        {
            phrase.Mark(governor);
            return "from";
        }
        // "1s -> 2s".
        if (after?.Value == "to" && phrase.After(token, 2)?.Kind == token.Kind) return "from";
        if (before is { Value: "minus" } || IsAdded(phrase, token) || IsTakenOff(phrase, token)) return "by";
        if (after is { Concept: Concept.Raise or Concept.Lower, Value: "longer" or "shorter" or "higher" or "lower" or "larger" or "smaller" or "bigger" or "tighter" or "looser" or "earlier" or "sooner" or "later" }) return "by";
        if (governor is { Concept: Concept.Raise or Concept.Lower, Value: "up" or "down" }) return "by";
        if (token.Kind == TokenKind.Points) return governor?.Value is "to" ? "to" : "by";
        if (after is { Concept: Concept.More or Concept.Less } && after.Value is "more" or "less" or "fewer" or "extra")
            return governor?.Value is "by" or null || governor.Concept != Concept.Preposition ? "by" : "to";
        if (before is { Concept: Concept.More, Value: "another" or "extra" or "additional" or "further" }) return "by";
        return governor is { Concept: Concept.Preposition, Value: "by" } ? "by" : governor is { Concept: Concept.Preposition, Value: "from" } ? "from" : "to";
    }
}
