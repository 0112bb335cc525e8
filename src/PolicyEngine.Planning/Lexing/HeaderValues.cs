using System.Collections.Frozen;

namespace PolicyEngine.Planning.Lexing;

/// <summary>What stands behind a header's name and a sign is its value, whatever the word means elsewhere: "x-frame-options: DENY".</summary>
internal static class HeaderValues
{
    private static readonly FrozenSet<string> WellKnown = FrozenSet.Create(StringComparer.Ordinal,
        "cache-control", "strict-transport-security", "content-type", "content-security-policy", "content-encoding", "content-length", "user-agent", "accept-language", "accept-encoding", "set-cookie",
        "access-control-allow-origin", "referrer-policy", "retry-after", "www-authenticate", "transfer-encoding", "if-none-match", "last-modified", "etag", "permissions-policy", "alt-svc", "cdn-cache-control", "surrogate-control", "content-disposition", "content-language", "keep-alive", "feature-policy", "expect-ct");

    private static readonly string[] Families = ["x-", "access-control-", "cross-origin-", "sec-", "cf-", "content-security-", "proxy-"];

    /// <summary>Names that are everyday words as well: headers only where the sentence says so.</summary>
    private static readonly FrozenSet<string> Everyday = FrozenSet.Create(StringComparer.Ordinal,
        "server", "via", "origin", "vary", "expires", "cookie", "authorization", "referer", "forwarded", "traceparent", "tracestate", "pragma", "age", "date", "location", "link", "baggage", "warning", "from", "upgrade", "etag", "accept", "powered-by");

    /// <summary>What becomes of a header, and no value of it: "x-debug must be removed".</summary>
    private static readonly FrozenSet<string> Fates = FrozenSet.Create(StringComparer.Ordinal,
        "removed", "dropped", "stripped", "deleted", "gone", "hidden", "added", "set", "sent", "present", "absent", "missing", "empty", "blank", "unset", "passed", "forwarded", "cleared", "discarded", "suppressed", "erased", "changed", "visible", "included", "attached", "appended", "there", "on", "in", "allowed", "blocked", "required", "overwritten", "kept", "refused", "rejected", "denied", "turned", "bounced", "accepted", "retried", "limited", "throttled", "mirrored", "delayed", "redirected", "routed", "answered", "served", "ignored", "logged", "shadowed", "failed", "aborted", "slowed", "capped", "able", "possible", "used", "copied", "dropped", "forbidden", "banned", "barred", "repeated", "tried", "mandatory", "compulsory", "obligatory", "optional", "needed", "necessary", "expected", "given", "held", "kicked", "thrown", "stopped", "killed", "ended", "cut", "sampled", "treated", "exempt", "taken", "pulled", "left", "put", "thrown", "shown", "hidden", "seen", "withdrawn", "lifted", "restored", "flagged", "marked", "tagged", "stamped", "labelled", "labeled", "alone", "untouched", "unchanged", "intact", "unaffected", "revoked", "reverted", "undone", "scrapped", "filtered", "leaked", "exposed", "revealed", "reset", "swapped", "replaced", "updated", "extended", "copied", "carried", "respected", "honoured", "honored", "trusted", "checked", "validated", "touched", "cached", "rewritten", "done", "fine", "ok", "okay", "out", "off", "away", "back", "up", "down", "excluded", "unlimited", "spared", "fine");

    /// <summary>Behind a name and a sign they say what becomes of it: "x-frame-options: untouched".</summary>
    private static readonly FrozenSet<string> Unsaid = FrozenSet.Create(StringComparer.Ordinal,
        "untouched", "unchanged", "unaffected", "removed", "removal", "dropped", "stripped", "deleted", "withdrawn", "gone", "kept", "stays", "stay", "remains", "remain", "remove", "drop", "strip", "delete", "keep", "restored");

    /// <summary>What becomes of a header, whatever else it may mean.</summary>
    public static bool IsFate(string word) => Fates.Contains(word);

    /// <summary>"to be flagged with …", "be leaked to outsiders": what is done to it, with whatever, and no value.</summary>
    private static bool IsFate(List<Token> tokens, int at) => IsFate(tokens[at].Value)
        || tokens[at].Value.Length > 4 && tokens[at].Value.EndsWith("ed", StringComparison.Ordinal) && tokens.ElementAtOrDefault(at + 1)?.Value is "with" or "by" or "out" or "off" or "away" or "from" or "of" or "up" or "down" or "as" or "alone" or "out of" or "until" or "before" or "again";

    /// <summary>Behind a name they are no value of it.</summary>
    private static readonly FrozenSet<string> Everywhere = FrozenSet.Create(StringComparer.Ordinal,
        "everywhere", "somewhere", "anywhere", "too", "today", "tomorrow", "tonight", "please", "again", "anymore", "already", "still", "only", "not", "never", "instead", "everyone", "requests", "header", "headers", "value", "values", "field", "fields", "callers", "clients", "users", "people", "traffic", "holders", "holder");

    public static bool IsEverydayName(string word) => Everyday.Contains(word);

    /// <summary>"SEC-4471" is a ticket.</summary>
    public static bool IsName(string word) => WellKnown.Contains(word) || Families.Any(f => word.StartsWith(f, StringComparison.Ordinal) && word.Length > f.Length && !word.Skip(f.Length).All(char.IsAsciiDigit));

    /// <summary>"server" beside the word header, beside another header, before a sign and a value, or taken out of requests or responses.</summary>
    private static List<Token> Named(List<Token> tokens)
    {
        var sided = tokens.Exists(t => t.Concept is Concept.Request or Concept.Response || t.Value is "reply" or "replies" or "answers");
        var acts = tokens.Exists(t => t.Concept is Concept.Set or Concept.Stop || t.Value is "append" or "send" or "return" or "pass" or "inject" or "prepend");
        bool IsHeader(Token? t) => t is { Kind: TokenKind.HeaderName } || t is { Concept: Concept.Header };
        for (var pass = 0; pass < 2; pass++)
            for (var i = 0; i < tokens.Count; i++)
            {
                if (tokens[i].Kind is not TokenKind.Word || !Everyday.Contains(tokens[i].Value)) continue;
                var (before, after) = (tokens.ElementAtOrDefault(i - 1), tokens.ElementAtOrDefault(i + 1));
                var beside = tokens[i].Value is not ("from" or "date" or "on" or "age") && (after is { Concept: Concept.Header } && after.Value is "header" or "headers" || before is { Concept: Concept.Header, Value: "header" });
                var joined = tokens[i].Value is not "from" && (IsHeader(after) && after!.Kind == TokenKind.HeaderName && before is { Concept: Concept.Stop or Concept.Filler } || (before is { Text: "," or "&" } || before?.Value is "and" or "or") && tokens.ElementAtOrDefault(i - 2)?.Kind == TokenKind.HeaderName
                    || (after is { Text: "," or "&" } || after?.Value is "and" or "or") && tokens.ElementAtOrDefault(i + 2)?.Kind == TokenKind.HeaderName);
                var signed = acts && after is { Text: ":" or "=" } && tokens.ElementAtOrDefault(i + 2) is not null && i > 0 && tokens[i].Value is not "cookie";
                var verb = i - 1;
                while (verb >= 0 && tokens[verb].Concept == Concept.Filler) verb--;
                var taken = sided && tokens[i].Value is not ("authorization" or "from" or "date" or "link" or "location") && verb >= 0 && tokens[verb].Concept == Concept.Stop
                    // "stop stripping server".
                    || verb > 0 && tokens[verb].Concept == Concept.Stop && tokens[verb].Value.EndsWith("ing", StringComparison.Ordinal) && tokens[verb - 1] is { Concept: Concept.Stop, Value: "stop" or "quit" or "cease" };
                if (beside || joined || signed || taken) tokens[i] = new Token(TokenKind.HeaderName, tokens[i].Text, tokens[i].Position);
            }
        return tokens;
    }

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

    /// <summary>"change x-env on storefront requests to canary", "x-env on the storefront should read prod": the value stands behind where it is, at the end.</summary>
    private static List<Token> Distant(List<Token> tokens)
    {
        var at = tokens.FindIndex(t => t.Kind == TokenKind.HeaderName);
        if (at < 0 || tokens.Count(t => t.Kind == TokenKind.HeaderName) > 1 || tokens.Exists(t => t.Kind is TokenKind.Percent or TokenKind.Rate or TokenKind.Cidr or TokenKind.Duration) || tokens.Skip(at + 1).Take(2).Any(t => t.Text is ":" or "=" || t.Kind == TokenKind.Quoted)) return tokens;
        var sign = tokens.FindIndex(at + 1, t => t.Value is "to" or "read" or "be" or "say" or "equal" or "become" or "becomes" || t.Value == "with" && tokens.Exists(v => v.Value is "replace" or "overwrite" or "override"));
        // "is to become prod".
        if (sign > 0 && tokens[sign].Value == "to" && tokens.ElementAtOrDefault(sign + 1)?.Value is "be" or "become" or "read" or "say" or "equal") sign++;
        if (sign < 0 || sign + 1 >= tokens.Count || tokens.GetRange(at + 1, sign - at - 1) is not { Count: > 0 } between || !between.TrueForAll(t => t.IsEntity || t.Concept is Concept.Filler or Concept.Preposition or Concept.Request or Concept.Response or Concept.Header or Concept.ServiceNoun)) return tokens;
        var says = tokens[sign].Value is not "to";
        var verb = tokens.Take(at).LastOrDefault(t => t.Concept is not (Concept.Filler or Concept.Header));
        if (!says && verb?.Value is not ("change" or "set" or "switch" or "update" or "make" or "turn" or "flip" or "adjust")) return tokens;
        var value = tokens[sign + 1];
        var last = HeaderLists.End(tokens, tokens[at].Text.ToLowerInvariant(), sign + 1);
        if (value.IsEntity || value.Kind is TokenKind.Punctuation or TokenKind.Quoted || Fates.Contains(value.Value) || value.Concept is Concept.Request or Concept.Response || last + 1 < tokens.Count && !(tokens[last + 1].Text is "," or "." or ";" or "!") && tokens[last + 1].Value is not ("instead" or "rather" or "please" or "now" or "not" or "and")) return tokens;
        var moved = tokens.ToList();
        var text = HeaderLists.Text(tokens, sign + 1, last);
        moved.RemoveRange(sign + 2, last - sign - 1);
        moved[sign + 1] = new Token(TokenKind.Quoted, text, value.Position) { Value = text, End = tokens[last].End };
        moved[sign] = moved[sign] with { Concept = Concept.Filler };
        return moved;
    }

    /// <summary>"x-plan with the value gold", "x-plan, value gold", "x-plan of value gold": as with a sign.</summary>
    private static List<Token> Valued(List<Token> tokens)
    {
        for (var i = 1; i < tokens.Count - 1; i++)
        {
            if (tokens[i].Value is not ("value" or "values") || tokens[i].Kind != TokenKind.Word) continue;
            var (start, end) = (i - 1, i + 1);
            if (tokens[start].Value is "the" or "a" or "its") start--;
            if (start > 0 && (tokens[start].Value is "with" or "of" or "having" or "and" || tokens[start].Text is ",")) start--;
            if (start < 0 || tokens[start] is not { Kind: TokenKind.HeaderName } || start == i - 1 && tokens[end].Text is not (":" or "=")) continue;
            while (end < tokens.Count - 1 && (tokens[end].Value is "of" or "being" or "is" || tokens[end].Text is ":" or "=")) end++;
            if (tokens[end].Kind == TokenKind.Punctuation) continue;
            tokens.RemoveRange(start + 1, end - start - 1);
            tokens.Insert(start + 1, new Token(TokenKind.Punctuation, ":", tokens[start].End));
        }
        return tokens;
    }

    /// <summary>"user agents" are a header in two words, and "?debug=1" is a query parameter.</summary>
    private static List<Token> Spelled(List<Token> tokens)
    {
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            var next = tokens[i + 1];
            if (tokens[i] is { Kind: TokenKind.Word, Value: "user" } && next.Value is "agent" or "agents")
            {
                tokens[i] = new Token(TokenKind.HeaderName, "user-agent", tokens[i].Position) { End = next.End };
                tokens.RemoveAt(i + 1);
            }
            else if (tokens[i].Text == "?" && next.Kind == TokenKind.Word && next.Position == tokens[i].End && (i == 0 || tokens[i - 1].End < tokens[i].Position)) tokens[i] = new Token(TokenKind.Word, "query", tokens[i].Position) { Concept = Concept.Query, End = tokens[i].End };
        }
        return tokens;
    }

    /// <summary>"append Accept-Language to vary": what is appended stands first, and is a value whatever it is called.</summary>
    private static List<Token> Appended(List<Token> tokens)
    {
        for (var i = 0; i + 3 < tokens.Count; i++)
        {
            if (tokens[i].Value is not ("append" or "appends" or "appending" or "prepend")) continue;
            var at = i + 1;
            while (tokens[at].Value is "the" or "value" or "a" && at + 3 < tokens.Count) at++;
            var name = tokens.ElementAtOrDefault(at + 2) is { Value: "the" } ? at + 3 : at + 2;
            if (tokens[at].Kind is not (TokenKind.HeaderName or TokenKind.Word or TokenKind.Quoted) || tokens[at].Concept is Concept.Header || tokens.ElementAtOrDefault(at + 1)?.Value is not ("to" or "onto") || tokens.ElementAtOrDefault(name) is not { } header || header.Kind != TokenKind.HeaderName && !Everyday.Contains(header.Value)) continue;
            if (tokens.ElementAtOrDefault(name + 1) is { Text: ":" or "=" }) continue;
            var value = tokens[at].Kind == TokenKind.Quoted ? tokens[at].Value : tokens[at].Text;
            return [.. tokens.Take(i + 1), new Token(TokenKind.HeaderName, header.Text, header.Position), new Token(TokenKind.Punctuation, ":", header.End), new Token(TokenKind.Quoted, value, tokens[at].Position) { Value = value, End = tokens[at].End }, .. tokens.Skip(name + 1)];
        }
        return tokens;
    }

    public static List<Token> Quoted(List<Token> tokens)
    {
        var quoted = Distant(Valued(Appended(Named(Called(HeaderConditions.Read(Spelled(tokens.SelectMany(Parted).ToList())))))));
        for (var i = 0; i + 2 < quoted.Count; i++)
        {
            var named = quoted[i].Kind == TokenKind.HeaderName || i > 0 && quoted[i - 1].Concept is Concept.Header or Concept.Cookie or Concept.Query && quoted[i].Kind is TokenKind.Word or TokenKind.Quoted;
            if (!named) continue;
            // "x-env equal to prod": no equal shares.
            if (i + 3 < quoted.Count && quoted[i + 1].Value is "equal" or "equals" or "identical" && quoted[i + 2].Value == "to")
            {
                quoted[i + 1] = quoted[i + 1] with { Value = "equal", Concept = Concept.None };
                quoted.RemoveAt(i + 2);
            }
            // "x-env should be prod" is "x-env be prod".
            if (i + 3 < quoted.Count && quoted[i + 1].Value is "should" or "must" or "shall" or "needs" or "has" && quoted[i + 2].Value is "be" or "read" or "say" or "equal" or "to") quoted.RemoveAt(i + 1);
            if (i + 3 < quoted.Count && quoted[i + 1].Value == "to" && quoted[i + 2].Value is "be" or "read" or "say") quoted.RemoveAt(i + 1);
            if (i + 4 < quoted.Count && quoted[i + 1].Value is "be" or "is" && quoted[i + 2].Value is "set" or "changed" && quoted[i + 3].Value == "to") quoted.RemoveRange(i + 1, 2);
            // "need permissions-policy set to camera=()".
            if (i + 3 < quoted.Count && quoted[i].Kind == TokenKind.HeaderName && quoted[i + 1] is { Concept: Concept.Set, Value: "set" or "changed" or "switched" } && quoted[i + 2].Value == "to" && quoted.Take(i).Any(t => t.Concept == Concept.Filler)) quoted.RemoveAt(i + 1);
            var sign = quoted[i + 1];
            var value = quoted[i + 2];
            var signed = sign.Text is ":" or "=" && !(Unsaid.Contains(value.Value) && value.Kind == TokenKind.Word && quoted.ElementAtOrDefault(i + 3) is null or { Kind: TokenKind.Punctuation } or { Concept: Concept.Separator });
            var worded = sign.Value is "to" or "be" or "is" or "equals" or "as" or "read" or "reads" or "say" or "says" or "equal" or "become" or "becomes" && value.Kind == TokenKind.Word && !(value.Value is "begin" or "start" or "end" or "contain" or "match" or "include") && !IsFate(quoted, i + 2) && value.Concept is not (Concept.Request or Concept.Response or Concept.Fully or Concept.Filler or Concept.Noun or Concept.Preposition or Concept.Per or Concept.Separator or Concept.ServiceNoun or Concept.GatewayNoun or Concept.Present or Concept.Not);
            if (value.Kind == TokenKind.Quoted) continue;
            worded |= sign.Value == "with" && value.Kind == TokenKind.Word && value.Concept == Concept.None && quoted.Exists(v => v.Value is "replace" or "overwrite" or "override");
            // "strict-transport-security with max-age=60".
            signed |= sign.Value == "with" && WellKnown.Contains(quoted[i].Value) && quoted.ElementAtOrDefault(i + 3) is { Text: "=" } equals && equals.Position == value.End;
            // "… to *" is any origin, and a value.
            if (value.Text == "*" && (signed || worded || sign.Value is "to" or "be" or "as" or "is"))
            {
                quoted[i + 2] = new Token(TokenKind.Quoted, "*", value.Position) { Value = "*", End = value.End };
                continue;
            }
            if (signed && value.Kind != TokenKind.Punctuation || worded && value.Kind == TokenKind.Word)
            {
                var last = HeaderLists.End(quoted, quoted[i].Text.ToLowerInvariant(), i + 2);
                var text = HeaderLists.Text(quoted, i + 2, last);
                quoted[i + 2] = new Token(TokenKind.Quoted, text, value.Position) { Value = text, End = quoted[last].End };
                quoted.RemoveRange(i + 3, last - i - 2);
                // "cookie preview=yes": a name, whatever the word means elsewhere.
                if (quoted[i].Kind == TokenKind.Word) quoted[i] = new Token(TokenKind.Quoted, quoted[i].Text, quoted[i].Position) { Value = quoted[i].Text };
            }
        }
        // "x-frame-options SAMEORIGIN", "cache-control max-age=60": at the end, without a sign.
        for (var i = 0; i + 1 < quoted.Count; i++)
        {
            if (quoted[i].Kind != TokenKind.HeaderName || quoted[i + 1] is not { Kind: TokenKind.Word, IsGuess: false } bare || Fates.Contains(bare.Value) || bare.Concept == Concept.Header) continue;
            var last = HeaderLists.End(quoted, quoted[i].Text.ToLowerInvariant(), i + 1);
            var shouts = bare.Text.Length > 2 && bare.Text.All(c => char.IsAsciiLetterUpper(c) || c == '-') && bare.Concept != Concept.Method;
            if (!shouts && last == i + 1 && bare.Value is not ("no-store" or "no-cache" or "nosniff" or "no-referrer" or "same-origin" or "deny" or "sameorigin") || last + 1 < quoted.Count && quoted[last + 1].Kind != TokenKind.Punctuation && quoted[last + 1].Value is not ("on" or "for" or "to" or "please" or "rather" or "instead" or "in")) continue;
            var text = HeaderLists.Text(quoted, i + 1, last);
            quoted[i + 1] = new Token(TokenKind.Quoted, text, bare.Position) { Value = text, End = quoted[last].End };
            quoted.RemoveRange(i + 2, last - i - 1);
            quoted.Insert(i + 1, new Token(TokenKind.Punctuation, ":", bare.Position));
        }
        // "for x-plan free", "x-tier premium → 3s": a word for whom it is about, and nothing else behind.
        for (var i = 0; i + 1 < quoted.Count; i++)
        {
            if (quoted[i].Kind != TokenKind.HeaderName || quoted[i + 1] is not { Kind: TokenKind.Word, IsGuess: false } bare || !(bare.Concept is Concept.None or Concept.Foreign || bare.Value is "free") || Fates.Contains(bare.Value) || bare.Value.EndsWith("ly", StringComparison.Ordinal) || Everywhere.Contains(bare.Value)) continue;
            if (i > 0 && !(quoted[i - 1].Value is "for" or "with" or "when" or "where" or "if" or "of" || quoted[i - 1].Concept is Concept.Deny || quoted[i - 1].Concept is Concept.Header && i > 1 && quoted[i - 2].Value is "for" or "with" or "of" || quoted[i - 1].Text is ":" or "," or "(")) continue;
            if (quoted.ElementAtOrDefault(i + 2) is { } behind && !(behind.Kind == TokenKind.Punctuation && behind.Text is not (":" or "=") || behind.Value is "or" or "to" or "go" or "goes" or "gets" or "get" or "on" or "always" or "may" or "must" or "should" or "in" || behind.Concept == Concept.Request || behind.Kind is TokenKind.Rate)) continue;
            quoted[i + 1] = new Token(TokenKind.Quoted, bare.Text, bare.Position) { End = bare.End };
            quoted[i + 1] = quoted[i + 1] with { Value = bare.Text };
            quoted.Insert(i + 1, new Token(TokenKind.Punctuation, ":", bare.Position));
        }
        // "…: prod, not test": the value that stands.
        for (var i = 1; i + 1 < quoted.Count; i++)
            if (quoted[i].Value == "not" && quoted[i + 1] is { Kind: TokenKind.Word or TokenKind.Quoted or TokenKind.Number } former && (quoted[i - 1].Kind == TokenKind.Quoted || quoted[i - 1].Text == "," && i > 1 && quoted[i - 2].Kind == TokenKind.Quoted))
            {
                quoted[i] = quoted[i] with { Value = "and not", Concept = Concept.InsteadOf };
                quoted[i + 1] = new Token(TokenKind.Quoted, former.Text, former.Position) { Value = former.Kind == TokenKind.Quoted ? former.Value : former.Text, End = former.End };
                if (quoted[i - 1].Text == ",") quoted.RemoveAt(i - 1);
            }
        return quoted;
    }
}
