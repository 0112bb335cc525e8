using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>"…, everyone else is denied", "… and nobody else": says again that only those before are let in.</summary>
internal static class Elsewise
{
    private static readonly HashSet<string> Others = ["everyone else", "everybody else", "anyone else", "anybody else", "all others", "all the others", "others", "everything else", "all else", "the rest", "rest", "all other requests", "all other traffic", "all other calls", "other requests", "other traffic", "other calls", "all the rest", "anything else", "any other verb", "any other method", "every other method", "every other verb", "all other methods", "all other verbs", "any other request", "every other request", "any other call"];

    public static List<Token> Folded(List<Token> tokens)
    {
        for (var i = 1; i < tokens.Count; i++)
        {
            var negated = tokens[i].Concept == Concept.Not && tokens[i].Value is "nobody" or "no one" or "no-one" or "nothing" && tokens.ElementAtOrDefault(i + 1)?.Value == "else" || tokens[i].Value is "nothing" && tokens.ElementAtOrDefault(i + 1)?.Value == "else";
            if (!negated && !Others.Contains(tokens[i].Value)) continue;
            var end = i + (negated ? 2 : 1);
            while (end < tokens.Count && tokens[end] is { Kind: TokenKind.Word } or { Kind: TokenKind.Number, Number: 401 or 403 } && tokens[end].Concept is Concept.Filler or Concept.Deny or Concept.Not or Concept.Allow or Concept.Answer or Concept.Reach or Concept.Set or Concept.Preposition or Concept.Off or Concept.None && (tokens[end].Kind == TokenKind.Number || tokens[end].Concept != Concept.None || tokens[end].Value is "forbidden" or "else")) end++;
            var said = tokens.GetRange(i, end - i);
            // "…, deny the rest".
            var verb = i;
            while (verb > 0 && tokens[verb - 1].Concept == Concept.Filler) verb--;
            var before = !negated && said.Count == 1 && verb > 1 && tokens[verb - 1].Concept == Concept.Deny;
            var denies = before || said.Exists(t => t.Concept is Concept.Deny or Concept.Not || t.Kind == TokenKind.Number || t.Value == "out");
            if (!(negated ? !said.Exists(t => t.Concept == Concept.Deny) : denies) || end < tokens.Count && tokens[end].Kind != TokenKind.Punctuation) continue;
            if (!tokens.Take(i).Any(t => t.Concept is Concept.Allow or Concept.Only or Concept.Reach or Concept.Limit or Concept.Require) || !tokens.Take(i).Any(t => t.Kind is TokenKind.Cidr or TokenKind.HeaderName or TokenKind.Path || t.Concept == Concept.Method)) continue;
            if (before) i = verb - 1;
            while (i > 0 && (tokens[i - 1].Kind == TokenKind.Punctuation || tokens[i - 1].Concept == Concept.Separator || tokens[i - 1].Is("but"))) i--;
            return [.. tokens.Take(i), new Token(TokenKind.Word, "only", tokens[i].Position) { Concept = Concept.Only, End = tokens[end - 1].End }, .. tokens.Skip(end)];
        }
        return tokens;
    }
}
