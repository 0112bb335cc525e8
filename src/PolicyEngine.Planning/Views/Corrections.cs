using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>"send 5%, no, 10% of checkout", "cart - sorry, orders -", "3 times, make that 2": what is said last takes the place of what it is like.</summary>
internal static class Corrections
{
    private static readonly HashSet<string> Marks = ["no", "no,", "sorry", "oops", "pardon", "correction", "rather", "actually", "scratch that", "i mean", "make that", "make it", "wait", "strike that", "nope", "no wait", "hang on", "hm", "hmm", "er", "uh", "better", "meaning", "that is", "mean", "i meant", "meant", "not that", "or rather", "better:", "let's say", "say"];
    private static readonly TokenKind[] Kinds = [TokenKind.Percent, TokenKind.Duration, TokenKind.Rate, TokenKind.Number, TokenKind.Version, TokenKind.Service, TokenKind.Cidr, TokenKind.Path, TokenKind.Points, TokenKind.Status];

    /// <summary>The view with the one correction carried out; null where there is none, or it is not plain.</summary>
    public static View? Of(View view, IReadOnlyList<Token> tokens)
    {
        for (var i = 2; i < tokens.Count; i++)
        {
            // Behind a sign: a mark, then nothing but words of the same sort, then the value.
            if (tokens[i - 1] is not { Kind: TokenKind.Punctuation, Text: "," or "-" or "–" or "—" or "…" or "(" or "." or ";" } || !IsMark(tokens, i)) continue;
            var at = i;
            while (at < tokens.Count && (IsMark(tokens, at) || tokens[at].Concept is Concept.Filler or Concept.Preposition or Concept.Or or Concept.It or Concept.Set or Concept.Question || tokens[at].Text is "," or "-" or ":" or "–" or "—" || tokens[at].Value is "that" or "wait" or "on" or "hold")) at++;
            if (at >= tokens.Count || !Kinds.Contains(tokens[at].Kind)) continue;
            var now = tokens[at];
            var was = tokens.Take(i - 1).LastOrDefault(t => t.Kind == now.Kind) ?? (now.Kind == TokenKind.Rate && tokens.Take(i - 1).LastOrDefault(t => !t.IsGlue) is { Kind: TokenKind.Number } few ? few : null) ?? (now.Kind == TokenKind.Number ? tokens.Take(i - 1).LastOrDefault(t => t.Kind is TokenKind.Percent or TokenKind.Duration or TokenKind.Rate && char.IsAsciiDigit(t.Text[0])) : null)
                // "seven, sorry, eight minutes".
                ?? (now.Kind is TokenKind.Percent or TokenKind.Duration && tokens[i - 2] is { Kind: TokenKind.Number } bare ? bare : null);
            if (was is null || was.Value == now.Value && was.Number == now.Number) continue;
            // "5% to v2, no, 10% to v3": more is said anew than one thing.
            if (tokens.Skip(at + 1).TakeWhile(t => t.Concept != Concept.InsteadOf).Any(t => t.Kind == now.Kind) || tokens.Take(i - 1).Count(t => t.Kind == was.Kind) > 1 && !ReferenceEquals(was, tokens.Take(i - 1).LastOrDefault(t => !t.IsGlue))) return null;
            var end = at + 1 < tokens.Count && tokens[at + 1].Text is "-" or "–" or "—" or ")" or "," ? tokens[at + 1].End : now.End;
            var said = now.Kind == TokenKind.Number && was.Kind != TokenKind.Number ? now.Text + was.Text[was.Text.TakeWhile(c => char.IsAsciiDigit(c) || c is '.' or ',').Count()..] : view.Text[now.Position..now.End];
            var rest = end < view.Text.Length ? view.Text[end..] : "";
            return view with { Text = $"{view.Text[..was.Position]}{said}{view.Text[was.End..tokens[i - 1].Position]} {rest}" };
        }
        return null;
    }

    private static bool IsMark(IReadOnlyList<Token> tokens, int at) => Marks.Contains(tokens[at].Value) || tokens[at].Value.StartsWith("no", StringComparison.Ordinal) && tokens[at].Text.Equals("no", StringComparison.OrdinalIgnoreCase)
        || at + 1 < tokens.Count && Marks.Contains($"{tokens[at].Value} {tokens[at + 1].Value}");
}
