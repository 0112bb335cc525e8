using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.RateLimits;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"limit search to 100 requests per minute per client", "throttle checkout to 50 rps", "double the rate limit on search".</summary>
internal sealed class RateLimitClause : IClause
{
    public int Recognises(IReadOnlyList<Token> tokens) => tokens.Has(Concept.Limit) ? 50 : tokens.Any(t => t.Value is "rps" or "rpm" or "qps" or "req/s") ? 45 : 0;

    public void Apply(Phrase phrase, Draft draft)
    {
        phrase.TakeAll(Concept.Limit, Concept.Set);
        var change = Adjustment.Of(phrase);
        var until = Scoping.Until(phrase, draft);
        var shadow = phrase.Take(Concept.Shadow);
        var burst = Burst(phrase);
        var unit = Unit(phrase);
        var count = phrase.Take(TokenKind.Number)?.Number;
        var key = Key(phrase);
        phrase.TakeAll(Concept.Request, Concept.Per, Concept.Policy);
        if (Scoping.TargetOf(phrase, draft, "A rate limit") is not { } target) return;
        var standing = draft.Standing(Kinds.RateLimit, target).Where(d => key is null || Equals(((RateLimitSpec)d.Spec).Key, key)).ToList();
        if (standing.Count > 1 && (change != Adjustment.Kind.None || count is null))
        {
            draft.Ask("standing", $"Several limits stand for {target}. Which?", standing.Select(d => d.Name));
            return;
        }
        var old = standing.Count == 1 ? standing[0].Spec as RateLimitSpec : null;
        if (change == Adjustment.Kind.Remove)
        {
            if (standing.Count == 0) draft.Ask("standing", $"No rate limit is set for {target}. What is to be removed?");
            else draft.Remove(standing[0]);
            return;
        }
        var requests = count is { } c and >= 1 and <= 1_000_000_000 && c == decimal.Truncate(c) ? (int)c : Adjustment.Apply(change, old?.Requests);
        var per = unit ?? old?.Per;
        if (requests is null || per is null)
        {
            draft.Ask("rate", requests is null ? $"To how many requests is {target.Name} limited, and per second, minute or hour?" : $"{requests} requests per what?", requests is null ? null : ["per second", "per minute", "per hour"]);
            return;
        }
        var spec = new RateLimitSpec { Target = target, Requests = requests.Value, Per = per.Value, Burst = burst ?? old?.Burst, Key = key ?? old?.Key, Shadow = shadow || old?.Shadow == true };
        draft.PutOrReplace(spec, key is null ? "limit" : $"limit-per-{(key.From == RateLimitKeySource.Header ? key.Name : Word(key.From))}", replaces: o => Equals(o.Key, spec.Key), until: until);
    }

    private static int? Burst(Phrase phrase)
    {
        if (phrase.Tokens.FirstOrDefault(t => t.Concept == Concept.Burst) is not { } word) return null;
        phrase.Mark(word);
        var number = new[] { phrase.After(word), phrase.After(word, 2), phrase.Before(word) }.FirstOrDefault(t => t is { Kind: TokenKind.Number, Number: >= 1 });
        if (number is null) return null;
        phrase.Mark(number);
        return (int)number.Number;
    }

    private static RateUnit? Unit(Phrase phrase)
    {
        if (phrase.Take(t => t.Value is "rps" or "qps" or "req/s" or "requests/s" or "requests/sec" or "requests/second") is not null) return RateUnit.Second;
        if (phrase.Take(t => t.Value is "rpm" or "requests/m" or "requests/min" or "requests/minute") is not null) return RateUnit.Minute;
        if (phrase.Take(t => t.Value is "requests/h" or "requests/hour") is not null) return RateUnit.Hour;
        if (phrase.Take(t => t.Value is "requests/d" or "requests/day") is not null) return RateUnit.Day;
        foreach (var (concept, unit) in new[] { (Concept.Second, RateUnit.Second), (Concept.Minute, RateUnit.Minute), (Concept.Hour, RateUnit.Hour), (Concept.Day, RateUnit.Day) })
            if (phrase.Take(concept)) return unit;
        return null;
    }

    private static RateLimitKeySpec? Key(Phrase phrase)
    {
        if (phrase.Take(Concept.Client))
        {
            phrase.TakeAll(Concept.Client);
            return new RateLimitKeySpec { From = RateLimitKeySource.ClientIp };
        }
        // "per x-api-key", "per value of header x-user": a header after "per" tells clients apart; elsewhere it narrows.
        var header = phrase.Free.FirstOrDefault(t => Scoping.IsHeaderName(t, phrase) && (phrase.Before(t)?.Concept == Concept.Per || phrase.Before(t, 2)?.Concept == Concept.Per));
        if (header is null) return null;
        phrase.Mark(header);
        phrase.TakeAll(Concept.Header);
        return new RateLimitKeySpec { From = RateLimitKeySource.Header, Name = header.Text.ToLowerInvariant() };
    }

    private static string Word(RateLimitKeySource source) => source == RateLimitKeySource.ClientIp ? "client" : "path";
}
