using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>What one sentence names and the next only points at: headers ("… Remove both"), a path ("… Answer it with a 410"), a condition ("… Send their requests to v2"), a status ("… Retry those").</summary>
internal static class DefinedThings
{
    public static View? Of(View view, IReadOnlyList<Token> tokens)
    {
        var list = tokens.ToList();
        for (var stop = list.FindIndex(IsEnd); stop > 1 && stop < list.Count - 1; stop = list.FindIndex(stop + 1, IsEnd))
        {
            var start = list.FindLastIndex(stop - 1, t => t.Text is "." or ";" or "!" or "\n") + 1;
            var end = list.FindIndex(stop + 1, t => t.Kind == TokenKind.Punctuation && t.Text is "." or ";" or "!" or "\n");
            var (said, order) = (list.GetRange(start, stop - start), list.GetRange(stop + 1, (end < 0 ? list.Count : end) - stop - 1));
            if (said.Count < 2 || order.Count < 2 || order.Find(t => Definitions.IsPronoun(t) && !IsArticle(order, t) || IsTheirs(t)) is not { } pronoun || said.Exists(Orders)) continue;
            if ((Headers(said, order, pronoun, view.Text) ?? Status(said, order, pronoun) ?? Path(said, order, pronoun) ?? Condition(said, order, pronoun, view.Text)) is not var (place, more)) continue;
            var last = order[^1].End;
            var text = view.Text[..pronoun.Position] + place + view.Text[pronoun.End..last] + more + view.Text[last..];
            return (view with { Text = text }).Without(said[0].Position, list[stop].End);
        }
        return null;
    }

    /// <summary>"their requests" is one word here.</summary>
    private static bool IsTheirs(Token token) => token is { Kind: TokenKind.Word, Value: "their requests" or "their traffic" };

    private static bool IsEnd(Token token) => token.Kind == TokenKind.Punctuation && token.Text is "." or ";" or "!" or "\n" || token.Value is "so" or "so please";

    /// <summary>"that service", "this week": no word that stands alone. "Those requests" and "their calls" stand for what was said.</summary>
    private static bool IsArticle(List<Token> order, Token token) => token.Value is "that" or "this" or "these" or "those" && order.ElementAtOrDefault(order.IndexOf(token) + 1) is { } next && (next.IsEntity || next is { Kind: TokenKind.Word, Concept: not (Concept.Preposition or Concept.Request or Concept.Answer or Concept.Filler or Concept.Times or Concept.Separator) }) && next.Value is not "twice";

    /// <summary>Has a value of its own, or begins as an order does.</summary>
    private static bool Orders(Token token) => token.Kind is TokenKind.Duration or TokenKind.Percent or TokenKind.Rate or TokenKind.Cidr or TokenKind.Points or TokenKind.Document || token.Concept is Concept.If or Concept.Until or Concept.Except or Concept.Only or Concept.Without or Concept.InsteadOf || token.Text == "?";

    private static (string, string)? Headers(List<Token> said, List<Token> order, Token pronoun, string text)
    {
        var names = said.FindAll(t => t.Kind == TokenKind.HeaderName);
        if (names.Count == 0 || said.Exists(t => t.Kind == TokenKind.Quoted) || order.Exists(t => t.Kind == TokenKind.HeaderName) || !order.Exists(t => t.Concept == Concept.Stop) || said.Find(t => !t.IsGlue) is { Concept: Concept.Set or Concept.Stop or Concept.Send }) return null;
        if (pronoun.Value.StartsWith("their", StringComparison.Ordinal) || names.Count == 1 == pronoun.Value is "both" or "them" or "these" or "those") return null;
        var place = names.Count == 1 ? $"the {names[0].Text} header" : $"the headers {string.Join(" and ", names.Select(n => n.Text))}";
        return (place + Named(said, order), "");
    }

    private static (string, string)? Path(List<Token> said, List<Token> order, Token pronoun)
    {
        if (said.FindAll(t => t.Kind == TokenKind.Path) is not [var path] || pronoun.Value is "their" or "both" || IsTheirs(pronoun) || said.Exists(t => t.IsEntity || t.Kind is TokenKind.Version or TokenKind.HeaderName) || order.Exists(t => t.Kind == TokenKind.Host)) return null;
        var rest = said.FindAll(t => t.Kind is not TokenKind.Host && t.Concept is not (Concept.Method or Concept.Delay)).ConvertAll(t => t.Kind == TokenKind.Path ? new Token(TokenKind.Word, "something", t.Position) : t);
        if (said.Exists(t => t.Concept == Concept.Delay && t.Value is not ("slow" or "slower" or "sluggish")) || !Remarks.IsHarmless(Remarks.Words(rest))) return null;
        var host = said.Find(t => t.Kind == TokenKind.Host)?.Text ?? "";
        return ($"{string.Concat(said.FindAll(t => t.Concept == Concept.Method).Select(m => m.Text + " "))}{host}{path.Text}", "");
    }

    private static (string, string)? Condition(List<Token> said, List<Token> order, Token pronoun, string text)
    {
        var first = said.FindIndex(t => t.Kind == TokenKind.HeaderName || t.Concept is Concept.Cookie or Concept.Query);
        if (first < 0 || pronoun.Value is "it" or "both" || order.Exists(t => t.Kind is TokenKind.HeaderName or TokenKind.Quoted)) return null;
        var last = said.FindLastIndex(t => t.Kind == TokenKind.Quoted);
        // The condition is one piece, at the end, and the rest says who they are.
        if (last != said.Count - 1 || last - first > 5 || said.Count(t => t.Kind == TokenKind.Quoted) > 2 || said.Take(first).Any(t => t.Kind == TokenKind.Quoted) || said.Take(first).Any(t => t.IsEntity || t.Kind is not (TokenKind.Word or TokenKind.Punctuation) || Sets.Modals.Contains(t.Value) || t.Concept is Concept.Set or Concept.Stop or Concept.Deny or Concept.Require or Concept.Not)) return null;
        var requests = pronoun.Value is "their" || order.ElementAtOrDefault(order.IndexOf(pronoun) + 1)?.Concept == Concept.Request ? "" : "requests";
        return (requests, $" for requests with {(said[first].Kind == TokenKind.HeaderName ? "header " : "")}{text[said[first].Position..said[last].End]}");
    }

    /// <summary>"catalog-api sometimes answers 503. Retry those twice."</summary>
    private static (string, string)? Status(List<Token> said, List<Token> order, Token pronoun)
    {
        if (said.FindAll(t => t.Kind == TokenKind.Status || t.Kind == TokenKind.Number && t.Number is >= 400 and <= 599) is not [var status] || said.FindAll(t => t.Kind == TokenKind.Service) is not [{ IsGuess: false } service] || said.Exists(t => Sets.Modals.Contains(t.Value) || t.Concept is Concept.Set or Concept.Stop or Concept.Not)) return null;
        return order.Exists(t => t.Concept == Concept.Retry) && !order.Exists(t => t.Concept is Concept.Not or Concept.Without or Concept.Stop) && pronoun.Value is "those" or "them" or "these" or "that" && !order.Exists(t => t.IsEntity || t.Kind == TokenKind.Status || t.Kind == TokenKind.Number && t.Number >= 400) ? ($"{service.Value} on {status.Text}", "") : null;
    }

    private static string Named(List<Token> said, List<Token> order) => !order.Exists(t => t.IsEntity) && said.FindAll(t => t.Kind == TokenKind.Service).DistinctBy(t => t.Value).ToList() is [{ IsGuess: false } service] ? $" on {service.Value}" : "";
}
