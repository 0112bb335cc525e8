using System.Collections.Frozen;

namespace PolicyEngine.Planning.Lexing;

/// <summary>How far a header's value reaches: "camera=()", "public, max-age=60", "max-age=63072000; includeSubDomains". Behind a sign that parts, only what is known to go on is of it.</summary>
internal static class HeaderLists
{
    /// <summary>Headers whose values have several parts.</summary>
    private static readonly FrozenSet<string> Listed = FrozenSet.Create(StringComparer.Ordinal,
        "cache-control", "strict-transport-security", "permissions-policy", "feature-policy", "set-cookie", "x-xss-protection", "alt-svc", "keep-alive", "prefer", "content-type", "content-disposition", "link", "forwarded", "x-robots-tag", "accept", "accept-language", "accept-encoding", "expect-ct", "surrogate-control", "cdn-cache-control");

    private static readonly FrozenSet<string> Groups = FrozenSet.Create(StringComparer.Ordinal, "team", "squad", "crew", "guild", "department", "tribe", "group", "unit");

    private static readonly FrozenSet<string> Flags = FrozenSet.Create(StringComparer.Ordinal,
        "no-cache", "no-store", "no-transform", "must-revalidate", "must-understand", "proxy-revalidate", "private", "public", "immutable", "includesubdomains", "preload", "secure", "httponly", "partitioned", "noindex", "nofollow", "noarchive", "nosnippet", "enforce", "inline", "attachment");

    /// <summary>With what stands in one piece, and with the parts that follow.</summary>
    public static int End(List<Token> tokens, string header, int first)
    {
        var policy = header.StartsWith("content-security-policy", StringComparison.Ordinal);
        var last = Sources(tokens, policy, Piece(tokens, first));
        // "x-owner: platform team": who they are is said in two words.
        if (last + 1 < tokens.Count && !policy && tokens[last] is { Kind: TokenKind.Word } && Groups.Contains(tokens[last + 1].Value) && tokens.ElementAtOrDefault(last + 2) is null or { Kind: TokenKind.Punctuation } or { Value: "on" or "in" or "to" or "for" }) last++;
        while (last + 2 < tokens.Count && tokens[last + 1].Text is "," or ";" && GoesOn(tokens, header, policy, last + 2)) last = Sources(tokens, policy, Piece(tokens, last + 2));
        return last;
    }

    /// <summary>As it was written, with single blanks.</summary>
    public static string Text(List<Token> tokens, int first, int last) =>
        string.Concat(Enumerable.Range(first, last - first + 1).Select(i => (i > first && tokens[i].Position > tokens[i - 1].End ? " " : "") + tokens[i].Text));

    /// <summary>What is written without a blank belongs together; a stop at the end does not, nor a bracket that was opened before.</summary>
    private static int Piece(List<Token> tokens, int first)
    {
        var (last, open) = (first, 0);
        for (var i = first + 1; i < tokens.Count && tokens[i].Position == tokens[i - 1].End; i++)
        {
            if (tokens[i].Text is "–" or "—" or "…" or "•") break;
            if (tokens[i].Text == "(") open++;
            if (tokens[i].Text == ")" && --open < 0) break;
            if (tokens[i].Text is "." or "," or ";" or "!" or "?" or ":" or "\n" && (i + 1 == tokens.Count || tokens[i + 1].Position > tokens[i].End || tokens[i].Text == "\n")) break;
            last = i;
        }
        return last;
    }

    /// <summary>Of a content security policy: "'self'", hosts, "*", schemes.</summary>
    private static int Sources(List<Token> tokens, bool policy, int last)
    {
        while (policy && last + 1 < tokens.Count && (tokens[last + 1] is { Kind: TokenKind.Quoted or TokenKind.Host or TokenKind.Url } || tokens[last + 1].Text == "*" || tokens[last + 1].Value is "https" or "data" or "blob" or "wss" && tokens.ElementAtOrDefault(last + 2)?.Text == ":")) last += tokens[last + 1].Value is "https" or "data" or "blob" or "wss" ? 2 : 1;
        return last;
    }

    private static bool GoesOn(List<Token> tokens, string header, bool policy, int at)
    {
        var (item, sign) = (tokens[at], tokens.ElementAtOrDefault(at + 1));
        if (sign is { Text: "=" } && sign.Position == item.End && sign.End == tokens.ElementAtOrDefault(at + 2)?.Position) return (Listed.Contains(header) || tokens[at - 1].Text == ";") && !(item.Kind == TokenKind.HeaderName && header.StartsWith("x-", StringComparison.Ordinal));
        if (sign is { Text: ":" or "=" }) return false;
        return Listed.Contains(header) && Flags.Contains(item.Value)
            || policy && (item.Value.EndsWith("-src", StringComparison.Ordinal) || item.Value is "frame-ancestors" or "base-uri" or "form-action" or "upgrade-insecure-requests" or "sandbox")
            || header == "access-control-allow-methods" && item.Concept == Concept.Method
            || (header is "vary" || header.StartsWith("access-control-", StringComparison.Ordinal) && header.EndsWith("-headers", StringComparison.Ordinal)) && (item.Kind == TokenKind.HeaderName || HeaderValues.IsEverydayName(item.Value));
    }
}
