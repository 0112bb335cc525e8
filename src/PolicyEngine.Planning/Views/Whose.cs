using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>"Uploads may be used by two studios only. Their networks are 192.0.2.0/24 and 198.51.100.0/25.": who is meant comes behind, and takes the place of the word for them.</summary>
internal static class Whose
{
    /// <summary>Null where nothing says so.</summary>
    public static View? Of(View view, IReadOnlyList<Token> tokens) => Apposed(view, tokens) ?? Behind(view, tokens);

    /// <summary>"traffic from the Linz branch (10.31.0.0/16)": who that is stands in brackets behind.</summary>
    private static View? Apposed(View view, IReadOnlyList<Token> tokens)
    {
        var list = tokens.ToList();
        var open = list.FindIndex(t => t.Text == "(");
        var close = open < 1 ? -1 : list.FindIndex(open, t => t.Text == ")");
        var inside = close < 0 ? [] : list.GetRange(open + 1, close - open - 1);
        if (inside.Count == 0 || !inside.TrueForAll(t => t.Kind == TokenKind.Cidr || t.Concept is Concept.Separator or Concept.Or || t.Text == ",") || list.Skip(close).Any(t => t.Text == "(")) return null;
        var first = open;
        while (first > 0 && open - first < 5 && (IsWho(list[first - 1]) || list[first - 1].Concept is Concept.Client or Concept.Older or Concept.Newer)) first--;
        if (first == open || !list.GetRange(first, open - first).Exists(IsWho)) return null;
        while (first > 0 && list[first - 1].Value is "its" or "their" or "the" or "our" or "those" or "these" or "his" or "her") first--;
        var who = view.Text[list[first].Position..list[open - 1].End];
        return view with { Text = $"{view.Text[..list[first].Position]}{string.Join(" and ", inside.Where(t => t.Kind == TokenKind.Cidr).Select(t => t.Text))}{view.Text[list[close].End..]}", Background = view.Background.Add(who) };
    }

    /// <summary>"Their networks are …" behind the order.</summary>
    private static View? Behind(View view, IReadOnlyList<Token> tokens)
    {
        var list = tokens.ToList();
        var ranges = list.Where(t => t.Kind == TokenKind.Cidr).ToList();
        var stop = list.FindIndex(t => t is { Kind: TokenKind.Punctuation, Text: "." or ";" or "!" or ":" or "\n" });
        if (ranges.Count == 0 || stop < 2 || ranges[0].Position < list[stop].Position) return null;
        var (order, behind) = (list.GetRange(0, stop), list.GetRange(stop + 1, list.Count - stop - 1));
        var says = behind.FindAll(t => t.Kind != TokenKind.Punctuation && t.Concept != Concept.Separator);
        // "their networks are …", "they come from …", and nothing more.
        if (says.Count <= ranges.Count || !(says[0].Value is "their" or "they" or "those" or "these" or "its") || !says.TrueForAll(t => t.Kind == TokenKind.Cidr || t.Concept is Concept.Filler or Concept.Client or Concept.Preposition or Concept.Or || Sets.Copulas.Contains(t.Value) || t.Value is "use" or "uses")) return null;
        var runs = new List<List<Token>>();
        for (var i = 0; i < order.Count; i++)
        {
            if (!IsWho(order[i])) continue;
            if (i > 0 && runs.Count > 0 && ReferenceEquals(runs[^1][^1], order[i - 1])) runs[^1].Add(order[i]);
            else runs.Add([order[i]]);
        }
        if (runs is not [var who] || !who.Exists(t => t.Kind == TokenKind.Word) || order.Exists(t => t.Kind is TokenKind.Duration or TokenKind.Rate or TokenKind.Percent)) return null;
        var (named, meant) = (string.Join(" and ", ranges.Select(r => r.Text)), view.Text[who[0].Position..who[^1].End]);
        var text = view.Text[..who[0].Position] + named + view.Text[who[^1].End..];
        var shift = text.Length - view.Text.Length;
        return (view with { Text = text, Background = view.Background.Add(meant) }).Without(behind[0].Position + shift, Math.Min(behind[^1].End + shift, text.Length));
    }

    private static bool IsWho(Token token) => token.Kind == TokenKind.Word && (token.Concept is Concept.None or Concept.Foreign or Concept.User or Concept.Client || Sets.Consumers.Contains(token.Value)) && token.Concept is not (Concept.Reach or Concept.Request)
        || token is { Kind: TokenKind.Number } && char.IsLetter(token.Text[0]);
}
