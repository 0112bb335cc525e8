using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.RateLimits;

namespace PolicyEngine.Planning.Clauses;

/// <summary>By what a rate limit tells callers apart: "per client", "per x-api-key", "keyed by path".</summary>
internal static class RateLimitKeys
{
    /// <summary>What is counted by itself; true where it had to ask.</summary>
    public static bool Of(Phrase phrase, Draft draft, out RateLimitKeySpec? key)
    {
        key = null;
        // "instead of the ip": what it was counted by.
        if (phrase.Free.FirstOrDefault(t => t.Concept == Concept.InsteadOf) is { } former)
        {
            var by = phrase.After(former);
            while (by is { Concept: Concept.Filler or Concept.Per } or { Value: "by" }) by = phrase.After(by);
            if (by is { Concept: Concept.Client } && phrase.Free.Any(t => t.Kind == TokenKind.HeaderName))
            {
                phrase.Mark(former);
                phrase.Mark(by);
                phrase.TakeAll(Concept.Per);
                if (phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.HeaderName) is { } now)
                {
                    phrase.Take(t => t.Value is "key" or "count");
                    phrase.Mark(now);
                    phrase.TakeAll(Concept.Header);
                    key = new RateLimitKeySpec { From = RateLimitKeySource.Header, Name = now.Text.ToLowerInvariant() };
                    return false;
                }
            }
            else if (by is { Concept: Concept.Total })
            {
                phrase.Mark(former);
                phrase.Mark(by);
            }
            // "by client ip and no longer by x-user-id", "by x-account instead of x-user-id".
            else if (by is { Kind: TokenKind.HeaderName } && phrase.Free.FirstOrDefault(t => t.Concept == Concept.Client || t.Kind == TokenKind.HeaderName && !ReferenceEquals(t, by)) is { } other)
            {
                phrase.Mark(former);
                phrase.Mark(by);
                phrase.Mark(other);
                phrase.TakeAll(Concept.Per, Concept.Header);
                key = other.Kind == TokenKind.HeaderName ? new RateLimitKeySpec { From = RateLimitKeySource.Header, Name = other.Text.ToLowerInvariant() } : new RateLimitKeySpec { From = RateLimitKeySource.ClientIp };
                return false;
            }
        }
        // "no client may …": each by itself.
        if (phrase.Free.FirstOrDefault(t => t.Concept == Concept.Not && t.Value is "no client" or "no caller" or "no ip" or "no single client" or "not a single client" or "no single ip") is { } no)
        {
            phrase.Mark(no);
            phrase.TakeAll(Concept.Client);
            key = new RateLimitKeySpec { From = RateLimitKeySource.ClientIp };
            return false;
        }
        if (RateLimitCallers.HeaderOf(phrase) is { } told)
        {
            key = new RateLimitKeySpec { From = RateLimitKeySource.Header, Name = told.Text.ToLowerInvariant() };
            return false;
        }
        if (InBrackets(phrase) is { } inside)
        {
            phrase.TakeAll(Concept.Header, Concept.User);
            key = new RateLimitKeySpec { From = RateLimitKeySource.Header, Name = inside.Text.ToLowerInvariant() };
            return false;
        }
        if (phrase.Free.FirstOrDefault(t => t.Concept == Concept.Client) is { } client)
        {
            var each = Per(phrase, client) ?? phrase.Free.FirstOrDefault(t => t.Value is "each" or "individually" && phrase.After(t) is null or { Kind: TokenKind.Punctuation }) ?? RateLimitCallers.Each(phrase);
            // "search clients may now do 500 a minute", where that limit counts each by itself already.
            each ??= phrase.Governor(client) is { Concept: Concept.Separator } and && phrase.Before(and) is { Kind: TokenKind.Rate } ? and : null;
            var counted = phrase.Free.Where(t => t.Kind == TokenKind.Service).Select(t => draft.Standing(Kinds.RateLimit, Policies.Targets.Target.OfService(t.Value))).FirstOrDefault(d => d is [{ Spec: RateLimitSpec { Key.From: RateLimitKeySource.ClientIp } }]) is not null;
            if (each is null && !counted && !client.Value.Contains("ip") && !RateLimitCallers.IsOne(phrase, client))
            {
                draft.Ask("key", "For each client by itself, or for all of them together?", ["per client", "in total"]);
                return true;
            }
            phrase.TakeAll(Concept.Client);
            if (each is not null) phrase.Mark(each);
            key = new RateLimitKeySpec { From = RateLimitKeySource.ClientIp };
            return false;
        }
        if (phrase.Free.FirstOrDefault(t => t.Concept == Concept.User && Per(phrase, t) is not null) is { } user)
        {
            if (phrase.Free.Where(t => Conditions.IsHeaderName(t, phrase)).ToList() is [var by] && phrase.Tokens.Any(t => t.Position > user.Position && t.Position < by.Position && t.Text == "("))
            {
                phrase.Mark(user);
                phrase.Mark(Per(phrase, user)!);
                phrase.Mark(by);
                phrase.TakeAll(Concept.Header);
                key = new RateLimitKeySpec { From = RateLimitKeySource.Header, Name = by.Text.ToLowerInvariant() };
                return false;
            }
            // "triple the per-user limit on comments", where one stands that tells them apart.
            if (phrase.Free.Where(t => t.Kind == TokenKind.Service).ToList() is [var service] && draft.Standing(Kinds.RateLimit, Policies.Targets.Target.OfService(service.Value)) is [{ Spec: RateLimitSpec { Key: { From: RateLimitKeySource.Header } standing } }])
            {
                phrase.Mark(user);
                phrase.Mark(Per(phrase, user)!);
                key = standing;
                return false;
            }
            draft.Ask("key", $"How are they told apart: by the client's address, or by which header?", ["per client", "per x-api-key"]);
            phrase.Mark(user);
            return true;
        }
        if (phrase.Free.FirstOrDefault(t => t.Value is "path" or "url" && Per(phrase, t) is not null) is { } path)
        {
            phrase.Mark(path);
            phrase.Mark(Per(phrase, path)!);
            key = new RateLimitKeySpec { From = RateLimitKeySource.Path };
            return false;
        }
        // "per x-api-key", "per value of header x-user": a header after "per" tells clients apart; elsewhere it narrows.
        var header = phrase.Free.FirstOrDefault(t => Conditions.IsHeaderName(t, phrase) && (Per(phrase, t) is not null || phrase.Before(t) is { Concept: Concept.Header } h && Per(phrase, h) is not null || IsEach(phrase, t)));
        if (header is null) return Unsaid(phrase, draft, out key);
        phrase.Mark(header);
        phrase.TakeAll(Concept.Header, Concept.Per);
        key = new RateLimitKeySpec { From = RateLimitKeySource.Header, Name = header.Text.ToLowerInvariant() };
        return false;
    }

    /// <summary>"each" is said, and not of whom; or nothing of the kind is.</summary>
    private static bool Unsaid(Phrase phrase, Draft draft, out RateLimitKeySpec? key)
    {
        key = null;
        if (RateLimitCallers.Visitors(phrase) is not null) key = new RateLimitKeySpec { From = RateLimitKeySource.ClientIp };
        else if (RateLimitCallers.IsInDoubt(phrase) || RateLimitCallers.Each(phrase) is not null && draft.Several.Count < 2 && phrase.Tokens.Count(t => t.IsEntity) < 2)
        {
            draft.Ask("key", "How are they told apart: by the client's address, or by which header?", ["per client", "per x-api-key"]);
            return true;
        }
        if (key is not null) phrase.TakeAll(Concept.Per);
        return false;
    }

    /// <summary>"an x-user-id gets 60 an hour", "one x-api-key, 5 a second": whoever it is.</summary>
    private static bool IsEach(Phrase phrase, Token header)
    {
        if (phrase.Before(header) is not { Value: "a" or "an" or "one" or "every" or "each" or "any" or "any one" or "a single" or "single" } one || phrase.After(header) is { Text: ":" or "=" } or { Kind: TokenKind.Quoted }) return false;
        var before = phrase.Before(one);
        if (before is not null && before is not ({ Kind: TokenKind.Punctuation, Text: "," or "." or ";" or ":" } or { Concept: Concept.Separator })) return false;
        phrase.Mark(one);
        return true;
    }

    /// <summary>The "per" or "by" that governs a word.</summary>
    private static Token? Per(Phrase phrase, Token token)
    {
        var governor = phrase.Governor(token);
        if (governor is { Concept: Concept.Preposition, Value: "of" or "in" }) governor = phrase.Governor(governor) ;
        return governor is { Concept: Concept.Per } || governor is { Value: "by" or "from" } && governor.Value == "by" ? governor : governor is { Concept: Concept.Request } && phrase.Governor(governor) is { Concept: Concept.Per } far ? far : null;
    }

    private static readonly string[] Ids = ["-id", "-key", "-no", "-number", "-user", "-customer", "-client", "-tenant", "-account", "-merchant"];

    /// <summary>"api key holders (x-api-key) get 100 calls per minute each", "200 per day and customer (they send x-customer-id)": what the bracket says tells them apart.</summary>
    private static Token? InBrackets(Phrase phrase)
    {
        foreach (var header in phrase.Free.Where(t => t.Kind == TokenKind.HeaderName && phrase.After(t) is { Text: ")" } or { Concept: Concept.Header } && (phrase.After(t) is { Text: ")" } || phrase.After(t, 2) is { Text: ")" })).ToList())
        {
            var open = phrase.Before(header);
            for (var n = 0; n < 4 && open is not null && open.Text != "("; n++) open = open.Kind == TokenKind.Word ? phrase.Before(open) : null;
            if (open is not { Text: "(" }) continue;
            // "200 a day and customer": the "and" says what each is.
            var and = phrase.Free.FirstOrDefault(t => t.Concept == Concept.Separator && t.Position < open.Position && phrase.Before(t) is { Kind: TokenKind.Rate } && phrase.After(t) is { Kind: TokenKind.Word, Concept: Concept.User or Concept.Client or Concept.None });
            var apart = phrase.Free.FirstOrDefault(t => t.Concept == Concept.Per) ?? and;
            // "customers (x-customer-id) may place 5 orders a minute": what tells them apart, by its name.
            if (apart is null && Ids.Any(i => header.Value.EndsWith(i, StringComparison.OrdinalIgnoreCase)) && phrase.After(header) is { Text: ")" } && phrase.Before(open) is { Kind: TokenKind.Word })
            {
                for (var word = phrase.After(open); word is not null && !ReferenceEquals(word, header); word = phrase.After(word)) phrase.Mark(word);
                phrase.Mark(header);
                return header;
            }
            if (apart is null) continue;
            for (var (who, n) = (phrase.Before(open), 0); who is { Kind: TokenKind.Word, IsGuess: false, Concept: Concept.None or Concept.User or Concept.Client } && n < 3; (who, n) = (phrase.Before(who), n + 1)) phrase.Mark(who);
            for (var word = phrase.After(open); word is not null && !ReferenceEquals(word, header); word = phrase.After(word)) phrase.Mark(word);
            phrase.Mark(apart);
            phrase.Mark(header);
            return header;
        }
        return null;
    }
}
