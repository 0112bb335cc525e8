using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>
/// "Their range is 203.0.113.0/25. Please add them …", "cash machines say x-channel: atm; those requests …": one sentence says who they are, the
/// next what becomes of them. What says who they are is put in the place of the word that stands for them.
/// </summary>
internal static class Definitions
{
    private static readonly HashSet<string> They = ["they", "them", "it", "these", "those", "that range", "this range", "these addresses", "those addresses"];

    /// <summary>Null where nothing is said so, or it is not plain for what a word stands.</summary>
    public static View? Of(View view, IReadOnlyList<Token> tokens)
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
        if (said.Count < 2 || !Remarks.IsHarmless(Remarks.Words(said.Where(t => t.Kind is not TokenKind.Cidr))) || said.Exists(t => t.Concept is Concept.Deny or Concept.Allow or Concept.Limit)) return null;
        if (order.Find(t => t.Kind == TokenKind.Word && (They.Contains(t.Value) || They.Contains(t.Text.ToLowerInvariant()) || t.Value is "their")) is not { } pronoun) return null;
        var text = view.Text[..pronoun.Position] + range.Text + (pronoun.Value == "their" ? "'s" : "") + view.Text[pronoun.End..];
        return (view with { Text = text }).Without(tokens[start].Position, tokens[stop].End);
    }
}
