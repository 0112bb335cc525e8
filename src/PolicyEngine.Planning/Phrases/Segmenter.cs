using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>
/// A sentence to clauses: it is cut where words join, unless they join things of one kind ("search and cart", "GET or POST"); what begins no
/// clause of its own belongs to the one before ("10.0.0.0/8 and 192.168.0.0/16"), or to the first one after ("on checkout, …").
/// </summary>
internal static class Segmenter
{
    public static List<Phrase> Split<TClause>(IReadOnlyList<Token> tokens, Func<IReadOnlyList<Token>, TClause?> clauseOf) where TClause : class
    {
        var phrases = new List<List<Token>>();
        var chunks = Chunks(tokens).ToList();
        for (var n = 0; n < chunks.Count; n++)
        {
            var chunk = chunks[n];
            var clause = clauseOf(chunk);
            // "when it fails with 502, retry": a condition is a part of what follows.
            var before = phrases.Count == 0 || phrases[^1].Find(t => t.Concept is not (Concept.Filler or Concept.Separator) && t.Kind != TokenKind.Punctuation) is { Concept: Concept.If } ? null : clauseOf(phrases[^1]);
            var joins = phrases.Count > 0 && (clause is null || before is null || clause == before && (!StandsAlone(chunk) || SaysNoMore(chunk) || chunk[0].Is("with") && clause == before));
            // "… and 4s for users": the same again, about something else.
            if (clause is null && phrases.Count > 0 && (before is not null || phrases.Count > 1 && Gapping.Repeats(phrases[^1])) && Gapping.Repeats(chunk) && phrases[^1].Exists(t => t.IsEntity || Gapping.IsNarrower(chunk) && t.Kind == TokenKind.Path) && (!Gapping.IsNarrower(chunk) || phrases[^1].Exists(t => t.Kind is TokenKind.Duration or TokenKind.Rate && chunk.Exists(c => c.Kind == t.Kind)))) joins = false;
            // "…, and if it fails with 502, retry": the condition begins what follows.
            if (clause is null && IsCondition(chunk) && before is not null) joins = false;
            // "mirror rates requests with x-trial: 1 to v2": which of them, and where to.
            if (!joins && phrases.Count > 0 && chunk[0].Is("with") && chunk.Exists(t => t.Kind == TokenKind.HeaderName || t.Concept is Concept.Cookie or Concept.Query) && phrases[^1].Exists(t => t.Concept == Concept.Mirror) && !phrases[^1].Exists(t => t.Kind == TokenKind.Version)) joins = true;
            // "…; send requests with x-legacy: 1 to v1": a sentence of its own, though it takes two pieces to see which.
            if (joins && clause is null && chunk[0].Text is "." or ";" && chunk.Exists(t => t.Concept is Concept.Send or Concept.Route or Concept.Mirror or Concept.Limit or Concept.Retry) && n + 1 < chunks.Count && chunks[n + 1][0].Text is not ("." or ";") && clauseOf([.. chunk, .. chunks[n + 1]]) is not null) joins = false;
            // "… after 6s. And ads, when it fails, …": a name at the head of a sentence is what that sentence is about.
            if (joins && clause is null && before is not null && Begins(chunks, n) && chunk.Exists(t => t.IsEntity) && chunk.TrueForAll(t => t.IsGlue || t.IsEntity || t.Concept is Concept.ServiceNoun or Concept.Too) && n + 1 < chunks.Count && chunks[n + 1][0].Text is "," && (clauseOf([.. chunk, .. chunks[n + 1]]) is not null || IsCondition(chunks[n + 1]))) joins = false;
            // "uploads with x-studio: north go to v2, all others to v1": two orders, of two sorts of requests.
            if (joins && Remains(chunk) && phrases[^1].Exists(t => t.Kind is TokenKind.HeaderName or TokenKind.Path || t.Concept is Concept.Cookie or Concept.Query or Concept.Method) && phrases[^1].Count(t => t.Kind == TokenKind.Version) == 1 && !phrases[^1].Exists(t => t.Kind == TokenKind.Percent || t.Concept == Concept.Rest)) joins = false;
            // "hit 20% of checkout with the delay": what is done to that share.
            if (!joins && phrases.Count > 0 && chunk[0].Is("with") && chunk.Exists(t => t.Concept is Concept.Delay or Concept.Abort) && !chunk.Exists(t => t.IsEntity || t.Kind is TokenKind.Duration) && phrases[^1].Exists(t => t.Kind == TokenKind.Percent) && !phrases[^1].Exists(t => t.Kind == TokenKind.Version || t.Concept is Concept.Delay or Concept.Abort or Concept.Mirror)) joins = true;
            if (joins) phrases[^1].AddRange(chunk);
            else phrases.Add(chunk);
        }
        // A condition that nothing follows is a part of what came before.
        for (var i = phrases.Count - 1; i > 0; i--)
            if (IsCondition(phrases[i]) && clauseOf(phrases[i]) is null)
            {
                phrases[i - 1].AddRange(phrases[i]);
                phrases.RemoveAt(i);
            }
        return [.. phrases.Select(p => new Phrase(p))];
    }

    private static bool Remains(List<Token> chunk) => chunk.Exists(t => t.Concept == Concept.Rest) && chunk.Count(t => t.Kind == TokenKind.Version) == 1 && !chunk.Exists(t => t.Kind is TokenKind.Percent or TokenKind.Number or TokenKind.HeaderName or TokenKind.Path || t.IsEntity || t.Concept is Concept.Not or Concept.Method);

    private static bool Begins(List<List<Token>> chunks, int at) => chunks[at][0].Text is "." or ";" or "!" or "\n" || at > 0 && chunks[at][0].Concept == Concept.Separator && chunks[at - 1] is [{ Text: "." or ";" or "!" or "\n" }];

    /// <summary>More of the same ("60% to v2 and 40% to v1") names neither what to do nor to whom.</summary>
    private static bool StandsAlone(List<Token> chunk) => (chunk.Exists(t => t.IsEntity) || !chunk.Exists(t => t.Concept == Concept.Rest)) && chunk.Exists(t => t.IsEntity || t.Kind is TokenKind.Url
        || t.Concept is Concept.Send or Concept.Promote or Concept.Mirror or Concept.Limit or Concept.Deny or Concept.Allow or Concept.Retry or Concept.Timeout or Concept.Delay or Concept.Abort
            or Concept.Redirect or Concept.Answer or Concept.Stop or Concept.Set or Concept.Raise or Concept.Lower or Concept.Double or Concept.Triple or Concept.Halve or Concept.Undo);

    /// <summary>Nothing but a word for it ("…, give up").</summary>
    private static bool SaysNoMore(List<Token> chunk) => chunk.TrueForAll(t => t.Kind is TokenKind.Word or TokenKind.Punctuation && t.Concept is not (Concept.Stop or Concept.Undo or Concept.Double or Concept.Halve));

    private static bool IsCondition(List<Token> chunk) => chunk.Find(t => t.Concept is not (Concept.Filler or Concept.Separator) && t.Kind != TokenKind.Punctuation) is { Concept: Concept.If };

    private static IEnumerable<List<Token>> Chunks(IReadOnlyList<Token> tokens)
    {
        var chunk = new List<Token>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var stops = token.Kind == TokenKind.Punctuation && token.Text is "," or ";" or "." or "!" or "?" or "&" or "+" or "\n" or "–" or "—" or "•";
            stops |= token is { Kind: TokenKind.Punctuation, Text: "-" } && i > 0 && tokens[i - 1].End < token.Position && i + 1 < tokens.Count && tokens[i + 1].Position > token.End;
            var cuts = stops || token.Concept is Concept.Separator or Concept.Too || token.Is("with") || token.Is("but");
            if (cuts && chunk.Count > 0 && !Coordinates(tokens, i) && !BoundsBackOff(tokens, i, chunk))
            {
                yield return chunk;
                chunk = [];
            }
            chunk.Add(token);
        }
        if (chunk.Count > 0) yield return chunk;
    }

    /// <summary>"50ms back-off to begin with and never more than 1s": how long the longest is, and no time-out.</summary>
    private static bool BoundsBackOff(IReadOnlyList<Token> tokens, int at, List<Token> chunk)
    {
        if (!chunk.Exists(t => t.Concept == Concept.BackOff) || chunk.Count(t => t.Kind == TokenKind.Duration) != 1) return false;
        var next = tokens.Skip(at + 1).TakeWhile(t => t.Kind != TokenKind.Punctuation && t.Concept != Concept.Separator).ToList();
        return next.Count(t => t.Kind == TokenKind.Duration) == 1 && next.TrueForAll(t => t.IsGlue || t.Kind == TokenKind.Duration || t.Concept is Concept.AtMost or Concept.Raise);
    }

    /// <summary>Things of one kind on both sides: a list and no new clause.</summary>
    private static bool Coordinates(IReadOnlyList<Token> tokens, int at)
    {
        if (tokens[at].Is("but") || tokens[at].Is("with") || tokens[at].Kind == TokenKind.Punctuation && tokens[at].Text is "." or ";" or "!" or "?" or "\n") return false;
        var before = tokens.Take(at).LastOrDefault(t => !t.IsGlue && t.Concept is not (Concept.ServiceNoun or Concept.GatewayNoun));
        var after = tokens.Skip(at + 1).FirstOrDefault(t => !IsJoint(t));
        if (before is null || after is null) return false;
        var next = tokens.Skip(at + 1).SkipWhile(t => !ReferenceEquals(t, after)).Skip(1).FirstOrDefault(t => t.Concept is not (Concept.Filler or Concept.Noun or Concept.ServiceNoun));
        // "… orders, and search gets 100 rps": the second begins what it does.
        var verb = tokens.Skip(at + 1).SkipWhile(t => !ReferenceEquals(t, after)).Skip(1).FirstOrDefault()?.Value;
        return before.Kind == after.Kind && before.Kind is TokenKind.Service or TokenKind.Gateway or TokenKind.Fleet && verb is not ("gets" or "has" or "needs" or "takes") && next is not { Kind: TokenKind.Version } && (next?.Concept is not (Concept.Send or Concept.Set) || tokens.Take(tokens.ToList().IndexOf(before)).TakeLast(2).Any(t => t.Value == "both"))
            || before.Kind == TokenKind.Version && after.Kind == TokenKind.Version && tokens.Take(at).Any(t => t.Concept == Concept.Swap)
            || before.Kind == after.Kind && before.Kind == TokenKind.HeaderName && next is not { Text: ":" or "=" }
            || before.Kind == after.Kind && before.Kind is TokenKind.Cidr or TokenKind.Status or TokenKind.Path or TokenKind.Host
            || before.Concept == Concept.Method && after.Concept == Concept.Method;
    }

    private static bool IsJoint(Token token) => token.Kind == TokenKind.Punctuation && token.Text is "," or "&" || token.Concept is Concept.Separator or Concept.Or || token.Value is "the" or "a" or "both" or "of" or "on" or "for" or "to" or "in" or "at" or "from";
}
