using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>A text in sentences, and a sentence in the parts between its signs.</summary>
internal static class Segments
{
    public static IEnumerable<List<Token>> Sentences(IReadOnlyList<Token> tokens)
    {
        var sentence = new List<Token>();
        foreach (var token in tokens)
        {
            sentence.Add(token);
            if (token.Kind != TokenKind.Punctuation || token.Text is not ("." or ";" or "!" or "?" or "\n" or "•")) continue;
            yield return sentence;
            sentence = [];
        }
        if (sentence.Count > 0) yield return sentence;
    }

    /// <summary>Each with the sign or word that ends it.</summary>
    public static List<List<Token>> Parts(List<Token> sentence)
    {
        var (parts, part) = (new List<List<Token>>(), new List<Token>());
        for (var i = 0; i < sentence.Count; i++)
        {
            var token = sentence[i];
            var next = sentence.ElementAtOrDefault(i + 1);
            if (part.Count > 0 && token is { Concept: Concept.Separator, Value: "and" or "then" } && Remarks.Words(part).Count > 2 && Remarks.Is(part))
            {
                parts.Add([.. part, token]);
                part = [];
                continue;
            }
            if (part.Count > 0 && (token.Text is "(" or "[" || token.Value is "so" or "hence" or "therefore" or "thus" or "which" && part[^1].Kind != TokenKind.Punctuation) && token.Value != "which")
            {
                parts.Add(part);
                part = [];
            }
            part.Add(token);
            var splits = token.Kind == TokenKind.Punctuation && !(token.Text == ":" && i > 0 && sentence[i - 1].Kind == TokenKind.HeaderName) && token.Text is "," or ":" or ")" or "]" or "–" or "—" or "|" || token.Text is "->" or "→" or "=>" && i > 0 && sentence.Take(i).All(t => t.Kind is TokenKind.Word or TokenKind.Service or TokenKind.Punctuation) && next is { Kind: TokenKind.Word or TokenKind.Service } || token is { Kind: TokenKind.Punctuation, Text: "-" } && next is not null && next.Position > token.End && i > 0 && sentence[i - 1].End < token.Position;
            if (!splits) continue;
            parts.Add(part);
            part = [];
        }
        if (part.Count > 0) parts.Add(part);
        return parts;
    }
}
