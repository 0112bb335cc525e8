using System.Collections.Frozen;

namespace PolicyEngine.Planning.Lexing;

/// <summary>What stands behind a header's name and a sign is its value, whatever the word means elsewhere: "x-frame-options: DENY".</summary>
internal static class HeaderValues
{
    private static readonly FrozenSet<string> WellKnown = FrozenSet.Create(StringComparer.Ordinal,
        "cache-control", "strict-transport-security", "content-type", "content-security-policy", "content-encoding", "content-length", "user-agent", "accept-language", "accept-encoding", "set-cookie",
        "access-control-allow-origin", "referrer-policy", "retry-after", "www-authenticate", "transfer-encoding", "if-none-match", "last-modified", "etag", "permissions-policy", "alt-svc");

    public static bool IsName(string word) => WellKnown.Contains(word) || word.StartsWith("x-", StringComparison.Ordinal) && word.Length > 2;

    /// <summary>"x-via: edge" in quotes is a name, a sign and a value.</summary>
    private static IEnumerable<Token> Parted(Token token)
    {
        var colon = token.Kind == TokenKind.Quoted ? token.Value.IndexOf(':') : -1;
        if (colon < 1 || colon == token.Value.Length - 1 || !IsName(token.Value[..colon].ToLowerInvariant())) return [token];
        return [new Token(TokenKind.HeaderName, token.Value[..colon], token.Position), new Token(TokenKind.Punctuation, ":", token.Position), new Token(TokenKind.Quoted, token.Text, token.Position) { Value = token.Value[(colon + 1)..].Trim() }];
    }

    /// <summary>"a cookie named canary": what is called so is a name, whatever the word means elsewhere.</summary>
    private static List<Token> Called(List<Token> tokens)
    {
        for (var i = 0; i + 2 < tokens.Count; i++)
        {
            if (tokens[i].Concept is not (Concept.Header or Concept.Cookie or Concept.Query) || tokens[i + 1].Value is not ("named" or "called") || tokens[i + 2].Kind is TokenKind.Punctuation) continue;
            if (tokens[i + 2].Kind != TokenKind.HeaderName) tokens[i + 2] = new Token(TokenKind.Quoted, tokens[i + 2].Text, tokens[i + 2].Position) { Value = tokens[i + 2].Kind == TokenKind.Quoted ? tokens[i + 2].Value : tokens[i + 2].Text };
            tokens.RemoveAt(i + 1);
        }
        return tokens;
    }

    public static List<Token> Quoted(List<Token> tokens)
    {
        var quoted = Called(tokens.SelectMany(Parted).ToList());
        for (var i = 0; i + 2 < quoted.Count; i++)
        {
            var named = quoted[i].Kind == TokenKind.HeaderName || i > 0 && quoted[i - 1].Concept is Concept.Header or Concept.Cookie or Concept.Query && quoted[i].Kind is TokenKind.Word or TokenKind.Quoted;
            if (!named) continue;
            // "x-env should be prod" is "x-env be prod".
            if (i + 3 < quoted.Count && quoted[i + 1].Value is "should" or "must" or "shall" or "needs" && quoted[i + 2].Value == "be") quoted.RemoveAt(i + 1);
            var sign = quoted[i + 1];
            var value = quoted[i + 2];
            var signed = sign.Text is ":" or "=";
            var worded = sign.Value is "to" or "be" or "is" or "equals" or "as" && value.Kind == TokenKind.Word && value.Concept is not (Concept.Request or Concept.Response or Concept.Fully or Concept.Filler or Concept.Noun or Concept.Preposition or Concept.Per or Concept.Separator or Concept.ServiceNoun or Concept.GatewayNoun or Concept.Present or Concept.Not);
            if (value.Kind == TokenKind.Quoted) continue;
            if (signed && value.Kind != TokenKind.Punctuation || worded && value.Kind == TokenKind.Word)
            {
                // "max-age=300" is one value: what is written without a blank belongs together.
                var last = i + 2;
                while (last + 2 < quoted.Count && quoted[last + 1].Text == "=" && quoted[last + 1].Position == quoted[last].End && quoted[last + 2].Position == quoted[last + 1].End) last += 2;
                var text = string.Concat(quoted.Skip(i + 2).Take(last - i - 1).Select(t => t.Text));
                quoted[i + 2] = new Token(TokenKind.Quoted, text, value.Position) { Value = text, End = quoted[last].End };
                quoted.RemoveRange(i + 3, last - i - 2);
            }
        }
        return quoted;
    }
}
