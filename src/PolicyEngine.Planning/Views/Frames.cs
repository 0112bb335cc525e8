using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>What stands around a text: "Hi team,", "OPS-1234:", "Context:", "Thanks, Priya (SRE)".</summary>
internal static class Frames
{
    /// <summary>A sentence that only greets, thanks or signs.</summary>
    public static bool IsFrame(IReadOnlyList<Token> sentence) => Remarks.Words(sentence) is { Count: > 0 and <= 3 } few && few.Exists(IsTicket) && few.TrueForAll(t => IsTicket(t) || Sets.Headings.Contains(t.Value) && t.Kind == TokenKind.Word) || Remarks.Words(sentence) is { Count: > 0 and <= 9 } words && (Sets.Farewells.Contains(words[0].Value) || Sets.Greetings.Contains(words[0].Value)) && IsIdle(words, 1);

    /// <summary>"Change ticket CHG-4471.", "Ref INC-77": where it is written down.</summary>
    public static bool IsReference(IReadOnlyList<Token> sentence) => Remarks.Words(sentence) is { Count: > 0 and <= 5 } words && words.Exists(IsTicket) && words.TrueForAll(t => IsTicket(t) || Sets.Headings.Contains(t.Value) || t.Concept == Concept.Filler);

    public static bool IsFarewell(IReadOnlyList<Token> sentence) => sentence.FirstOrDefault(t => t.Kind != TokenKind.Punctuation) is { } first && (Sets.Farewells.Contains(first.Value) || Sets.Farewells.Contains(first.Text.ToLowerInvariant()) || sentence.FirstOrDefault(t => !ReferenceEquals(t, first) && t.Kind != TokenKind.Punctuation) is { } second && Sets.Farewells.Contains($"{first.Text} {second.Text}".ToLowerInvariant()));

    /// <summary>Names, a team, a role: nothing that could be done.</summary>
    public static bool IsSignature(IReadOnlyList<Token> rest) => rest.Count <= 16 && rest.All(t => t.Kind is TokenKind.Punctuation or TokenKind.Service || t.Kind == TokenKind.Word && !Sets.Suspicious.Contains(t.Value) && !Sets.Modals.Contains(t.Value) && (t.IsGuess || t.Concept is Concept.None or Concept.Foreign or Concept.Filler or Concept.Noun or Concept.Because or Concept.Preposition || Sets.Farewells.Contains(t.Value) || t.Concept == Concept.Separator || char.IsUpper(t.Text[0])));

    /// <summary>"Ticket INC-77:", "flash sale:", "Context:": a few words over the text that name nothing here.</summary>
    public static bool IsHeading(IReadOnlyList<Token> part, bool first)
    {
        var words = Remarks.Words(part);
        if (words.Count is 0 or > 6) return false;
        if (words.All(t => Sets.Headings.Contains(t.Value) || IsTicket(t) || t.Concept == Concept.Filler)) return !words.All(t => t.Concept == Concept.Filler && !Sets.Headings.Contains(t.Value));
        // "After the incident review:".
        if (first && words[0].Value is "after" or "following" && words.Exists(t => Sets.Occasions.Contains(t.Value)) && IsIdle(words, 1)) return true;
        return first && words.TrueForAll(t => IsIdleWord(t) || Sets.Headings.Contains(t.Value) && t.Kind == TokenKind.Word || IsTicket(t)) && words.Exists(t => Sets.Headings.Contains(t.Value) || Sets.Occasions.Contains(t.Value) || IsTicket(t)) && !words.Exists(t => Sets.Consumers.Contains(t.Value));
    }

    /// <summary>"Why: the home page waits for it".</summary>
    public static bool IsTalk(IReadOnlyList<Token> sentence)
    {
        var words = Remarks.Words(sentence);
        var colon = words.Count < 2 ? -1 : sentence.ToList().FindIndex(t => t.Text == ":");
        return colon is > 0 and <= 3 && sentence.Take(colon).All(t => t.Kind == TokenKind.Punctuation || Sets.Talk.Contains(t.Text.ToLowerInvariant()) || t.Concept == Concept.Filler) && sentence.Take(colon).Any(t => Sets.Talk.Contains(t.Text.ToLowerInvariant())) && Remarks.IsHarmless(Remarks.Words(sentence.Skip(colon + 1)));
    }

    /// <summary>Between commas: a greeting at the beginning, a name at the end behind thanks, "as always", "folks".</summary>
    public static bool IsAside(IReadOnlyList<Token> part, bool first, bool last)
    {
        var words = Remarks.Words(part);
        if (words.Count is 0 or > 5) return false;
        if (first && (Sets.Greetings.Contains(words[0].Value) || words.TrueForAll(IsTicket)) && IsIdle(words, 1)) return true;
        // "(lunch)": an occasion in brackets.
        if (part[0].Text == "(" && part.Any(t => t.Text == ")") && words.TrueForAll(t => IsIdleWord(t) || Sets.Occasions.Contains(t.Value)) && words.Exists(t => Sets.Occasions.Contains(t.Value))) return true;
        return last && Sets.Farewells.Contains(words[0].Value) && IsIdle(words, 1) || part[^1].Text == ")" && words.TrueForAll(IsTicket);
    }

    /// <summary>"OPS-1234", "INC0012345", "#42".</summary>
    public static bool IsTicket(Token token) => token.Kind == TokenKind.Word && token.Concept is Concept.None && token.Text.Any(char.IsAsciiDigit) && token.Text.Any(char.IsAsciiLetterUpper) && token.Text.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '-' or '_');

    private static bool IsIdle(List<Token> words, int from) => words.Skip(from).All(IsIdleWord);

    private static bool IsIdleWord(Token token) => token.Kind == TokenKind.Word && !Sets.Suspicious.Contains(token.Value) && !Sets.Modals.Contains(token.Value)
        && (token.Concept is Concept.None or Concept.Foreign or Concept.Filler or Concept.Noun || token.IsGuess || token is { Concept: Concept.Preposition, Value: "for" or "from" or "in" or "of" or "at" or "on" or "with" or "to" } || Sets.Occasions.Contains(token.Value) || Sets.Farewells.Contains(token.Value) || Sets.Greetings.Contains(token.Value));
}
