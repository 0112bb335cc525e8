using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Phrases;

/// <summary>"x-platform is ios or android", "x-plan: free or x-plan: trial": any of these values, which is one condition.</summary>
internal static class Alternatives
{
    /// <summary>The condition with the values that follow its own; the same where none do.</summary>
    public static NamedSpec Of(Phrase phrase, Token name, NamedSpec condition)
    {
        if (condition.Exact is not { } first || !IsPlain(first)) return condition;
        var value = phrase.After(name);
        while (value is not null && !(phrase.IsTaken(value) && (value.Kind == TokenKind.Quoted ? value.Value : value.Text) == first)) value = phrase.IsTaken(value) || value.Kind == TokenKind.Punctuation ? phrase.After(value) : null;
        var values = new List<string> { first };
        while (value is not null && Next(phrase, name, value) is var (other, taken))
        {
            foreach (var token in taken) phrase.Mark(token);
            values.Add(other.Kind == TokenKind.Quoted ? other.Value : other.Text);
            value = other;
        }
        return values.Count == 1 ? condition : condition with { Exact = null, Regex = string.Join('|', values.Select(v => v.Replace(".", @"\.", StringComparison.Ordinal))) };
    }

    private static (Token Value, List<Token> Taken)? Next(Phrase phrase, Token name, Token value)
    {
        var taken = new List<Token>();
        if (phrase.After(value) is not { Concept: Concept.Or } or) return null;
        taken.Add(or);
        var next = phrase.After(or);
        // "or x-plan: trial".
        if (next is { Kind: TokenKind.HeaderName } again && again.Text.Equals(name.Text, StringComparison.OrdinalIgnoreCase))
        {
            taken.Add(again);
            if (phrase.After(again) is not { Text: ":" or "=" } sign || phrase.After(sign) is not { Kind: TokenKind.Quoted or TokenKind.Word } signed) return null;
            taken.Add(sign);
            next = signed;
        }
        else if (next is not ({ Kind: TokenKind.Quoted } or { Kind: TokenKind.Word, IsGuess: false, Concept: Concept.None or Concept.Foreign })) return null;
        taken.Add(next);
        return IsPlain(next.Kind == TokenKind.Quoted ? next.Value : next.Text) ? (next, taken) : null;
    }

    private static bool IsPlain(string value) => value.Length is > 0 and < 64 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
