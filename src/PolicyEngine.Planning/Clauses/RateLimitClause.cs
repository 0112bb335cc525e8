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
    public Kind Kind => Kinds.RateLimit;

    public int Recognises(IReadOnlyList<Token> tokens)
    {
        if (tokens.Has(TokenKind.Rate)) return 62;
        if (tokens.Has(Concept.Burst) && !(tokens.Has(TokenKind.Cidr) && tokens.Has(Concept.Deny))) return 52;
        if (tokens.Has(Concept.Limit) && !tokens.Has(Concept.Timeout)) return 50;
        return tokens.Has(TokenKind.Number) && tokens.HasAny(Concept.Second, Concept.Minute, Concept.Hour, Concept.Day) ? 47 : tokens.HasAny(Concept.Second, Concept.Minute, Concept.Hour, Concept.Day) && tokens.Has(Concept.Per) ? 30 : 0;
    }

    public void Apply(Phrase phrase, Draft draft)
    {
        var none = !phrase.Has(TokenKind.Rate) && phrase.TakeNone(Concept.Limit);
        var steady = phrase.TakeNone(Concept.Burst);
        if (steady) phrase.TakeAll(Concept.Burst);
        // "all callers together instead", said of a limit that counts each by itself.
        var together = phrase.Has(Concept.Total) && (!phrase.Has(TokenKind.Rate) && !phrase.Has(TokenKind.Number) || draft.Last?.Spec is RateLimitSpec { Key: not null } && !phrase.Has(TokenKind.Service));
        var sudden = BurstChange.Of(phrase);
        var burst = sudden is null ? Burst(phrase) : null;
        // "stop anybody from calling it more than 300 times a minute" is a limit.
        if (phrase.Has(Concept.Stop) && phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Rate) is { } most && phrase.Before(most)?.Value == "than" && phrase.Before(most, 2) is { Value: "more" } over && phrase.Tokens.Any(t => t.Value == "from"))
        {
            phrase.TakeAll(Concept.Stop);
            phrase.Mark(over);
            phrase.Mark(phrase.Before(most)!);
        }
        var instead = InsteadOf(phrase);
        TakeExcess(phrase);
        var change = Adjustment.Of(phrase, Concept.Limit);
        // "fire 10 requests per second at search" makes load, and limits none.
        var makes = !phrase.Has(Concept.Limit) && !phrase.Has(Concept.AtMost) && !phrase.Has(Concept.Only) && !phrase.Has(Concept.Not) && phrase.Tokens.FirstOrDefault(t => !t.IsGlue) is { Concept: Concept.Send, Value: "fire" or "send" or "shoot" or "throw" or "pump" or "blast" or "push" or "direct" } send && phrase.After(send) is { Kind: TokenKind.Rate };
        if (!makes) phrase.TakeAll(Concept.Send);
        phrase.TakeAll(Concept.Limit, Concept.Set, Concept.Allow, Concept.AtMost, Concept.Total, Concept.Back, Concept.Instead, Concept.Fully, Concept.It, Concept.Reach, Concept.Only);
        phrase.Take(t => t.Value == "new");
        var shadow = phrase.Take(Concept.Shadow);
        phrase.TakeAll(Concept.Shadow);
        var rates = Amounts.Of(phrase, TokenKind.Rate);
        var counts = rates.To is null && rates.By is null ? Amounts.Of(phrase, TokenKind.Number) : new Amounts(null, null, null);
        if (rates.To is not null && phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Number && phrase.Governor(t)?.Concept == Concept.InsteadOf) is { } was)
        {
            phrase.Mark(was);
            phrase.Mark(phrase.Governor(was)!);
            counts = new Amounts(null, was, null);
        }
        var unit = (rates.To ?? rates.By)?.Unit ?? Unit(phrase);
        if (rates.To is { } lone && rates.By is null && (change is Change.Raise or Change.Lower) && phrase.Tokens.Any(t => t.Concept == Concept.More && !phrase.Tokens.Any(s => s.Kind == TokenKind.Punctuation && s.Position > t.Position && s.Position < lone.Position)) && rates.From is null)
            rates = rates with { To = null, By = lone };
        decimal? times = null;
        var part = rates.To is null && counts.To is null ? Adjustment.PartOf(phrase, change, out times) : null;
        if (times is not null && change == Change.Lower) change = Change.Double;
        if (RateLimitKeys.Of(phrase, draft, out var key)) return;
        phrase.TakeAll(Concept.Request);
        if (phrase.Free.Any(t => t.Concept == Concept.Per && phrase.After(t) is not { } or { IsGlue: true } || t.Concept == Concept.Per && phrase.IsTaken(phrase.After(t)!))) phrase.TakeAll(Concept.Per);
        if (Scoping.TargetOf(phrase, draft, "A rate limit") is not { } target) return;
        // "raise it to 300, GETs are exempt": what stands is changed, and is of fewer requests then.
        var whole = draft.Excepts ? target with { Matches = [] } : target;
        // "set its rate limit to 30 a minute": the one that it has.
        var its = rates is { To: null, By: null } && counts.To is not null && unit is null && draft.Standing(Kind, whole).Count == 1 || draft.Standing(Kind, whole).Count == 1 && key is null && rates.To is { } set && phrase.PrepositionOf(set) is "to" && phrase.Tokens.Any(t => t.Concept == Concept.Set && t.Value is "set" or "make" or "change" or "adjust" or "put" or "turn" or "update") || phrase.Tokens.Any(t => t.Concept == Concept.Limit && (t.Value is "rate limit" or "limit" or "limits" or "rate limits") && phrase.Tokens.Any(o => o.Concept == Concept.Set)) && draft.Standing(Kind, whole).Count == 1;
        its |= draft.Standing(Kind, whole).Count == 1 && key is null && SpeaksOfTheOne(phrase);
        var changes = change != Change.None || instead is not null || its || (rates.From ?? counts.From) is not null || (rates.To ?? counts.To) is null;
        var standing = draft.Current(Kind, whole, changes, out var asked, s => key is null ? changes || ((RateLimitSpec)s).Key is null : Equals(((RateLimitSpec)s).Key, key) || changes && change == Change.None && (((RateLimitSpec)s).Key is null || (rates.To ?? counts.To) is null && draft.Standing(Kind, whole).Count == 1));
        if (asked) return;
        if (standing is null && key is null && !changes && !phrase.Tokens.Any(t => t.Concept is Concept.Total or Concept.Too) && draft.Standing(Kind, whole) is [{ Spec: RateLimitSpec { Key: not null } by }] && by.Per == unit && by.Target.Matches.IsEmpty && whole.Matches.IsEmpty)
        {
            draft.Ask("key", $"{target.Name} is limited to {by.Requests} a {Word(by.Per)} for each by itself now. Is that to be changed, or are all of them together limited as well?", ["change it", "all together as well"]);
            return;
        }
        var old = standing?.Spec as RateLimitSpec;
        if (sudden is not null)
        {
            if (sudden.Applied(old, target, draft) is { } becomes) draft.PutOver(standing!, old! with { Burst = becomes }, "limit");
            return;
        }
        if (instead is { } wrong && old?.Per != wrong)
        {
            draft.Ask("standing", old is null ? $"No rate limit is set for {target}. What is to be changed?" : $"The limit of {target.Name} is {old.Requests} a {Word(old.Per)}. What is it to be?");
            return;
        }
        if (steady && rates is { To: null, By: null } && counts is { To: null, By: null } && change == Change.None)
        {
            if (standing is null) draft.Ask("standing", $"No rate limit is set for {target}. What is to be changed?");
            else draft.PutOver(standing, old! with { Burst = null }, "limit");
            return;
        }
        if (change == Change.Remove || none)
        {
            if (standing is null) draft.Ask("standing", $"No rate limit is set for {target}. What is to be removed?");
            else if (burst is null && phrase.Tokens.Any(t => t.Concept == Concept.Burst)) draft.PutOver(standing, old! with { Burst = null }, "limit");
            else if ((rates.To ?? counts.To) is { } said && said.Number != old!.Requests) draft.Ask("standing", $"The limit of {target.Name} is {old.Requests} a {Word(old.Per)}, not {said.Text}. Is it to go?");
            else draft.Remove(standing);
            return;
        }
        if (rates.By is { } more && old is not null && more.Unit != old.Per || rates.From is { } from && old is not null && from.Unit != old.Per)
        {
            draft.Ask("rate", $"The limit of {target.Name} is {old.Requests} a {Word(old.Per)}. What is it to be?");
            return;
        }
        // "ten an hour instead of ten a minute": the old one, which is counted otherwise.
        if (rates.From is { } former && old is not null && former.Number == old.Requests) rates = rates with { From = null };
        // "shrink the burst to 600" changes nothing else.
        if (burst is not null && rates is { To: null, By: null } && counts is { To: null, By: null } && part is null) change = Change.None;
        var questions = draft.Questions.Count;
        var requests = Adjustment.Apply(change, (rates.To ?? counts.To)?.Number, (rates.From ?? counts.From)?.Number, (rates.By ?? counts.By)?.Number, part, Comparable(old, unit), draft, $"The rate limit of {target.Name}", n => $"{n:0.##}", times ?? phrase.Factor);
        if (draft.Questions.Count > questions) return;
        requests ??= old?.Requests;
        var per = unit ?? old?.Per;
        if (requests is null || per is null)
        {
            draft.Ask("rate", requests is null ? $"To how many requests is {target.Name} limited, and per second, minute or hour?" : $"{requests:0} requests per what?", requests is null ? null : ["per second", "per minute", "per hour"]);
            return;
        }
        if (requests == 0)
        {
            draft.Refuse($"A limit of nothing shuts {target.Name}.");
            return;
        }
        if (requests != decimal.Truncate(requests.Value) || requests > 1_000_000_000)
        {
            draft.Ask("rate", $"{requests:0.##} requests cannot be counted. How many?");
            return;
        }
        var spec = new RateLimitSpec
        {
            Target = draft.Excepts ? (old?.Target ?? target) with { Matches = target.Matches } : old?.Target ?? target, Priority = old?.Priority ?? 0,
            Requests = (int)requests, Per = per.Value, Burst = steady ? null : burst ?? old?.Burst, Key = key ?? (together ? null : old?.Key), Shadow = shadow || old?.Shadow == true,
        };
        draft.PutOver(standing, spec, key is null ? "limit" : $"limit-per-{(key.From == RateLimitKeySource.Header ? key.Name : key.From == RateLimitKeySource.ClientIp ? "client" : "path")}");
    }

    /// <summary>"login limit 20 a minute", "the rate limit of login: 20 a minute": the one that there is, and no new one.</summary>
    private static bool SpeaksOfTheOne(Phrase phrase) => !phrase.Tokens.Any(t => t.Concept is Concept.Too or Concept.Total || t.Value is "new" or "another" or "second" or "add")
        && phrase.Tokens.Any(t => t is { Concept: Concept.Limit, Value: "limit" or "rate limit" or "limits" or "quota" or "rate" } && (phrase.Before(t) is { IsEntity: true } or { Value: "the" or "its" }));

    /// <summary>"no client may call it more often than 60 times a minute", "don't let it have more than 800 rps", "must not get over 100 rps": a limit.</summary>
    private static void TakeExcess(Phrase phrase)
    {
        if (phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Rate) is not { } rate) return;
        var over = new List<Token>();
        for (var token = phrase.Before(rate); token is not null && over.Count < 4 && (token.IsEntity || token.Value is "more" or "often" or "than" or "over" or "above" or "beyond" or "exceed" or "exceeding" or "frequently" || token.Concept == Concept.Filler); token = phrase.Before(token))
            if (!token.IsEntity) over.Add(token);
        if (!over.Exists(t => t.Value is "than" or "over" or "above" or "beyond" or "exceed" or "exceeding")) return;
        var none = phrase.Free.Where(t => t.Position < rate.Position && (t.Concept == Concept.Not || t is { Kind: TokenKind.Number, Value: "no" } || t.Concept is Concept.Stop or Concept.Deny && phrase.Tokens.Any(o => o.Value == "from"))).ToList();
        // "nobody may call it more than 10 times a minute": each of them, or all together?
        if (none.Count != 1 || none[0].Value is "nobody" or "no one" or "no-one" or "nothing") return;
        foreach (var token in over.Append(none[0]).Where(t => !(t.Value.StartsWith("no ", StringComparison.Ordinal) && t.Concept == Concept.Not))) phrase.Mark(token);
    }

    /// <summary>"… per second instead of per minute": the unit that stands.</summary>
    private static RateUnit? InsteadOf(Phrase phrase)
    {
        if (phrase.Free.FirstOrDefault(t => t.Concept == Concept.InsteadOf) is not { } word) return null;
        var per = phrase.After(word);
        if ((per is { Concept: Concept.Per } ? phrase.After(per) : per) is not { } unit || Quantities.PerOf(unit.Concept) is not { } old) return null;
        phrase.Mark(word);
        if (per is not null) phrase.Mark(per);
        phrase.Mark(unit);
        return old;
    }

    /// <summary>The old number where it counts the same unit: 100 a minute and 10 a second cannot be told apart by size.</summary>
    private static decimal? Comparable(RateLimitSpec? old, RateUnit? unit) => old is null || unit is not null && unit != old.Per ? null : old.Requests;

    private static int? Burst(Phrase phrase)
    {
        if (phrase.Free.FirstOrDefault(t => t.Concept == Concept.Burst) is not { } word) return null;
        phrase.Mark(word);
        var number = phrase.Free.Where(t => t is { Kind: TokenKind.Number, Number: >= 1 and <= 1_000_000_000 }).OrderBy(t => Math.Abs(t.Position - word.Position)).FirstOrDefault();
        if (number is null) return null;
        phrase.Mark(number);
        // "spikes of up to 75 at once": said twice.
        phrase.TakeAll(Concept.Burst);
        return (int)number.Number;
    }

    private static RateUnit? Unit(Phrase phrase)
    {
        if (phrase.Take(t => Quantities.PerOf(t.Concept) is not null) is not { } word) return null;
        if (phrase.Before(word) is { Concept: Concept.Per } per) phrase.Mark(per);
        return Quantities.PerOf(word.Concept);
    }

    private static string Word(RateUnit unit) => unit.ToString().ToLowerInvariant();
}
