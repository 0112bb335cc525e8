using System.Net;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>"block 203.0.113.0/24 except 203.0.113.7", "…, 203.0.113.7 is fine": of a range, what is left without a part of it.</summary>
internal static class OtherRanges
{
    /// <summary>More would be no list that anybody reads.</summary>
    private const int Most = 24;

    private static readonly HashSet<string> Spared = ["is fine", "are fine", "is ok", "are ok", "is okay", "are okay", "is good", "are good", "is ours", "is harmless", "is alright", "fine", "ok", "okay", "ours", "harmless", "exempt", "exempted", "excluded", "excepted", "spared", "alone"];

    /// <summary>The tokens with what is left of the range; the same where nothing is taken out of one.</summary>
    public static List<Token> Folded(List<Token> tokens)
    {
        if (tokens.Count(t => t.Kind == TokenKind.Cidr) < 2 || !tokens.Exists(t => t.Concept is Concept.Deny or Concept.Allow or Concept.Only or Concept.Limit or Concept.Reach) || tokens.Exists(t => t.Kind == TokenKind.Rate)) return tokens;
        for (var i = 1; i < tokens.Count; i++)
        {
            var end = i;
            while (end < tokens.Count && !(tokens[end].Kind == TokenKind.Punctuation && tokens[end].Text is "." or ";" or "!" or ")" or "–" or "—" || tokens[end].Text == "," && tokens.ElementAtOrDefault(end + 1) is not { Kind: TokenKind.Cidr })) end++;
            var said = tokens.GetRange(i, end - i);
            var parts = said.FindAll(t => t.Kind == TokenKind.Cidr);
            var excepts = tokens[i].Concept == Concept.Except;
            if (parts.Count == 0 || !excepts && !(IsJoint(tokens[i - 1]) && said.Exists(t => Spared.Contains(t.Value))) || !said.TrueForAll(t => t.Kind is TokenKind.Cidr or TokenKind.Service || t.Text == "," || t.Kind == TokenKind.Word && (t.IsGlue || Spared.Contains(t.Value) || t.Concept is Concept.Except or Concept.Client or Concept.Separator or Concept.Or or Concept.It || t.Value is "leave"))) continue;
            var first = i;
            while (first > 0 && IsJoint(tokens[first - 1]) && !(tokens[first - 1].Value == "only" && first > 1 && !IsJoint(tokens[first - 2]))) first--;
            if (end < tokens.Count && tokens[end].Text == ")" && first < i && tokens[first].Text == "(") end++;
            List<Token> rest = [.. tokens.Take(first), .. said.FindAll(t => t.Kind == TokenKind.Service), .. tokens.Skip(end)];
            foreach (var part in parts)
            {
                if (rest.FindAll(t => t.Kind == TokenKind.Cidr && t.Range != part.Range && t.Range.Contains(part.Range)) is not [var whole]) return tokens;
                var left = Without(whole.Range, part.Range).ToList();
                if (left.Count > Most) return excepts ? tokens : [.. tokens.Take(first), new Token(TokenKind.Word, string.Join(' ', said.Select(t => t.Text)), said[0].Position) { Concept = Concept.Except, End = said[^1].End }, .. tokens.Skip(end)];
                var at = rest.IndexOf(whole);
                rest.RemoveAt(at);
                rest.InsertRange(at, left.Select(r => whole with { Range = r, Value = r.ToString() }));
            }
            return rest;
        }
        return tokens;
    }

    /// <summary>The largest ranges that fill a range around a part of it.</summary>
    public static IEnumerable<Cidr> Without(Cidr whole, Cidr part)
    {
        for (var length = whole.PrefixLength + 1; length <= part.PrefixLength; length++)
        {
            var bytes = IPAddress.Parse(part.Address).GetAddressBytes();
            bytes[(length - 1) / 8] ^= (byte)(0x80 >> ((length - 1) % 8));
            if (Cidr.TryParse($"{new IPAddress(bytes)}/{length}", out var other)) yield return other;
        }
    }

    private static bool IsJoint(Token token) => token is { Kind: TokenKind.Punctuation, Text: "," or ";" or "." or "(" or "–" or "—" or "-" } || token.Value is "but" or "only" or "while" or "though" or "and";
}
