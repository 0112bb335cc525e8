using System.Collections.Immutable;
using System.Text.RegularExpressions;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>
/// What people say around an order in set phrases: "trust me", "sorry for the noise", "see the thread in …". The forms are data,
/// <c>Words/Rules/talk.txt</c>; whatever else such a sentence has in it must be harmless as well.
/// </summary>
internal static class Chatter
{
    private static readonly ImmutableArray<Regex> Forms = [.. WordFiles.Lines("Rules/talk.txt").Select(l => Rephrasing.Form(l))];

    private static readonly Concept[] Named = [Concept.Mirror, Concept.Retry, Concept.Limit, Concept.Timeout, Concept.Header, Concept.Redirect, Concept.Canary, Concept.Deny, Concept.Allow, Concept.Shadow, Concept.Promote, Concept.Swap, Concept.Only, Concept.Except, Concept.Method];

    public static bool Is(string text, IReadOnlyList<Token> said)
    {
        // "remember to drop the mirror of orders" is no talk.
        if (said.Count == 0 || !said.All(IsHarmless) || said.Any(t => Named.Contains(t.Concept)) || said.Any(t => t.IsEntity && !t.IsGuess || Sets.Exemptions.Contains(t.Value) || t.Concept is Concept.It && t.Value is not "it" || t.Concept == Concept.Too)) return false;
        var words = text[said[0].Position..Math.Clamp(said[^1].End, said[0].Position, text.Length)].Replace('’', '\'').Trim(' ', ',', '.', ';', ':', '!', '?', '-', '–', '—', '(', ')', '\n');
        return words.Length > 0 && Forms.Any(f => f.IsMatch(words));
    }

    private static bool IsHarmless(Token token) => token.Kind is TokenKind.Word or TokenKind.Punctuation or TokenKind.Service || token.Kind == TokenKind.Number && !char.IsAsciiDigit(token.Text[0]) || token.Kind == TokenKind.Duration && token.Text.StartsWith("a ", StringComparison.Ordinal) || token.IsGuess && token.Kind != TokenKind.Version
        ? !Sets.Suspicious.Contains(token.Value) : false;
}
