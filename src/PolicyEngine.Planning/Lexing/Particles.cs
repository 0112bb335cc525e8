using System.Collections.Frozen;

namespace PolicyEngine.Planning.Lexing;

/// <summary>Verbs that stand apart from what completes them: "turn the mirror off", "take green out", "let 10.0.0.0/8 in", "try orders again".</summary>
internal static class Particles
{
    /// <summary>The most words between the two.</summary>
    private const int Reach = 6;

    private static readonly (string Verbs, string Particle, Concept Concept)[] Pairs =
    [
        ("turn switch shut take flip", "off", Concept.Stop), ("cut", "off", Concept.Timeout), ("time", "out", Concept.Timeout), ("kick fence wall seal", "off", Concept.Deny), ("kick throw boot", "out", Concept.Deny), ("give grant", "access", Concept.Allow), ("rip tear throw rule", "out", Concept.Stop), ("blow throw", "away", Concept.Stop), ("tear", "down", Concept.Stop), ("knock", "out", Concept.Abort), ("take pull", "out", Concept.Stop), ("take", "away", Concept.Stop), ("turn switch", "on", Concept.Set),
        ("keep lock shut", "out", Concept.Deny), ("keep turn hold", "away", Concept.Deny), ("lock", "down", Concept.Limit), ("take", "down", Concept.Stop), ("turn", "away", Concept.Deny), ("let", "in", Concept.Allow), ("let", "through", Concept.Allow),
        ("slow", "down", Concept.Delay), ("cut bring turn dial scale", "down", Concept.Lower), ("dial cut scale", "back", Concept.Lower), ("dial turn crank push bring move ramp scale step get take", "up", Concept.Raise),
        ("roll put", "back", Concept.Undo), ("back", "out", Concept.Undo), ("cut switch move", "over", Concept.Send), ("try attempt", "again", Concept.Retry),
    ];

    private static readonly FrozenDictionary<string, (string Particle, Concept Concept)[]> ByVerb = Pairs
        .SelectMany(p => p.Verbs.Split(' ').SelectMany(v => v is "take" ? ["take", "takes", "taken", "taking", "took"] : v is "cut" ? ["cut", "cuts", "cutting"] : v is "put" ? ["put", "puts", "putting"] : v is "let" ? ["let", "lets", "letting"] : v is "back" ? ["back", "backed"] : v is "get" ? ["get", "gets", "getting"] : v is "hold" ? ["hold", "holds", "holding", "held"] : v is "keep" ? ["keep", "keeps", "keeping", "kept"] : v is "bring" ? ["bring", "brings", "bringing", "brought"] : Inflection.Forms(v)).Select(form => (Form: form, p.Particle, p.Concept)))
        .GroupBy(p => p.Form, StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.Select(p => (p.Particle, p.Concept)).ToArray(), StringComparer.Ordinal);

    /// <summary>The verb takes the meaning of both; the particle becomes a word that says nothing more.</summary>
    public static List<Token> Joined(List<Token> tokens)
    {
        var joined = tokens.ToList();
        for (var i = 0; i < joined.Count; i++)
        {
            if (joined[i].Kind != TokenKind.Word || joined[i].Concept == Concept.Method || !ByVerb.TryGetValue(joined[i].Value, out var pairs)) continue;
            // "checkout keeps timing out" keeps nobody out.
            if (joined[i].Value.StartsWith("ke", StringComparison.Ordinal) && joined.ElementAtOrDefault(i + 1) is { Kind: TokenKind.Word } going && going.Value.EndsWith("ing", StringComparison.Ordinal)) continue;
            for (var j = i + 2; j < joined.Count && j <= i + 1 + Reach && joined[j].Kind != TokenKind.Punctuation; j++)
            {
                // "let GET and HEAD through".
                if (joined[j].Concept == Concept.Separator && j + 1 < joined.Count && joined[j - 1].Kind == joined[j + 1].Kind && joined[j - 1].Concept == joined[j + 1].Concept && (joined[j - 1].Kind == TokenKind.Cidr || joined[j - 1].Concept == Concept.Method)) continue;
                if (joined[j].Concept == Concept.Separator || joined[j].Value is not ("back" or "time") && ByVerb.ContainsKey(joined[j].Value) && pairs.All(p => p.Particle != joined[j].Value)) break;
                if (joined[j].Kind != TokenKind.Word || pairs.FirstOrDefault(p => p.Particle == joined[j].Value) is not { Particle: not null } pair || IsPreposition(joined, j)) continue;
                // "turn nobody away" turns nobody away.
                var nobody = pair.Concept == Concept.Deny && joined.Skip(i + 1).Take(j - i - 1).FirstOrDefault(t => t.Value is "nobody" or "no one" or "no-one" or "nothing" or "none") is not null;
                if (nobody)
                    for (var k = i + 1; k < j; k++) joined[k] = joined[k] with { Concept = Concept.Filler };
                joined[i] = joined[i] with { Concept = nobody ? Concept.Shadow : pair.Concept, Value = $"{joined[i].Value} {pair.Particle}" };
                joined[j] = joined[j] with { Concept = Concept.Filler, Value = $"{pair.Particle}…" };
                break;
            }
        }
        return joined;
    }

    /// <summary>"in", "on", "out", "off" before a thing are prepositions: "let v2 in production", "turn retries on orders".</summary>
    private static bool IsPreposition(List<Token> tokens, int at) => tokens[at].Value is "in" or "on" or "over" or "through" or "up"
        && tokens.ElementAtOrDefault(at + 1) is { Kind: not TokenKind.Punctuation } next && next.Value is not ("on" or "to" or "for" or "again" or "too" or "please" or "and" or "until");
}
