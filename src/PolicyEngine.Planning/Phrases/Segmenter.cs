using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>
/// A sentence to clauses: it is cut where words join, and what begins no clause of its own belongs to the one before ("10.0.0.0/8 and
/// 192.168.0.0/16", "retries on 5xx and reset").
/// </summary>
internal static class Segmenter
{
    public static List<Phrase> Split<TClause>(IReadOnlyList<Token> tokens, Func<IReadOnlyList<Token>, TClause?> clauseOf) where TClause : class
    {
        var phrases = new List<List<Token>>();
        foreach (var chunk in Chunks(tokens))
        {
            var clause = clauseOf(chunk);
            var before = phrases.Count == 0 ? null : clauseOf(phrases[^1]);
            if (phrases.Count > 0 && (clause is null || before is null || clause == before && !StandsAlone(chunk))) phrases[^1].AddRange(chunk);
            else phrases.Add(chunk);
        }
        return [.. phrases.Select(p => new Phrase(p))];
    }

    /// <summary>More of the same ("60% to v2 and 40% to v1") names neither what to do nor to whom.</summary>
    private static bool StandsAlone(List<Token> chunk) => chunk.Exists(t =>
        t.Kind is TokenKind.Service or TokenKind.Gateway or TokenKind.Fleet
        || t.Concept is Concept.Send or Concept.Mirror or Concept.Limit or Concept.Deny or Concept.Allow or Concept.Retry or Concept.Timeout or Concept.Delay or Concept.Abort
            or Concept.Redirect or Concept.Answer or Concept.Stop or Concept.Set or Concept.Raise or Concept.Lower or Concept.Double or Concept.Halve);

    private static IEnumerable<List<Token>> Chunks(IReadOnlyList<Token> tokens)
    {
        var chunk = new List<Token>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var cuts = token.Kind == TokenKind.Punctuation && token.Text is "," or ";" or "." or "!" or "?" or "&" or "+" || token.Concept == Concept.Separator || token.Is("with") || token.Is("but");
            if (cuts && chunk.Count > 0)
            {
                yield return chunk;
                chunk = [];
            }
            // "but" means something; the others only join.
            if (!cuts || token.Is("but") || token.Is("with")) chunk.Add(token);
        }
        if (chunk.Count > 0) yield return chunk;
    }
}
