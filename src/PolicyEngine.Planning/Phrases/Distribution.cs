using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>"limit search, cart and orders to 100 rps" is three clauses that say the same.</summary>
internal static class Distribution
{
    public static IReadOnlyList<Phrase> Of(Phrase phrase)
    {
        var list = List(phrase);
        if (list.Count < 2) return [phrase];
        return [.. list.DistinctBy(t => t.Value).Select(kept =>
        {
            var single = new Phrase(phrase.Tokens.Where(t => !list.Contains(t) || ReferenceEquals(t, kept)));
            foreach (var token in single.Tokens.Where(phrase.IsTaken)) single.Mark(token);
            return single;
        })];
    }

    /// <summary>What is named together; empty where that is one thing.</summary>
    public static IReadOnlyList<Token> Listed(Phrase phrase) => [.. List(phrase).DistinctBy(t => t.Value)];

    /// <summary>Two or more names of one kind with nothing but joints between them; and no other name beside them.</summary>
    private static List<Token> List(Phrase phrase)
    {
        var names = phrase.Tokens.Where(t => t.Kind is TokenKind.Service or TokenKind.Gateway or TokenKind.Fleet).ToList();
        if (names.Count < 2 || names.Exists(n => n.Kind != names[0].Kind)) return [];
        // "payments only from 10.1.0.0/16, ledger from 10.2.0.0/16": to each its own.
        if (new[] { TokenKind.Cidr, TokenKind.Rate }.Any(k => phrase.Tokens.Any(t => t.Kind == k && t.Position < names[0].Position) && phrase.Tokens.Any(t => t.Kind == k && t.Position > names[^1].Position))) return [];
        for (var i = 1; i < names.Count; i++)
        {
            var (joined, token) = (false, phrase.After(names[i - 1]));
            for (; token is not null && !ReferenceEquals(token, names[i]); token = phrase.After(token))
            {
                if (token.Concept is Concept.Separator or Concept.Too || token is { Kind: TokenKind.Punctuation, Text: "," or "&" or "+" }) joined = true;
                else if (token.Concept is not (Concept.Filler or Concept.ServiceNoun or Concept.GatewayNoun or Concept.Noun) && token.Value is not ("on" or "for" or "of" or "to" or "in" or "at" or "from" or "through")) return [];
            }
            if (!joined) return [];
        }
        return names;
    }
}
