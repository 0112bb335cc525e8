using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>"10% of checkout and 20% of search to v2": what two clauses of one feature share is said once, at the end or at the beginning.</summary>
internal static class Gapping
{
    public static List<Phrase> Filled<TClause>(List<Phrase> phrases, Func<IReadOnlyList<Token>, TClause?> clauseOf) where TClause : class =>
        [.. Bounded(Sent(phrases, clauseOf), clauseOf).Select((p, i) => Lacks(p) && Neighbour(phrases, i, clauseOf) is { } version ? new Phrase(p.Tokens.Append(version)) : p)];

    /// <summary>A value and what it is for, and not a word of what it is.</summary>
    public static bool Repeats(IReadOnlyList<Token> chunk) => chunk.Any(t => t.IsEntity) && (chunk.Any(t => t.Kind is TokenKind.Duration or TokenKind.Rate or TokenKind.Number or TokenKind.Percent) || IsSent(chunk)) || IsRest(chunk) || IsNarrower(chunk);

    /// <summary>"…, POSTs 5s", "…, /orders/export a minute": some of the requests that were named before, and their own value.</summary>
    public static bool IsNarrower(IReadOnlyList<Token> chunk) => chunk.Count(t => t.Kind is TokenKind.Duration or TokenKind.Rate) == 1 && chunk.Any(t => t.Kind is TokenKind.Path or TokenKind.HeaderName || t.Concept == Concept.Method)
        && chunk.All(t => t.IsGlue || t.Kind is TokenKind.Duration or TokenKind.Rate or TokenKind.Path or TokenKind.HeaderName or TokenKind.Quoted || t.Concept is Concept.Method or Concept.Request or Concept.Header or Concept.Path || t.Is("but"))
        && chunk.First(t => t.Kind is TokenKind.Duration or TokenKind.Rate) is var value && chunk.TakeWhile(t => !ReferenceEquals(t, value)).LastOrDefault(t => t.Concept != Concept.Filler) is not { Concept: Concept.Preposition, Value: not "to" };

    /// <summary>"all others after 2s".</summary>
    private static bool IsRest(IReadOnlyList<Token> chunk) => chunk.Any(t => t.Concept == Concept.Rest) && chunk.Any(t => t.Kind is TokenKind.Duration or TokenKind.Rate) && !chunk.Any(t => t.Kind is TokenKind.Percent or TokenKind.Version);

    /// <summary>"search to v2": a service and a version, and not a word of what is done.</summary>
    private static bool IsSent(IReadOnlyList<Token> chunk) => chunk.Where(t => !t.IsGlue && t.Concept is not (Concept.ServiceNoun or Concept.VersionNoun)).ToList() is [{ Kind: TokenKind.Service }, { Kind: TokenKind.Version }] && chunk.Any(t => t is { Concept: Concept.Preposition, Value: "to" });

    /// <summary>What is done to the first ("move orders to v2 and search to v2") is done to the next.</summary>
    private static List<Phrase> Sent<TClause>(List<Phrase> phrases, Func<IReadOnlyList<Token>, TClause?> clauseOf) where TClause : class
    {
        var sent = phrases.ToList();
        for (var i = 1; i < sent.Count; i++)
            if (clauseOf(sent[i].Tokens) is null && IsSent(sent[i].Tokens) && sent[i - 1].Tokens.FirstOrDefault(t => t.Concept is not Concept.Filler && t.Kind != TokenKind.Punctuation && t.Concept != Concept.Separator) is { Concept: Concept.Send or Concept.Route } verb)
                sent[i] = new Phrase(sent[i].Tokens.Prepend(verb));
        return sent;
    }

    /// <summary>"connect time-outs: payments 250ms, accounts 350ms": of which time the first is, the others are as well.</summary>
    private static List<Phrase> Bounded<TClause>(List<Phrase> phrases, Func<IReadOnlyList<Token>, TClause?> clauseOf) where TClause : class
    {
        var bounded = phrases.ToList();
        for (var i = 1; i < bounded.Count; i++)
        {
            var (first, next) = (bounded[i - 1].Tokens, bounded[i].Tokens);
            if (!next.Any(t => t.Kind == TokenKind.Duration) || clauseOf(next) is not null || !Repeats(next) || next.Any(t => t.Concept is Concept.Idle or Concept.Connect or Concept.Timeout or Concept.Request or Concept.Total)) continue;
            var kinds = first.Where(t => t.Concept is Concept.Idle or Concept.Connect).DistinctBy(t => t.Concept).ToList();
            // "payments idle 30s, statements 2m": said behind a name, it may be of that one alone.
            if (kinds is [var kind] && first.FirstOrDefault(t => t.IsEntity) is { } named && named.Position < kind.Position && !bounded[i - 1].Tokens[^1].Equals(kind)) kinds = [.. new[] { Concept.Idle, Concept.Connect }.Select(c => new Token(TokenKind.Word, kind.Text, kind.Position) { Concept = c })];
            bounded[i] = new Phrase(next.Concat(kinds));
        }
        return bounded;
    }

    /// <summary>A share of a service, and no version for it.</summary>
    private static bool Lacks(Phrase phrase) => phrase.Tokens.Any(t => t.Kind == TokenKind.Service) && phrase.Tokens.Count(t => t.Kind == TokenKind.Percent) == 1 && !Names(phrase).Any() && !phrase.Tokens.Any(t => t.Concept is Concept.Canary or Concept.Newer or Concept.Older or Concept.Raise or Concept.Lower);

    private static Token? Neighbour<TClause>(List<Phrase> phrases, int at, Func<IReadOnlyList<Token>, TClause?> clauseOf) where TClause : class =>
        new[] { at + 1, at - 1 }.Where(i => i >= 0 && i < phrases.Count && clauseOf(phrases[i].Tokens) is { } clause && clause == clauseOf(phrases[at].Tokens) && phrases[i].Tokens.Count(t => t.Kind == TokenKind.Percent) == 1)
            .Select(i => Names(phrases[i]).ToList()).FirstOrDefault(v => v.Count == 1)?[0];

    private static IEnumerable<Token> Names(Phrase phrase) => phrase.Tokens.Where(t => t.Kind == TokenKind.Version);
}
