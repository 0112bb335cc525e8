using System.Text.RegularExpressions;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>
/// "Beta testers have the cookie beta=1. Send their search requests to v2", "/panic on corp.test is dead; answer it with a 410", "their range is
/// 203.0.113.0/25, add them to …": one clause tells of something that has no name, the next says what becomes of it. It is put in the place of the word that stands for it.
/// </summary>
internal static partial class Referring
{
    private static readonly TokenKind[] Things = [TokenKind.Cidr, TokenKind.Path, TokenKind.Host, TokenKind.HeaderName, TokenKind.Document, TokenKind.Status];

    /// <summary>The views with the word replaced; none where no clause tells so, or it is not plain for what a word stands.</summary>
    public static IEnumerable<View> Of(View view, IReadOnlyList<Token> tokens)
    {
        foreach (var clause in Clauses(tokens))
        {
            if (!Narration.TellsOf(clause, Things)) continue;
            var order = Pronoun().Match(view.Text, clause[^1].End);
            if (!order.Success || Thing(view.Text, clause) is not { } thing) continue;
            var (text, at) = (order.Value.ToLowerInvariant(), order.Index);
            // "that host": of a place only this.
            if (text.EndsWith("host", StringComparison.Ordinal) && thing.IsPlace)
            {
                if (clause.FindAll(t => t.Kind == TokenKind.Host) is not [var only]) continue;
                thing = new Told(only.Text, IsPlace: true);
            }
            var stop = Stop().Match(view.Text, at) is { Success: true } end ? end.Index : view.Text.Length;
            var said = thing.IsCondition && text == "their" || thing.IsCause
                ? $"{view.Text[..at]}{(text == "their" ? "" : thing.Service ?? text)}{view.Text[order.Index..stop][order.Length..]} {thing.Text}{view.Text[stop..]}"
                : $"{view.Text[..at]}{(thing.IsCondition ? "requests " : "")}{thing.Text}{(text == "their" ? "'s" : "")}{view.Text[(at + order.Length)..]}";
            yield return (view with { Text = said, Topic = tokens.Any(t => t.IsEntity && t.Position > clause[^1].Position) ? view.Topic : Only(clause) ?? view.Topic }).Without(clause[0].Position, clause[^1].End);
        }
    }

    /// <summary>Sentences, and parts of them that something follows.</summary>
    private static IEnumerable<List<Token>> Clauses(IReadOnlyList<Token> tokens) =>
        Segments.Sentences(tokens).SelectMany(s => Segments.Parts(s) is { Count: > 1 } parts ? parts.Append(s) : [s]).Where(c => c[^1].End < tokens[^1].End);

    private static Token? Only(List<Token> clause) => clause.Where(t => t.Kind == TokenKind.Service && !t.IsGuess).DistinctBy(t => t.Value).ToList() is [var one] ? one : null;

    private sealed record Told(string Text, bool IsCondition = false, bool IsCause = false, string? Service = null, bool IsPlace = false);

    /// <summary>What the clause tells of, in its own words; null where it tells of several things.</summary>
    private static Told? Thing(string text, List<Token> clause)
    {
        var things = clause.Where(t => Things.Contains(t.Kind) || t.Concept == Concept.Method || IsStatus(t)).ToList();
        string Span(Token from, Token to) => text[from.Position..to.End];
        if (Values(clause) is { } value)
        {
            var named = clause.FindIndex(t => ReferenceEquals(t, value.Name));
            var sort = clause.Take(named).LastOrDefault(t => t.Concept != Concept.Filler) is { Concept: Concept.Cookie or Concept.Query or Concept.Header } noun ? noun.Text + " " : "";
            return things.TrueForAll(t => ReferenceEquals(t, value.Name)) ? new Told($"with {sort}{Span(value.Name, value.Value)}", IsCondition: true) : null;
        }
        if (things.Count == 0) return null;
        var (first, last) = (things[0], things[^1]);
        var between = clause.Where(t => t.Position >= first.Position && t.Position <= last.Position).ToList();
        if (!between.TrueForAll(t => things.Contains(t) || t.IsGlue || t.Concept is Concept.Header or Concept.Request or Concept.Or or Concept.Host)) return null;
        if (things.TrueForAll(t => t.Kind == TokenKind.Status || IsStatus(t))) return new Told($"on {Span(first, last)}", IsCause: true, Service: Only(clause)?.Text);
        if (things.Select(t => t.Kind).Distinct().Count() > 1 && !things.TrueForAll(t => t.Kind is TokenKind.Path or TokenKind.Host || t.Concept == Concept.Method)) return null;
        if (first.Kind == TokenKind.Document && clause.Exists(t => t.Concept == Concept.Route)) return new Told($"the {first.Text} route");
        return new Told(first.Concept == Concept.Method && last.Kind == TokenKind.Path && things.Count == 2 ? $"{first.Text} requests on {last.Text}" : first.Kind == TokenKind.HeaderName && things.Count == 1 ? $"header {first.Text}" : Span(first, last), IsPlace: first.Kind is TokenKind.Path or TokenKind.Host);
    }

    /// <summary>A name, a sign, a value: "x-internal: yes", "cookie beta=1".</summary>
    private static (Token Name, Token Value)? Values(List<Token> clause)
    {
        var at = clause.FindIndex(1, t => t.Text is ":" or "=");
        return at > 0 && at + 1 < clause.Count && (clause[at - 1].Kind == TokenKind.HeaderName || clause.Take(at - 1).Any(t => t.Concept is Concept.Cookie or Concept.Query)) && clause[at - 1].End == clause[at].Position ? (clause[at - 1], clause[at + 1]) : null;
    }

    private static bool IsStatus(Token token) => token is { Kind: TokenKind.Number, Number: >= 400 and < 600 };

    [GeneratedRegex(@"\b(?:(?:that|those|these|this|such) (?:requests?|calls?|paths?|headers?|routes?|ranges?|(?:ip )?address(?:es)?|ips?|subnets?|hosts?|ones?|traffic|clients?|callers?|networks?)|its (?:ip )?(?:ranges?|networks?|address(?:es)?|ips?)|it|them|they|both(?: of them| of these| of those)?(?: ranges| networks| addresses| subnets| ips| blocks)?|(?:the|those|these) two(?: ranges| networks| addresses| subnets| ips| blocks)|(?:that|this) (?:one )?(?:box|machine|guy|thing|crawler|bot|scraper|host|source)|their|(?:that|those|these)(?=\s+(?:with|to|twice|once|thrice|from|on|at|by|for|away|off|a|an|should|must|may|can|are|is|[0-9])\b|\s*[.,;!?]|\s*$))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Pronoun();

    [GeneratedRegex(@"[.;!?](?:\s|$)|\n")]
    private static partial Regex Stop();
}
