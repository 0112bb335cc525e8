using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>
/// "…, leave idle and connect as they are", "… but keep the delay": says what is not to change, and so plans nothing. It is taken out of the
/// sentence, and what it names is remembered, so that nothing else takes that away. With a value, a version or a verb in it, it is a clause.
/// </summary>
internal static class Keeping
{
    public static (List<Token> Body, HashSet<Concept> Kept) Split(List<Token> tokens)
    {
        tokens = Left(Superseded(tokens));
        var (body, kept) = (new List<Token>(), new HashSet<Concept>());
        for (var i = 0; i < tokens.Count; i++)
        {
            var length = i > 0 && (IsJoint(tokens[i - 1]) || tokens[i].Concept == Concept.Without) && !IsJoint(tokens[i]) && body.Exists(t => !t.IsGlue) ? Length(tokens, i) : 0;
            // "…, but don't change any time-outs": of what the rest changes, it cannot be.
            if (length > 0 && tokens.GetRange(i, length) is var range && range.Exists(t => t.Value is "any" or "all" or "every" or "any of" or "all of") && !range.Exists(t => t.Value is "else" or "other" || t.Concept == Concept.Rest) && range.Exists(t => IsFeature(t.Concept) && body.Exists(b => b.Concept == t.Concept))) length = 0;
            if (length == 0)
            {
                body.Add(tokens[i]);
                continue;
            }
            kept.UnionWith(tokens.GetRange(i, length).Select(t => t.Concept).Where(IsFeature));
            while (body.Count > 0 && IsJoint(body[^1]) && body[^1].Text is not ("." or ";" or ":" or "!")) body.RemoveAt(body.Count - 1);
            i += length - 1;
        }
        return (body, kept);
    }

    /// <summary>"keep the time-out as it is, and set it to 4s": it cannot be both.</summary>
    public static bool Contradicts(List<Token> tokens) => tokens.Count > 0 && Opening(tokens, 0) > 0 && Length(tokens, 0) is > 0 and var length && tokens.GetRange(0, length) is var kept && kept.Exists(t => IsFeature(t.Concept)) && !kept.Exists(t => t.Concept == Concept.Rest)
        && tokens.Skip(length).ToList() is var rest && rest.Exists(t => t.Concept == Concept.It) && !rest.Exists(t => t.IsEntity || IsFeature(t.Concept));

    /// <summary>"ignore the old timeout of search, use 3s": what was is replaced by what follows; the name is kept.</summary>
    private static List<Token> Superseded(List<Token> tokens)
    {
        var end = tokens.FindIndex(t => t.Kind == TokenKind.Punctuation && t.Text is "," or ";" or "." or ":" or "—" or "–");
        if (end < 3 || end == tokens.Count - 1 || tokens[0].Value is not ("ignore" or "forget" or "disregard" or "never" or "scrap" or "scratch")) return tokens;
        var said = tokens.GetRange(1, end - 1);
        if (!said.Exists(t => t.Concept == Concept.Older) || !said.Exists(t => IsFeature(t.Concept)) || !said.TrueForAll(t => t.Kind is TokenKind.Word or TokenKind.Service && (t.IsGlue || t.Concept == Concept.Older || IsFeature(t.Concept) || t.Kind == TokenKind.Service)) || !tokens.Skip(end).Any(t => t.Kind is TokenKind.Duration or TokenKind.Rate or TokenKind.Percent or TokenKind.Number)) return tokens;
        var feature = said.First(t => IsFeature(t.Concept));
        return [.. said.Where(t => t.Kind == TokenKind.Service && !tokens.Skip(end).Any(o => o.Kind == TokenKind.Service)), feature, .. tokens.Skip(end + 1)];
    }

    /// <summary>"forget v2, send all to v1": one version is left for another.</summary>
    private static List<Token> Left(List<Token> tokens)
    {
        if (tokens.Count < 5 || tokens[0].Value is not ("ignore" or "forget" or "disregard" or "skip" or "bypass") || tokens.Exists(t => t.Kind == TokenKind.Percent)) return tokens;
        var end = tokens.FindIndex(t => t.Kind == TokenKind.Punctuation || t.Concept == Concept.Separator);
        var rest = tokens.Skip(end + 1).ToList();
        return end > 1 && tokens.GetRange(1, end - 1) is var said && said.TrueForAll(t => t.IsGlue || t.Kind is TokenKind.Version or TokenKind.Service) && said.Find(t => t.Kind == TokenKind.Version) is { } left && rest.Exists(t => t.Kind == TokenKind.Version && t.Value != left.Value) && rest.Exists(t => t.Concept is Concept.Fully or Concept.Send) && said.All(t => t.Kind != TokenKind.Service || rest.Exists(r => r.Kind == TokenKind.Service && r.Value == t.Value)) ? rest : tokens;
    }

    /// <summary>How many tokens say that something stays; 0 where they say anything else.</summary>
    private static int Length(List<Token> tokens, int at)
    {
        var open = Opening(tokens, at);
        if (open == 0) return Spared(tokens, at);
        // As far as a stop, or as far as a word that joins.
        var ends = Enumerable.Range(at + open, tokens.Count - at - open).Where(i => IsJoint(tokens[i])).Append(tokens.Count).ToList();
        var last = ends.FindIndex(i => i == tokens.Count || tokens[i].Kind == TokenKind.Punctuation);
        for (; last >= 0; last--)
            if (tokens.GetRange(at + open, ends[last] - at - open) is { Count: > 0 } rest && rest.TrueForAll(t => Stays(t) || t is { Concept: Concept.Request, Value: "request" } && rest.Exists(f => f.Concept is Concept.Timeout or Concept.Idle or Concept.Connect))) return ends[last] - at;
        return 0;
    }

    /// <summary>"…, the aborts stay", "…, not its mirror": behind what is changed, and nothing of what that names.</summary>
    private static int Spared(List<Token> tokens, int at)
    {
        var end = tokens.FindIndex(at, IsJoint) is > 0 and var joint ? joint : tokens.Count;
        if (end < tokens.Count && tokens[end].Kind != TokenKind.Punctuation) return 0;
        var part = tokens.GetRange(at, end - at);
        var stays = part.Count > 1 && part[^1] is { Kind: TokenKind.Word, Value: "stay" or "stays" or "remain" or "remains" };
        var not = !stays && part.Count > 1 && part[0].Concept == Concept.Not && part[0].Value == "not";
        if (!stays && !not) return 0;
        var named = stays ? part.GetRange(0, part.Count - 1) : part.GetRange(1, part.Count - 1);
        return named.Exists(t => IsFeature(t.Concept)) && named.TrueForAll(t => Stays(t) && t.Concept is not (Concept.Deny or Concept.Rest)) && !named.Exists(t => IsFeature(t.Concept) && tokens.Take(at).Any(o => o.Concept == t.Concept)) ? end - at : 0;
    }

    /// <summary>"keep", "leave", "don't touch", "without touching"; "don't block" behind a shadow says the same again.</summary>
    private static int Opening(List<Token> tokens, int at)
    {
        var next = tokens.ElementAtOrDefault(at + 1);
        if (tokens[at].Value is "keep" or "keeping" or "leave" or "leaving") return 1;
        if (tokens[at].Concept == Concept.Not && next?.Value is "touch" or "change" or "modify") return 2;
        if (tokens[at].Concept == Concept.Without && next?.Value is "touching" or "changing" or "modifying") return 2;
        return tokens[at].Concept == Concept.Not && next?.Concept is Concept.Deny or Concept.Limit && (next.Value is "block" or "reject" or "deny" or "limit" or "throttle") && tokens.Take(at).Any(t => t.Concept == Concept.Shadow) && (at + 2 == tokens.Count || IsJoint(tokens[at + 2])) ? 1 : 0;
    }

    private static bool Stays(Token token) => token.Kind is TokenKind.Word or TokenKind.Service && !token.IsGuess && token.Value is not ("out" or "off" or "away" or "up" or "down" or "only" or "between")
        && (token.IsGlue || token.Kind == TokenKind.Service || IsFeature(token.Concept) || token.Concept is Concept.It or Concept.Rest or Concept.Fully or Concept.Same or Concept.Policy || token.Concept == Concept.Undo && token.Value.StartsWith("as it", StringComparison.Ordinal) || token.Concept == Concept.Older && token.Value is "current" or "existing" || token.Concept == Concept.Deny && token.Value is "block" or "reject" or "deny"
            || token.Value is "else");

    private static bool IsFeature(Concept concept) => concept is Concept.Idle or Concept.Connect or Concept.Delay or Concept.Abort or Concept.Failing or Concept.Timeout or Concept.Retry or Concept.Limit or Concept.Mirror or Concept.Shadow or Concept.Canary or Concept.Header or Concept.Burst or Concept.PerTry or Concept.BackOff;

    private static bool IsJoint(Token token) => token.Kind == TokenKind.Punctuation && token.Text is "," or "." or ";" or ":" or "!" or "—" or "–" or "\n" || token.Concept == Concept.Separator || token.Is("but");
}
