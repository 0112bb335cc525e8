using System.Collections.Frozen;

namespace PolicyEngine.Planning.Lexing;

/// <summary>What a word is only beside others: "the ads team" is people and no service, "a new limit" no new version, "calls over 4s" calls that take longer.</summary>
internal static class Contexts
{
    private static readonly FrozenSet<string> Groups = WordFiles.Set("groups");

    /// <summary>"another second", "an extra minute": one more.</summary>
    private static List<Token> Another(List<Token> tokens)
    {
        var read = new List<Token>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var extras = tokens[i].Value is "another" ? 1 : tokens[i].Value is "a" or "an" && tokens.ElementAtOrDefault(i + 1)?.Value is "additional" or "extra" or "further" ? 2 : 0;
            if (extras == 0 || tokens.ElementAtOrDefault(i + extras) is not { Kind: TokenKind.Word, Value: "second" or "minute" or "hour" or "millisecond" or "percent" } unit)
            {
                read.Add(tokens[i]);
                continue;
            }
            read.Add(new Token(TokenKind.Number, "one", tokens[i].Position) { Number = 1, End = tokens[i].End });
            read.Add(unit);
            read.Add(tokens[i + extras - 1] with { Kind = TokenKind.Word, Value = "more", Concept = Concept.More });
            i += extras;
        }
        return read;
    }

    /// <summary>"10 orders a minute": what a service takes, counted.</summary>
    public static List<Token> Counted(List<Token> tokens)
    {
        var read = Another(tokens);
        for (var i = 0; i + 2 < read.Count; i++)
        {
            // "one more second": one second more.
            if (read[i].Kind == TokenKind.Number && read[i + 1] is { Value: "more" or "extra" or "additional" or "further" } extra && read[i + 2] is { Kind: TokenKind.Word, Value: "second" or "seconds" or "minute" or "minutes" or "millisecond" or "milliseconds" or "ms" or "hour" or "hours" or "percent" or "points" or "point" } counts) (read[i + 1], read[i + 2]) = (counts, extra);
            // "3 DELETEs a minute": which requests, and how many of them.
            if (i + 3 < read.Count && read[i].Kind == TokenKind.Number && read[i + 1].Concept == Concept.Method && read[i + 2].Value is "per" or "a" or "an" or "every" or "each" && Quantities.PerOf(read[i + 3].Concept) is not null) (read[i], read[i + 1]) = (read[i + 1], read[i]);
            // "an upload without …", "each order": one of what the service takes.
            if (read[i + 1] is { Kind: TokenKind.Service, IsGuess: true } single && single.Value.Equals(single.Text + "s", StringComparison.OrdinalIgnoreCase) && read[i].Value is "each" or "every" or "any" or "an" or "a" or "no" or "single" or "one") read[i + 1] = single with { IsGuess = false };
            // "1M requests" are a million, and no minute.
            if (read[i] is { Kind: TokenKind.Duration } million && million.Text.EndsWith('M') && decimal.TryParse(million.Text[..^1], System.Globalization.CultureInfo.InvariantCulture, out var many) && read[i + 1].Concept == Concept.Request) read[i] = million with { Kind = TokenKind.Number, Number = many * 1_000_000 };
            // "5 kyc requests a second": which requests, and how many of them.
            if (i + 4 < read.Count && read[i].Kind == TokenKind.Number && read[i + 1] is { Kind: TokenKind.Service } taken && read[i + 2].Concept is Concept.Request && read[i + 3].Value is "per" or "a" or "an" or "every" or "each" && Quantities.PerOf(read[i + 4].Concept) is not null
                && (!taken.IsGuess || taken.Text.TrimEnd('s').Equals(taken.Value.TrimEnd('s'), StringComparison.OrdinalIgnoreCase)) && !read.Exists(t => t.Kind == TokenKind.Service && !ReferenceEquals(t, taken))) (read[i], read[i + 1]) = (taken with { IsGuess = false }, read[i]);
            if (read[i].Kind != TokenKind.Number || read[i + 1] is not { Kind: TokenKind.Service } service || read[i + 2].Value is not ("per" or "a" or "an" or "every" or "each") || i + 3 >= read.Count || Quantities.PerOf(read[i + 3].Concept) is null) continue;
            var known = !service.IsGuess || service.Text.TrimEnd('s').Equals(service.Value.TrimEnd('s'), StringComparison.OrdinalIgnoreCase);
            if (!known) continue;
            if (read.Exists(t => t.Kind == TokenKind.Service && !ReferenceEquals(t, service))) read.RemoveAt(i + 1);
            else (read[i], read[i + 1]) = (service with { IsGuess = false }, read[i]);
        }
        return read;
    }

    /// <summary>"reject with 429 once it gets more than 10 a second": how a limit answers.</summary>
    private static List<Token> Limited(List<Token> tokens)
    {
        var code = tokens.Exists(t => t.Kind == TokenKind.Rate) ? tokens.FindIndex(t => t is { Kind: TokenKind.Number, Text: "429" }) : -1;
        if (code < 1) return tokens;
        var first = code;
        while (first > 0 && tokens[first - 1].Value is "with" or "a" or "an") first--;
        if (first == 0 || tokens[first - 1].Concept is not (Concept.Deny or Concept.Answer or Concept.Send or Concept.Filler)) return tokens;
        if (tokens[first - 1].Concept is not Concept.Filler) first--;
        return [.. tokens.Take(first), new Token(TokenKind.Word, string.Join(' ', tokens.GetRange(first, code - first + 1).Select(t => t.Text)), tokens[first].Position) { Value = "limit", Concept = Concept.Limit, End = tokens[code].End }, .. tokens.Skip(code + 1)];
    }

    /// <summary>"one in two hundred (0.5 %)", "one day (24h)": the same once more.</summary>
    private static List<Token> Repeated(List<Token> tokens)
    {
        for (var i = 1; i + 2 < tokens.Count; i++)
            if (tokens[i].Text == "(" && tokens[i + 2].Text == ")" && tokens[i + 1] is { Kind: TokenKind.Percent or TokenKind.Duration } again && tokens.Take(i).LastOrDefault(t => t.Kind == again.Kind) is { } said && (said.Share, said.Duration) == (again.Share, again.Duration))
                return Repeated([.. tokens.Take(i), .. tokens.Skip(i + 3)]);
        return tokens;
    }

    /// <summary>"an upload may last", "every payment", "upload requests": one of what a service does names it as well as all of them.</summary>
    public static List<Token> Single(List<Token> tokens) =>
    [
        .. tokens.Select((t, i) => t is { Kind: TokenKind.Service, IsGuess: true } && t.Value == t.Text.ToLowerInvariant() + "s" && tokens.ElementAtOrDefault(i + 1)?.Value is not "of"
            && (tokens.ElementAtOrDefault(i - 1)?.Value is "a" or "an" or "each" or "every" or "any" or "one" or "single" || tokens.ElementAtOrDefault(i + 1) is { Concept: Concept.Request or Concept.Limit }) ? t with { IsGuess = false } : t),
    ];

    /// <summary>"the partner host", where the gateway is called partners: what is at its side is it.</summary>
    private static List<Token> Sided(List<Token> tokens)
    {
        var read = new List<Token>();
        for (var i = 0; i < tokens.Count; i++)
        {
            read.Add(tokens[i]);
            if (tokens[i] is not { Kind: TokenKind.Gateway } gateway || tokens.ElementAtOrDefault(i + 1) is not { Kind: TokenKind.Word, Value: "host" or "hosts" or "side" or "gateway" or "edge" or "door" or "entrance" or "domain" or "front" or "route" or "routes" } place) continue;
            if (gateway.IsGuess && gateway.Value != gateway.Text.ToLowerInvariant() + "s") continue;
            read[^1] = gateway with { IsGuess = false };
            if (place.Concept == Concept.Route) continue;
            read[^1] = read[^1] with { Text = $"{gateway.Text} {place.Text}", End = place.End };
            i++;
        }
        return read;
    }

    /// <summary>"20%, like rates has it": the value is said, and another one only has the same.</summary>
    private static List<Token> Likened(List<Token> tokens)
    {
        var at = tokens.FindIndex(t => t.Value is "like" or "as" or "just like" or "just as");
        if (at < 2 || tokens.Take(at).LastOrDefault(t => t.Text != ",") is not { Kind: TokenKind.Percent or TokenKind.Duration or TokenKind.Rate } || tokens.ElementAtOrDefault(at + 1) is not { Kind: TokenKind.Service } || tokens.ElementAtOrDefault(at + 2)?.Value is not ("has" or "does" or "gets" or "is" or "has it" or "gets it")) return tokens;
        var end = tokens.ElementAtOrDefault(at + 3) is { Concept: Concept.It } ? at + 4 : at + 3;
        return end == tokens.Count || tokens[end].Kind == TokenKind.Punctuation ? [.. tokens.Take(at), .. tokens.Skip(end)] : tokens;
    }

    public static List<Token> Read(List<Token> tokens) => Shifts.Read(Together.Read(Bounded(Fresh(Grouped(Meant(Titled(Ranged(Limited(Sided(Likened(tokens)))))))))));

    private static readonly FrozenSet<string> Titles = WordFiles.Set("titles");

    /// <summary>"panic button: all back to v1", "flood protection: …": a title says why, and nothing of what.</summary>
    private static List<Token> Titled(List<Token> tokens)
    {
        var colon = tokens.FindIndex(t => t.Text is ":" or "!");
        if (colon is < 1 or > 4) return tokens;
        var title = tokens.Take(colon).ToList();
        if (!title.TrueForAll(t => t.Kind == TokenKind.Word && (Titles.Contains(t.Value) || t.Concept == Concept.Filler)) || title.TrueForAll(t => t.Value is "system" or "kill" or "change" or "update" || t.Concept == Concept.Filler && !Titles.Contains(t.Value))) return tokens;
        return [.. title.Select(t => t with { Concept = Concept.Filler, Value = t.Value + "…" }), .. tokens.Skip(colon)];
    }

    /// <summary>Verbs that break requests where a share or status is said, and end a policy where one is named.</summary>
    private static readonly FrozenSet<string> Violent = WordFiles.Set("violent");

    /// <summary>"murder the retries" ends them, "show v2 to …" sends there, "callers sending x-id" have it.</summary>
    private static List<Token> Meant(List<Token> tokens)
    {
        // "half the uploads timeout": to do, and no share.
        if (tokens.FindIndex(t => !t.IsGlue) is var first and >= 0 && tokens[first] is { Kind: TokenKind.Percent } half && half.Text.Equals("half", StringComparison.OrdinalIgnoreCase) && (tokens.Exists(t => t.Concept is Concept.Timeout or Concept.Limit) || tokens.Skip(first + 1).FirstOrDefault(t => t.Concept is not (Concept.Filler or Concept.Older) && !t.IsEntity && !(t.Concept == Concept.Abort && t.Value.StartsWith("inject", StringComparison.Ordinal)) && !(t.Concept == Concept.None && t.Value is "artificial")) is { Concept: Concept.Delay } slow && !slow.Value.StartsWith("delayed", StringComparison.Ordinal)) && tokens.Count(t => t.Kind is TokenKind.Percent or TokenKind.Duration or TokenKind.Rate or TokenKind.Version) == 1)
            tokens = [.. tokens.Select((t, i) => i == first ? new Token(TokenKind.Word, t.Text, t.Position) { Concept = Concept.Halve, End = t.End } : t)];
        var valued = tokens.Exists(t => t.Kind is TokenKind.Percent or TokenKind.Rate or TokenKind.Duration or TokenKind.Status or TokenKind.Number);
        Token? Next(int i) => tokens.Skip(i + 1).FirstOrDefault(t => t.Concept != Concept.Filler && !t.IsEntity && t.Concept is not (Concept.Preposition or Concept.Newer or Concept.Older));
        return
        [
            // "put v2 live" names no service that is called so.
            .. tokens.Select((t, i) => t is { Kind: TokenKind.Service or TokenKind.Document, Value: "live" } && tokens.ElementAtOrDefault(i - 1)?.Kind == TokenKind.Version && !tokens.Skip(i + 1).Any(n => !n.IsGlue) && tokens.Take(i).Any(n => n.Value is "put" or "set" or "push" or "bring" or "make" or "take" or "go") ? new Token(TokenKind.Word, t.Text, t.Position) { Value = "live?" }
                : t.Kind == TokenKind.Duration && t.Text.Length == 4 && t.Text[0] is '4' or '5' && t.Text[3] == 's' && char.IsAsciiDigit(t.Text[2]) && tokens.Exists(n => n.Concept is Concept.Abort or Concept.Failing or Concept.Answer or Concept.Delay || n.Kind == TokenKind.Percent) && (!tokens.Exists(n => n.Concept is Concept.Timeout or Concept.Delay) || !tokens.Exists(n => n.Concept == Concept.Timeout) && t.Text[1] is '0' && tokens.Exists(n => n.Concept is Concept.Stop or Concept.Off)) ? t with { Kind = TokenKind.Number, Number = (int)t.Duration.TotalSeconds }
                // "the ledger one of 5s": what was spoken of.
                : t is { Kind: TokenKind.Number, Value: "one" } && tokens.ElementAtOrDefault(i - 1) is { Kind: TokenKind.Service } && (tokens.ElementAtOrDefault(i + 1) is null or { Kind: TokenKind.Punctuation } || tokens.ElementAtOrDefault(i + 1) is { Value: "of" } && tokens.ElementAtOrDefault(i + 2)?.Kind is TokenKind.Duration or TokenKind.Rate) ? new Token(TokenKind.Word, t.Text, t.Position) { Value = "one…", Concept = Concept.Filler }
                : t.Kind != TokenKind.Word ? t
                : t.Value is "said" && tokens.ElementAtOrDefault(i + 1) is { Concept: Concept.Client or Concept.ServiceNoun or Concept.VersionNoun } ? t with { Concept = Concept.Filler }
                : t.Value is "won" && tokens.ElementAtOrDefault(i - 1) is { Kind: TokenKind.Version } ? t with { Concept = Concept.Promote }
                // "v8 has seen enough": what was.
                : t.Value is "seen" && tokens.ElementAtOrDefault(i - 1) is { Value: "has" or "have" or "had" or "we've" or "it's" } ? t with { Concept = Concept.None }
                // "make requests wait 3s": later, and no bound.
                : t.Value is "wait" && tokens.Take(i).Any(n => n.Value is "make" or "makes" or "making" or "force") && tokens.Skip(i + 1).FirstOrDefault(n => n.Concept != Concept.Filler && n.Value is not ("for" or "extra")) is { Kind: TokenKind.Duration } && !tokens.Exists(n => n.Concept is Concept.Timeout or Concept.Retry or Concept.AtMost or Concept.Limit or Concept.BackOff or Concept.Mirror) ? t with { Concept = Concept.Delay }
                // "…, v2 answers": what it does.
                : t.Value is "answers" && tokens.ElementAtOrDefault(i - 1) is { Kind: TokenKind.Version } && tokens.ElementAtOrDefault(i + 1) is null or { Kind: TokenKind.Punctuation } ? t with { Concept = Concept.Answer }
                // "my team is blocked": nobody is to be.
                : t.Value is "blocked" && tokens.ElementAtOrDefault(i - 1) is { Value: "is" or "are" or "am" or "was" or "were" or "i'm" or "we're" } && (tokens.ElementAtOrDefault(i - 2)?.Value is "team" or "we" or "i" or "us" or "devs" or "colleagues" or "squad" or "teams" || tokens[i - 1].Value is "am" or "i'm" or "we're") && tokens.ElementAtOrDefault(i + 1) is null or { Kind: TokenKind.Punctuation } ? t with { Concept = Concept.None }
                // "run v2 in parallel": does it answer, or listen?
                : t.Value is "in parallel" && tokens.ElementAtOrDefault(i - 1) is { Kind: TokenKind.Version } ? t with { Concept = Concept.None }
                // "some 5xx": any of them.
                : t.Value is "some" or "any" && tokens.ElementAtOrDefault(i + 1) is { Kind: TokenKind.Status } ? t with { Concept = Concept.Filler }
                // "whoever calls player": everybody who does; behind a rate it says that all are counted together.
                : t.Value is "whoever calls" && tokens.ElementAtOrDefault(i + 1) is { IsEntity: true } or { Concept: Concept.It } && !tokens.Exists(n => n.Kind == TokenKind.Rate) ? t with { Concept = Concept.Filler }
                // "has no business on login, nor on payments": the same of both.
                : t.Value is "nor" && tokens.Skip(i + 1).FirstOrDefault(n => n.Concept is not (Concept.Preposition or Concept.Filler)) is { } also && (also.IsEntity || also.Kind is TokenKind.Cidr or TokenKind.Path || also.Concept == Concept.Method) && tokens.Take(i).Any(n => n.Kind == also.Kind && n.Concept == also.Concept) && tokens.SkipWhile(n => !ReferenceEquals(n, also)).Skip(1).FirstOrDefault() is null or { Kind: TokenKind.Punctuation } ? t with { Value = "and", Concept = Concept.Separator }
                // "an idle timeout of 1m should get rid of them": of what it is for.
                : t.Concept == Concept.Stop && tokens.ElementAtOrDefault(i + 1) is { Value: "them" or "those" or "that" or "these" or "it" } && tokens.Skip(i + 2).TakeWhile(n => n.Kind != TokenKind.Punctuation).All(n => n.IsGlue || n.Concept == Concept.User) && (tokens.ElementAtOrDefault(i - 1)?.Value is "will" or "would" || tokens.ElementAtOrDefault(i - 1)?.Value is "should" or "shall" or "to" && t.Value is "get rid of" or "end" or "stop") && tokens.Take(i).Any(n => n.Kind is TokenKind.Duration or TokenKind.Rate or TokenKind.Percent or TokenKind.Number) ? t with { Concept = Concept.Filler }
                // "the public API": what sort it is, and nobody.
                : t.Value is "the public" && tokens.ElementAtOrDefault(i + 1) is { Kind: TokenKind.Word } what && (what.Concept is Concept.None or Concept.Foreign || what.Value is "api" or "apis" or "site" or "endpoint") ? t with { Concept = Concept.Filler }
                : t.Value is "config" or "configuration" or "settings" or "setting" or "rule" or "rules" && tokens.Take(i).Any(n => n.Concept == Concept.Mirror) ? t with { Concept = Concept.None }
                : t.Value is "a handful" or "a sliver" or "a fraction" or "a pinch" or "a few" && tokens.Skip(i + 1).Any(n => n.Value is "say" or "maybe" or "perhaps" or "about" or "namely") && tokens.Skip(i + 1).Any(n => n.Kind == TokenKind.Percent) ? t with { Concept = Concept.Filler }
                // What is exact says how little "a little" is; who stands behind an address is no question.
                : t.Value is "a little" or "a bit" or "slightly" or "somewhat" or "a tad" && tokens.ElementAtOrDefault(i + 1)?.Concept is not (Concept.More or Concept.Less or Concept.Raise or Concept.Lower) && tokens.Exists(n => n.Kind is TokenKind.Percent or TokenKind.Duration or TokenKind.Rate) ? t with { Concept = Concept.Filler }
                : t.Value is "bots" or "scrapers" or "brute force" or "brute-force" or "ddos" && tokens.Exists(n => n.Kind == TokenKind.Cidr) ? t with { Concept = Concept.Filler }
                : t.Value is "shield" or "shields" or "guard" or "guards" or "defend" or "defends" or "protect" or "protects" ? t with { Concept = tokens.Skip(i + 1).Any(n => n.Value == "from") && tokens.Exists(n => n.Kind == TokenKind.Cidr) ? Concept.Deny : Concept.Set }
                : t.Value is "limited to" or "confined to" or "held to" or "kept to" && tokens.ElementAtOrDefault(i + 1) is { Kind: TokenKind.Cidr } or { Kind: TokenKind.Word, Concept: Concept.Client } && tokens.Exists(n => n.Kind == TokenKind.Cidr) && !tokens.Exists(n => n.Kind == TokenKind.Rate) ? t with { Concept = Concept.Only }
                : t.Value is "just" && (tokens.ElementAtOrDefault(i + 1) is { Kind: TokenKind.Cidr } or { Concept: Concept.Method } || tokens.ElementAtOrDefault(i + 1)?.Value is "for" or "from" or "by" or "to" && tokens.ElementAtOrDefault(i + 2) is { Kind: TokenKind.Cidr }) ? t with { Concept = Concept.Only }
                // "let it peak at 2000": how many at once; "peak at 2000 rps" is a limit.
                : t.Value is "peak at" or "peaks at" && tokens.ElementAtOrDefault(i + 1) is { Kind: TokenKind.Number } && tokens.ElementAtOrDefault(i + 2)?.Concept is not (Concept.Request or Concept.Per) && !tokens.Exists(n => n.Concept is Concept.Retry or Concept.Times) ? t with { Concept = Concept.Burst }
                : t.Value is "show" or "shows" or "showing" or "contain" or "reveal" or "expose" && tokens.Exists(n => n.Kind == TokenKind.HeaderName) && tokens.Take(i).Any(n => n.Concept == Concept.Not) ? t with { Concept = Concept.Present }
                : t.Value is "cut" or "cuts" or "trim" or "chop" or "shave" && tokens.Skip(i + 1).FirstOrDefault(n => n.Concept != Concept.Filler) is { Kind: TokenKind.HeaderName } ? t with { Concept = Concept.Stop }
                // "reads on ledger (GET only)", "idempotent calls (GET, HEAD)": which they are, the methods say.
                : t.Value is "reads" or "writes" or "idempotent" or "read-only" or "mutating" && tokens.Where(m => m.Concept == Concept.Method).ToList() is { Count: > 0 } methods && (t.Value == "idempotent" || methods.TrueForAll(m => (m.Text is "GET" or "HEAD" or "OPTIONS") == (t.Value is "reads" or "read-only"))) ? t with { Concept = t.Value is "reads" or "writes" ? Concept.Request : Concept.Filler }
                : t.Value is "whole" or "entire" or "complete" && tokens.ElementAtOrDefault(i + 1) is { Kind: TokenKind.Gateway or TokenKind.Fleet } ? t with { Concept = Concept.Filler }
                // "requests are cut off at 2s": how long they may take, where nobody is named whom it keeps out.
                : t.Concept == Concept.Deny && t.Value.EndsWith("cut off", StringComparison.Ordinal) && tokens.Exists(n => n.Kind == TokenKind.Duration) && !tokens.Exists(n => n.Kind == TokenKind.Cidr) && !tokens.Take(i).Any(n => n.Kind == TokenKind.HeaderName) ? t with { Concept = Concept.Timeout }
                // "ml-b answers all recs".
                : t.Value is "answers" or "answer" or "handles" or "handle" && tokens.ElementAtOrDefault(i - 1)?.Kind == TokenKind.Version && tokens.Skip(i + 1).Any(n => n.Kind == TokenKind.Service) && !tokens.Exists(n => n.Kind is TokenKind.Number or TokenKind.Duration && n.Number >= 100) ? t with { Concept = Concept.Send }
                : t.Value == "answers" && tokens.ElementAtOrDefault(i + 1) is { Kind: TokenKind.Number } or { Value: "with" } ? t with { Concept = Concept.Answer }
                // "calls marked x-job: batch": which have it.
                : t.Value is "marked" or "tagged" or "flagged" or "labelled" or "labeled" && tokens.ElementAtOrDefault(i + 1) is { Kind: TokenKind.HeaderName } ? t with { Concept = Concept.Present, Value = "marked with" }
                : t.Value is "mark" or "marks" && tokens.Exists(n => n.Kind == TokenKind.HeaderName) ? t with { Concept = Concept.Set }
                : t.Value is "hsts" or "cors" or "csp" or "caching" or "origin" or "origins" && t.Concept is Concept.None or Concept.Foreign && tokens.Exists(n => n.Kind == TokenKind.HeaderName) && tokens.Exists(n => n.Kind == TokenKind.Quoted) ? t with { Concept = Concept.Filler }
                : !valued && Violent.Contains(t.Value) && Next(i) is { Concept: Concept.Retry or Concept.Timeout or Concept.Limit or Concept.Mirror or Concept.Canary or Concept.Delay or Concept.Header or Concept.Burst or Concept.Redirect or Concept.Abort } or { Kind: TokenKind.HeaderName } ? t with { Concept = Concept.Stop }
                // "slow down live to 500 rps".
                : t.Value is "slow down" or "slow" or "slows down" && tokens.Exists(n => n.Kind == TokenKind.Rate) && !tokens.Exists(n => n.Kind is TokenKind.Percent or TokenKind.Duration) && i < 3 ? t with { Concept = Concept.Limit }
                // "slow requests", where it is about how long they may take.
                : t.Value is "slow" && tokens.Exists(d => d.Kind == TokenKind.Duration) && !tokens.Exists(d => d.Kind == TokenKind.Percent) && tokens.Skip(i + 1).FirstOrDefault(n => !n.IsEntity && n.Concept != Concept.Filler) is { Concept: Concept.Request } && tokens.Exists(d => d.Concept is Concept.Timeout or Concept.Stop or Concept.Abort || d.Value is "over" or "above" or "after") ? t with { Concept = Concept.Filler }
                // "/pay is slow. Give it 10s.": how it is.
                : t.Value is "slow" or "sluggish" or "slower" && tokens.Take(i).LastOrDefault(n => n.Value is not ("very" or "too" or "so" or "really" or "quite" or "pretty" or "rather" or "always" or "often")) is { Value: "is" or "are" or "was" or "were" or "'s" } && tokens.ElementAtOrDefault(i + 1)?.Value is not "by" ? t with { Concept = Concept.Filler }
                // "keep 10.0.0.1 from calling it", "hide /debug from the public".
                : t.Value is "keep" or "keeps" or "keeping" or "stop" or "prevent" && tokens.ElementAtOrDefault(i + 1) is { Kind: TokenKind.Cidr } && tokens.Skip(i + 2).Any(n => n.Value == "from") ? t with { Concept = Concept.Deny }
                : t.Value is "hide" or "hides" or "close" or "closes" && tokens.Exists(n => n.Kind == TokenKind.Path) && tokens.Skip(i).Any(n => n.Concept == Concept.Everyone) && !tokens.Exists(n => n.Kind is TokenKind.HeaderName or TokenKind.Duration) ? t with { Concept = Concept.Deny }
                : t.Value is "repeat" or "repeats" or "repeating" && Next(i) is { Concept: Concept.Failing or Concept.Request or Concept.Method } ? t with { Concept = Concept.Retry }
                : t.Value is "repeated" or "repeat" && tokens.Exists(n => n.Kind == TokenKind.Status || n.Concept == Concept.Failing || n.Kind == TokenKind.Number && n.Number is >= 400 and <= 599) && !tokens.Exists(n => n.Concept == Concept.Retry) ? t with { Concept = Concept.Retry }
                : t.Value is "budget" && tokens.Exists(d => d.Kind == TokenKind.Duration) && !tokens.Exists(d => d.Concept == Concept.Retry) ? t with { Concept = Concept.Timeout }
                : t.Value is "as long as" && tokens.ElementAtOrDefault(i + 1)?.Kind == TokenKind.Duration ? t with { Concept = Concept.AtMost }
                : t.Value is "show" or "shows" or "shown" or "showing" && tokens.Skip(i + 1).Take(3).Any(n => n.Kind == TokenKind.Version || n.Concept is Concept.Newer or Concept.Canary) ? t with { Concept = Concept.Send }
                : t.Value is "sending" or "passing" or "presenting" or "providing" or "supplying" or "bringing" && tokens.Skip(i + 1).FirstOrDefault(n => n.Concept is not (Concept.Filler or Concept.Header)) is { Kind: TokenKind.HeaderName } ? t with { Concept = Concept.Present }
                : t),
        ];
    }

    /// <summary>"from 5 to 10 minutes", "from two seconds to three", "eight minutes instead of five": the unit is of both.</summary>
    public static List<Token> Ranged(List<Token> tokens) =>
    [
        .. tokens.Select((t, i) => t.Kind != TokenKind.Number || char.IsLetter(t.Text[0]) && t.Value is "no" or "once" or "twice" or "thrice" ? t
            : (tokens.ElementAtOrDefault(i - 1)?.Value == "from" || tokens.ElementAtOrDefault(i + 1) is { Text: "->" or "→" or "=>" }) && tokens.ElementAtOrDefault(i + 1)?.Value == "to" && tokens.ElementAtOrDefault(i + 2) is { } to ? Units.Like(t, to)
            : tokens.ElementAtOrDefault(i - 1)?.Value == "to" && tokens.ElementAtOrDefault(i - 3)?.Value == "from" && Ends(tokens, i) ? Units.Like(t, tokens[i - 2])
            : Former(tokens, i) is { } now && Ends(tokens, i) ? Units.Like(t, now)
            : tokens.ElementAtOrDefault(i + 1)?.Concept == Concept.InsteadOf && tokens.Skip(i + 2).FirstOrDefault(n => n.Concept is not (Concept.Filler or Concept.Older)) is { } was ? Units.Like(t, was) : t),
    ];

    /// <summary>The value in place of which stands what this is.</summary>
    private static Token? Former(List<Token> tokens, int at)
    {
        var before = at - 1;
        while (before > 0 && (tokens[before].Concept is Concept.Filler or Concept.Older || tokens[before].Value is "today's")) before--;
        return before > 0 && tokens[before].Concept == Concept.InsteadOf ? tokens.Take(before).LastOrDefault(t => !t.IsGlue) : null;
    }

    /// <summary>Nothing that it might count follows.</summary>
    private static bool Ends(List<Token> tokens, int at) => tokens.ElementAtOrDefault(at + 1) is null or { IsGlue: true } or { Kind: TokenKind.Time } or { Concept: Concept.Until or Concept.Because or Concept.Rest or Concept.Stop or Concept.Back };

    /// <summary>A name of the catalog before a word for people names them: nobody knows how to split a team. Of what they want, they speak for it.</summary>
    private static List<Token> Grouped(List<Token> tokens)
    {
        var read = new List<Token>();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind is TokenKind.Service or TokenKind.Gateway or TokenKind.Fleet && tokens.ElementAtOrDefault(i + 1) is { Kind: TokenKind.Word } next && Groups.Contains(next.Value) && tokens.ElementAtOrDefault(i + 2)?.Value is not ("want" or "wants" or "need" or "needs" or "asks" or "asked" or "would"))
            {
                read.Add(new Token(TokenKind.Word, $"{tokens[i].Text} {next.Text}", tokens[i].Position) { End = next.End });
                i++;
            }
            else read.Add(tokens[i]);
        }
        return read;
    }

    /// <summary>"a new limit", "a new header": what is new is no version.</summary>
    private static List<Token> Fresh(List<Token> tokens) =>
    [
        .. tokens.Select((t, i) => t is { Kind: TokenKind.Word, Value: "new" } && tokens.ElementAtOrDefault(i + 1) is { Kind: TokenKind.Word, Concept: Concept.Route or Concept.Limit or Concept.Timeout or Concept.Retry or Concept.Header or Concept.Policy or Concept.Mirror or Concept.Redirect or Concept.Path or Concept.Connect or Concept.Idle or Concept.Filler }
            or { Kind: TokenKind.HeaderName or TokenKind.Path or TokenKind.Duration or TokenKind.Rate } ? t with { Concept = Concept.Filler } : t),
    ];

    /// <summary>"longer than 4s", "anything over 4s": a bound of time, however it is said.</summary>
    private static List<Token> Bounded(List<Token> tokens)
    {
        var read = new List<Token>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var compared = tokens[i].Value is "more" or "longer" or "greater" or "slower" && tokens.ElementAtOrDefault(i + 1)?.Value == "than" && tokens.ElementAtOrDefault(i + 2)?.Kind == TokenKind.Duration;
            var above = tokens[i].Value is "over" or "above" or "beyond" or "past" or "exceeding" && tokens.ElementAtOrDefault(i + 1)?.Kind == TokenKind.Duration && read.FindLast(t => t.Concept != Concept.Filler && t.Value is not ("run" or "runs" or "running" or "take" or "takes" or "taking" or "go" or "goes" or "going" or "last" or "lasts" or "on" or "of" or "for") && !t.IsEntity) is { Concept: Concept.Request or Concept.Fully or Concept.Response };
            if (!compared && !above)
            {
                read.Add(tokens[i]);
                continue;
            }
            var last = compared ? tokens[i + 1] : tokens[i];
            // "to run for more than 4s": the verb says nothing more.
            while (read.Count > 0 && read[^1].Value is "for" or "run" or "runs" or "running" or "last" or "lasts" or "lasting" or "hang" or "hangs" or "need" or "needs" or "take" or "takes" or "taking" or "go" or "goes" or "going" && !(read[^1].Value is "for" && read.Count == 1)) read.RemoveAt(read.Count - 1);
            read.Add(new Token(TokenKind.Word, "longer than", tokens[i].Position) { Concept = Concept.Timeout, End = last.End });
            i += compared ? 1 : 0;
        }
        return read;
    }
}
