using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>"10% of checkout and 20% of search to v2": what two clauses of one feature share is said once, at the end or at the beginning.</summary>
internal static class Gapping
{
    public static List<Phrase> Filled<TClause>(List<Phrase> phrases, Func<IReadOnlyList<Token>, TClause?> clauseOf) where TClause : class =>
        [.. phrases.Select((p, i) => Lacks(p) && Neighbour(phrases, i, clauseOf) is { } version ? new Phrase(p.Tokens.Append(version)) : p)];

    /// <summary>A value and what it is for, and not a word of what it is.</summary>
    public static bool Repeats(IReadOnlyList<Token> chunk) => chunk.Any(t => t.IsEntity) && chunk.Any(t => t.Kind is TokenKind.Duration or TokenKind.Rate or TokenKind.Number or TokenKind.Percent);

    /// <summary>A share of a service, and no version for it.</summary>
    private static bool Lacks(Phrase phrase) => phrase.Tokens.Any(t => t.Kind == TokenKind.Service) && phrase.Tokens.Count(t => t.Kind == TokenKind.Percent) == 1 && !Names(phrase).Any() && !phrase.Tokens.Any(t => t.Concept is Concept.Canary or Concept.Newer or Concept.Older or Concept.Raise or Concept.Lower);

    private static Token? Neighbour<TClause>(List<Phrase> phrases, int at, Func<IReadOnlyList<Token>, TClause?> clauseOf) where TClause : class =>
        new[] { at + 1, at - 1 }.Where(i => i >= 0 && i < phrases.Count && clauseOf(phrases[i].Tokens) is { } clause && clause == clauseOf(phrases[at].Tokens) && phrases[i].Tokens.Count(t => t.Kind == TokenKind.Percent) == 1)
            .Select(i => Names(phrases[i]).ToList()).FirstOrDefault(v => v.Count == 1)?[0];

    private static IEnumerable<Token> Names(Phrase phrase) => phrase.Tokens.Where(t => t.Kind == TokenKind.Version);
}
