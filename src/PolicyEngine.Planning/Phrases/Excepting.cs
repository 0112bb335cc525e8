using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>
/// "…, leave the GETs alone", "… except POST", "requests with x-internal: yes are exempt": which requests a clause does not speak of. Methods become all
/// the others, a header or cookie is one that must be missing. What cannot be said so keeps a word for it, and is asked about.
/// </summary>
internal static class Excepting
{
    private static readonly string[] All = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];
    private static readonly string[] Tails = ["stay as they are", "stays as it is", "remain as they are", "stay as is", "stay unchanged", "remain unchanged", "stay untouched", "remain untouched", "are untouched", "are unchanged", "are unaffected", "are not affected", "aren't affected", "aren't touched", "isn't touched", "is not touched", "are not touched", "excepted", "excluded", "exempt", "exempted", "exempt from it", "exempt from that", "exempt from this", "spared", "stay out of it", "don't count", "do not count", "aside", "are not limited", "aren't limited", "unlimited", "not included", "left alone", "left out", "stay free", "are free"];
    private static readonly string[] Ends = ["alone", "as they are", "as it is", "as is", "unchanged", "untouched", "out of it", "out", "in peace"];
    private static readonly HashSet<string> Known = ["touch", "change", "affect", "alter", "modify", "include", "count", "alone", "leave", "leaving", "keep", "out", "peace", "excepted", "excluded", "exempt", "exempted", "spared", "aside", "included", "unaffected", "affected", "touched", "unlimited", "left", "free", "writes", "reads", "repeated", "limited"];

    public static List<Token> Folded(List<Token> said)
    {
        var tokens = Applied(said);
        for (var i = 0; i < tokens.Count; i++)
        {
            var (length, stays) = tokens[i].Concept == Concept.Except ? (Span(tokens, i), false) : (Clause(tokens, i), true);
            if (length == 0) continue;
            var (first, end) = (i, i + length);
            while (first > 0 && IsJoint(tokens[first - 1]) && !(tokens[first - 1].Value == "only" && first > 1 && !IsJoint(tokens[first - 2]))) first--;
            if (first == 0 && end < tokens.Count && IsJoint(tokens[end])) end++;
            if (end < tokens.Count && tokens[end].Text == ")" && first < i && tokens[first].Text == "(") end++;
            List<Token> rest = [.. tokens.Take(first), .. tokens.Skip(end)];
            if (!rest.Exists(t => !t.IsGlue) || Instead(tokens.GetRange(i, length), rest, stays) is not { } words) continue;
            return [.. tokens.Take(first), .. words, .. tokens.Skip(end)];
        }
        return said;
    }

    /// <summary>"…, POST stays as it is": what stands for those goes on, and is not lifted.</summary>
    public static bool Lasts(List<Token> said) => said.Zip(said.Skip(1)).Any(p => p.First.Value is "stay" or "stays" or "remain" or "remains" && (p.Second.Concept == Concept.Undo || p.Second.Value is "as it is" or "as they are" or "as is" or "unchanged" or "untouched" or "as" or "the same"));

    /// <summary>"the limit doesn't apply to GETs", "GETs are exempt from it": but for them.</summary>
    private static List<Token> Applied(List<Token> said)
    {
        // "unless x-internal: yes", "without GETs".
        var lists = said.Exists(t => t.Concept is Concept.Deny or Concept.Allow or Concept.Only or Concept.Require or Concept.Reach);
        var at = said.FindIndex(t => t.Value == "unless" || t.Concept == Concept.Without);
        var named = at < 1 ? null : said.Skip(at + 1).FirstOrDefault(t => t.Concept is not (Concept.Filler or Concept.It or Concept.Preposition or Concept.Request or Concept.Header));
        if (at > 0 && !lists && (IsMethod(named) || said[at].Value == "unless" && (named is { Kind: TokenKind.HeaderName } or { Concept: Concept.Cookie or Concept.Query }))) return [.. said.Take(at), Except(said[at], said[at]), .. said.Skip(at + 1)];
        at = said.FindIndex(t => t.Concept == Concept.Not);
        if (at > 0 && said.Skip(at + 2).TakeWhile(t => !IsJoint(t)).Any(t => IsMethod(t) || t.Kind is TokenKind.HeaderName or TokenKind.Path || t.Concept is Concept.Cookie or Concept.Query) && said.ElementAtOrDefault(at + 1) is { Value: "apply" or "applies" or "count" or "hold" or "concern" or "cover" or "affect" or "include" or "touch" } verb && said.Take(at).Any(t => !t.IsGlue))
            return [.. said.Take(at), Except(said[at], verb), .. said.Skip(at + 2)];
        // "…, bar those to /a", "all but the GETs", "…, but spare /a": but for them.
        at = said.FindIndex(t => t is { Kind: TokenKind.Word, Value: "bar" or "sans" or "spare" or "sparing" or "skip" or "skipping" or "minus" or "save" or "but" });
        if (at > 1 && !said.Where((_, i) => i != at).Any(t => t.Concept is Concept.Deny or Concept.Allow or Concept.Only or Concept.Require or Concept.Reach) && (said[at].Value == "but" ? said.Take(at).TakeLast(4).Any(t => t.Concept is Concept.Fully || t.Value is "methods" or "any" or "every" or "verbs") && !said.Take(at).Any(t => IsMethod(t) || t.Kind is TokenKind.Path or TokenKind.HeaderName) : IsJoint(said[at - 1])) && said.Take(at).Any(t => t.Concept is Concept.Delay or Concept.Retry or Concept.Mirror or Concept.Limit or Concept.Timeout or Concept.Send or Concept.Abort || t.Kind is TokenKind.Percent or TokenKind.Rate or TokenKind.Duration) && said.Skip(at + 1).FirstOrDefault(t => t.Concept is not (Concept.Filler or Concept.Preposition or Concept.Request or Concept.Present)) is { } barred && (IsMethod(barred) || barred.Kind is TokenKind.Path or TokenKind.HeaderName || barred.Concept is Concept.Cookie))
            return [.. said.Take(at), Except(said[at], said[at]), .. said.Skip(at + 1)];
        // "GETs are exempt from the limit": those first, and from what behind.
        at = said.FindIndex(t => t.Value is "exempt" or "exempted" or "spared");
        var start = at < 1 ? -1 : said.FindLastIndex(at, IsJoint) + 1;
        if (at < 1 || said.ElementAtOrDefault(at + 1) is not { Value: "from" } from || said.Skip(at + 2).TakeWhile(t => !IsJoint(t)).All(t => t.IsGlue || t.Concept == Concept.It)) return said;
        var who = said.GetRange(start, at - start);
        while (who.Count > 0 && who[^1].Value is "are" or "is" or "be" or "should" or "must" or "stay" or "remain" or "get" or "to" or "shall") who.RemoveAt(who.Count - 1);
        var end = said.FindIndex(at, IsJoint) is > 0 and var stop ? stop : said.Count;
        return [.. said.Take(start), .. said.GetRange(at + 2, end - at - 2), Except(said[at], from), .. who, .. said.Skip(end)];
    }

    private static Token Except(Token first, Token last) => new(TokenKind.Word, $"{first.Text} {last.Text}", first.Position) { Value = "except", Concept = Concept.Except, End = last.End };

    private static bool IsJoint(Token token) => token is { Kind: TokenKind.Punctuation, Text: "," or ";" or "." or "(" or "–" or "—" or ":" or "-" } || token.Concept == Concept.Separator || token.Value is "but" or "only" or "while" or "whereas" or "though" or "please";

    private static bool IsMethod(Token? token) => token is { Concept: Concept.Method };

    /// <summary>"except GET and HEAD", "except those with cookie vip=1": no more than what it names. Where it lists who may, it is a list of its own.</summary>
    private static int Span(List<Token> tokens, int at)
    {
        // "…, only please leave out /a": no list of who may.
        var joints = at;
        while (joints > 0 && IsJoint(tokens[joints - 1])) joints--;
        var before = tokens.Take(joints).ToList();
        if (before.Concat(tokens.Skip(at)).Any(t => t.Concept is Concept.Deny or Concept.Allow or Concept.Only or Concept.Require or Concept.Reach) && !(before.Exists(t => t.Concept == Concept.Deny) && before.Exists(t => t.Kind == TokenKind.Cidr) && tokens.Skip(at).All(t => t.Kind != TokenKind.Cidr))) return 0;
        var i = at + 1;
        while (i < tokens.Count && (tokens[i].IsGlue && tokens[i].Kind == TokenKind.Word || tokens[i].Concept is Concept.Path or Concept.Request or Concept.Client or Concept.User or Concept.Present or Concept.Header)) i++;
        if (IsMethod(tokens.ElementAtOrDefault(i)))
        {
            while (i < tokens.Count && (IsMethod(tokens[i]) || IsMethod(tokens.ElementAtOrDefault(i + 1)) && (tokens[i].Text == "," || tokens[i].Concept is Concept.Separator or Concept.Or or Concept.Filler || tokens[i].Text is "/" or "&") || tokens[i].Text == "," && tokens.ElementAtOrDefault(i + 1) is { Concept: Concept.Separator } && IsMethod(tokens.ElementAtOrDefault(i + 2)))) i++;
            return i - at + (tokens.ElementAtOrDefault(i) is { Concept: Concept.Request } ? 1 : 0);
        }
        if (tokens.ElementAtOrDefault(i) is { Kind: TokenKind.Path } && tokens.Count(t => t.Kind == TokenKind.Path) == 1) return i - at + 1;
        var name = tokens.ElementAtOrDefault(i) is { Concept: Concept.Cookie or Concept.Query } ? i + 1 : i;
        if (name == i && tokens.ElementAtOrDefault(i) is not { Kind: TokenKind.HeaderName } || name >= tokens.Count) return 0;
        return (tokens.ElementAtOrDefault(name + 1) is { Text: ":" or "=" } && name + 2 < tokens.Count ? name + 3 : name + 1) - at;
    }

    /// <summary>A part of the sentence that says that some requests stay as they are; 0 where it says anything else.</summary>
    private static int Clause(List<Token> tokens, int at)
    {
        if (at > 0 && !IsJoint(tokens[at - 1])) return 0;
        var end = at;
        while (end < tokens.Count && !(IsJoint(tokens[end]) && !(tokens[end].Text is ":" && end > 0 && tokens[end - 1].Kind == TokenKind.HeaderName) && !(end > at && IsMethod(tokens[end - 1]) && IsMethod(tokens[end + 1 < tokens.Count ? end + 1 : end])) || tokens[end].Text is "!" or ")")) end++;
        var said = tokens.GetRange(at, end - at);
        // "mirror orders to v2, no POSTs": of what is spoken of, and no ban.
        if (said.Count > 1 && at > 0 && said[0] is { Kind: TokenKind.Number, Value: "no" } && tokens[at - 1].Text is "," or "(" or "but" or "-" or "–" or "—" or ";" or "." && said.Skip(1).All(t => IsMethod(t) || t.Concept is Concept.Separator or Concept.Or || t.Text == ",")) return tokens.Take(at).Any(t => t.Concept is Concept.Mirror or Concept.Retry or Concept.Delay) && !tokens.Exists(t => t.Concept is Concept.Deny or Concept.Allow or Concept.Only || t.Kind == TokenKind.Cidr) ? said.Count : 0;
        return said.Count > 0 && Stays(said) && !said.Exists(t => t.Kind is TokenKind.Percent or TokenKind.Rate or TokenKind.Duration or TokenKind.Number or TokenKind.Cidr or TokenKind.Status or TokenKind.Version) ? end - at : 0;
    }

    /// <summary>"leave … alone", "don't touch …", "never …", "… stay as they are", "… must not be retried".</summary>
    private static bool Stays(List<Token> said)
    {
        var words = said.FindAll(t => t.Kind == TokenKind.Word && t.Concept != Concept.Method);
        if (words.Count == 0) return false;
        var text = string.Join(' ', words.Select(t => t.Value));
        // "GETs stay open to all", "keep /a out of it".
        if (said.Exists(IsMethod) && words.FindIndex(t => t.Value is "open" or "free" or "open to" or "open for" or "accessible" or "reachable" or "public") is > 0 and var open && words[open - 1].Value is "stay" or "stays" or "remain" or "remains" or "are" or "is" && words.Skip(open + 1).All(t => t.IsGlue || t.Concept is Concept.Everyone or Concept.Fully)) return true;
        if (words[0].Value is "keep out" or "leave out" or "keep off" or "keep away" && words[^1].Concept == Concept.It) return true;
        if (words[0].Concept == Concept.Not && words.ElementAtOrDefault(1) is { Concept: Concept.Retry or Concept.Limit or Concept.Delay or Concept.Mirror } && said.Exists(IsMethod) && said.TrueForAll(t => t.IsGlue || IsMethod(t) || ReferenceEquals(t, words[0]) || ReferenceEquals(t, words[1]))) return true;
        // "remove x-debug, keep x-env".
        if (words[0].Value is "keep" or "leave" && said.Skip(1).All(t => t.Kind == TokenKind.HeaderName || t.Concept is Concept.Header || t.Value is "the") && said.Count > 1) return true;
        return words[0].Value is "leave" or "leaving" or "keep" or "keeping" && Ends.Any(e => text.EndsWith(" " + e, StringComparison.Ordinal))
            || words[0].Concept == Concept.Not && words.Skip(1).FirstOrDefault(t => t.Concept != Concept.Filler) is null or { Value: "touch" or "change" or "affect" or "alter" or "modify" or "include" or "count" or "for" or "on" or "to" or "writes" or "reads" or "those" }
            || Tails.Any(t => text == t || text.EndsWith(" " + t, StringComparison.Ordinal))
            || said.Exists(t => t.Concept == Concept.Not) && words[^1] is { Concept: Concept.Retry or Concept.Limit or Concept.Delay or Concept.Mirror } or { Value: "repeated" or "limited" } && (IsMethod(said.Find(t => t.Concept != Concept.Filler)) || words[0].Value is "writes" or "reads");
    }

    /// <summary>What says the same for all the others; null where nobody can say it.</summary>
    private static List<Token>? Instead(List<Token> said, List<Token> rest, bool stays)
    {
        var methods = said.Where(IsMethod).Select(t => t.Text.ToUpperInvariant()).ToHashSet();
        if (said.Exists(t => t.Value == "writes")) methods.UnionWith(["POST", "PUT", "PATCH", "DELETE"]);
        if (said.Exists(t => t.Value == "reads")) methods.UnionWith(["GET", "HEAD"]);
        var name = said.FindAll(t => t.Kind == TokenKind.HeaderName || t.Concept is Concept.Cookie or Concept.Query);
        var path = said.FindAll(t => t.Kind == TokenKind.Path);
        if ((methods.Count > 0 ? 1 : 0) + name.Count + path.Count != 1 || said.Exists(t => t.Concept == Concept.Without)) return null;
        var negated = said.Exists(t => t.Concept == Concept.Not);
        bool Says(Token t) => t.Kind == TokenKind.Punctuation || t is { Kind: TokenKind.Number, Value: "no" } || t.Kind == TokenKind.Word && (t.IsGlue || t.Concept is Concept.Except or Concept.Everyone or Concept.Path or Concept.Request or Concept.Header or Concept.Present or Concept.Client or Concept.User or Concept.Method or Concept.Not or Concept.It or Concept.Or or Concept.Set or Concept.Back or Concept.Undo or Concept.Send or Concept.Fully || Known.Contains(t.Value) || t.Concept == Concept.Deny && t.Value.StartsWith("keep", StringComparison.Ordinal) || t.Value is "leave out" || stays && t.Value is "open" or "open to" or "open for" or "accessible" or "reachable" or "public" || negated && t.Concept is Concept.Retry or Concept.Limit or Concept.Delay or Concept.Mirror);
        if (path.Count > 0)
        {
            // "/a after 5s, leave /b alone": what is spoken of is named already.
            if (!said.TrueForAll(t => Says(t) || t.Kind == TokenKind.Path) || rest.Exists(t => t.Kind == TokenKind.Path && t.Value == path[0].Value)) return null;
            // "on /a, leave /a/b out": of what is below it nobody can say so.
            if (rest.Exists(t => t.Kind == TokenKind.Path && path[0].Value.StartsWith(t.Value.TrimEnd('*', '/') + "/", StringComparison.Ordinal))) return null;
            if (rest.Exists(t => t.Kind == TokenKind.Path)) return stays ? [] : null;
            if (rest.Exists(t => t.Kind is TokenKind.Rate or TokenKind.Duration or TokenKind.Percent or TokenKind.HeaderName || t.Concept is Concept.Retry or Concept.Mirror or Concept.Limit or Concept.Delay) && !rest.Exists(t => t.Concept is Concept.Redirect or Concept.Rewrite or Concept.Route) && !said.Exists(t => t.Value is "exact" or "exactly") && OtherPaths.Instead(path[0]) is { } others) return [others];
            // "only 10.0.0.0/8 may reach kyc, /kyc/status stays open": of that the list itself speaks.
            if (stays && rest.Exists(t => t.Kind == TokenKind.Cidr)) return null;
            return !stays ? null : [new Token(TokenKind.Word, string.Join(' ', said.Select(t => t.Text)), said[0].Position) { Value = "except", Concept = Concept.Except, End = said[^1].End }];
        }
        if (methods.Count > 0)
        {
            var named = rest.Where(IsMethod).Select(t => t.Text.ToUpperInvariant()).ToHashSet();
            if (!said.TrueForAll(Says) || named.Overlaps(methods) || named.Count == 0 && said.Exists(t => t.Value is "writes" or "reads")) return null;
            return named.Count > 0 && stays ? [] : [.. All.Where(m => !methods.Contains(m)).Select(m => new Token(TokenKind.Word, m, said[0].Position) { Concept = Concept.Method, End = said[^1].End })];
        }
        // "set x-env: prod, leave x-debug alone": of a header that nothing becomes of.
        if (stays && name[0].Kind == TokenKind.HeaderName && said.TrueForAll(t => t.Kind == TokenKind.HeaderName || t.IsGlue || t.Concept == Concept.Header || Known.Contains(t.Value) || t.Concept == Concept.Not) && rest.Exists(t => t.Kind == TokenKind.HeaderName && !t.Text.Equals(name[0].Text, StringComparison.OrdinalIgnoreCase)) && rest.Exists(t => t.Concept is Concept.Set or Concept.Stop)) return [];
        // As far as its value: "x-internal: yes".
        var at = said.IndexOf(name[0]);
        var last = at + (name[0].Kind == TokenKind.HeaderName ? 0 : 1);
        if (last >= said.Count) return null;
        if (said.ElementAtOrDefault(last + 1) is { Text: ":" or "=" } && last + 2 < said.Count) last += 2;
        if (!said.Where((_, i) => i < at || i > last).All(Says) || stays && !said.Exists(t => t.Concept is Concept.Request or Concept.Client or Concept.User or Concept.Present || t.Value is "those" or "users" or "who" or "callers" or "with" or "exempt" or "exempted" or "unlimited" or "excluded" or "excepted" or "spared")) return null;
        return [new Token(TokenKind.Word, "without", said[0].Position) { Concept = Concept.Without, End = said[0].End }, .. said.GetRange(at, last - at + 1)];
    }
}
