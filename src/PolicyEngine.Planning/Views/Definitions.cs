using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>
/// "Their range is 203.0.113.0/25. Please add them …", "cash machines say x-channel: atm; those requests …": one sentence says who or what they are,
/// the next what becomes of them. What says it is put in the place of the word that stands for it.
/// </summary>
internal static class Definitions
{
    private static readonly HashSet<string> They = ["they", "them", "it", "these", "those", "that", "this", "both", "that range", "this range", "these addresses", "those addresses"];

    /// <summary>Null where nothing is said so, or it is not plain for what a word stands.</summary>
    public static View? Of(View view, IReadOnlyList<Token> tokens) => OfRange(view, tokens) ?? Apposed(view, tokens) ?? Whose(view, tokens) ?? DefinedThings.Of(view, tokens);

    /// <summary>Whether the word stands for what was named before.</summary>
    public static bool IsPronoun(Token token) => token.Kind == TokenKind.Word && (They.Contains(token.Value) || They.Contains(token.Text.ToLowerInvariant()) || token.Value is "their");

    private static View? OfRange(View view, IReadOnlyList<Token> tokens)
    {
        var ranges = tokens.Where(t => t.Kind == TokenKind.Cidr).ToList();
        if (ranges is not [var range]) return null;
        var stop = tokens.ToList().FindIndex(t => t.Position > range.Position && t.Kind == TokenKind.Punctuation && t.Text is "." or ";" or "!" or "\n" or "," or ":");
        if (stop < 0) return null;
        var start = tokens.Take(stop).ToList().FindLastIndex(t => t.Position < range.Position && t.Kind == TokenKind.Punctuation && t.Text is "." or ";" or "!" or "\n" or ":") + 1;
        // With brackets and what follows them it is one sentence.
        if (tokens.Skip(start).Take(stop - start).Any(t => t.Text == "(")) stop = tokens.ToList().FindIndex(stop, t => t.Text is "." or ";" or "!" or "\n");
        if (stop < 0) return null;
        var said = tokens.Skip(start).Take(stop - start).ToList();
        var order = tokens.Skip(stop + 1).ToList();
        if (said.Count < 2 || !Remarks.IsHarmless(Remarks.Words(said.Where(t => t.Kind is not TokenKind.Cidr && t.Value is not ("use" or "uses") && !(t.Kind is TokenKind.Number or TokenKind.Percent && !t.Text.Any(char.IsAsciiDigit))))) || said.Exists(t => t.Concept is Concept.Deny or Concept.Allow or Concept.Limit)) return null;
        if (order.Find(t => t.Value is not ("that" or "this") && IsPronoun(t)) is not { } pronoun) return null;
        var text = view.Text[..pronoun.Position] + range.Text + (pronoun.Value == "their" ? "'s" : "") + view.Text[pronoun.End..];
        return (view with { Text = text }).Without(tokens[start].Position, tokens[stop].End);
    }

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
        var who = view.Text[list[first].Position..list[open - 1].End];
        return view with { Text = $"{view.Text[..list[first].Position]}{string.Join(" and ", inside.Where(t => t.Kind == TokenKind.Cidr).Select(t => t.Text))}{view.Text[list[close].End..]}", Background = view.Background.Add(who) };
    }

    /// <summary>"Uploads may be used by two studios only. Their networks are 192.0.2.0/24 and 198.51.100.0/25.": who is meant comes behind.</summary>
    private static View? Whose(View view, IReadOnlyList<Token> tokens)
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
