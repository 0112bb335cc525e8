using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies.RateLimits;

namespace PolicyEngine.Planning.Clauses;

/// <summary>How many requests pass at once: "burst of 200", "100 more in a burst", "halve the burst", "double the limit and the burst".</summary>
internal sealed record RateLimitBursts(int? Set, decimal? By, decimal? From, BurstChange Change, bool IsNamed = true)
{
    private static readonly RateLimitBursts None = new(null, null, null, BurstChange.None, IsNamed: false);

    public static RateLimitBursts Of(Phrase phrase)
    {
        if (phrase.Free.FirstOrDefault(t => t.Concept == Concept.Burst) is not { } word) return None;
        phrase.Mark(word);
        var number = phrase.Free.Where(t => t is { Kind: TokenKind.Number, Number: >= 1 and <= 1_000_000_000 }).OrderBy(t => Math.Abs(t.Position - word.Position)).FirstOrDefault();
        if (number is null) return new(null, null, null, Changed(phrase, word));
        var sign = Sign(phrase, number, word);
        phrase.Mark(number);
        if (Former(phrase, number) is var (from, to))
        {
            phrase.Mark(from);
            phrase.Mark(to);
            phrase.TakeAll(Concept.Burst);
            return new((int)to.Number, null, from.Number, BurstChange.None);
        }
        // "spikes of up to 75 at once": said twice.
        phrase.TakeAll(Concept.Burst);
        return sign == 0 ? new((int)number.Number, null, null, BurstChange.None) : new(null, sign * number.Number, null, BurstChange.None);
    }

    /// <summary>"from 800 to 600", "600 instead of 800": what it was, and what it is to be.</summary>
    private static (Token From, Token To)? Former(Phrase phrase, Token number)
    {
        bool Counts(Token? token) => token is { Kind: TokenKind.Number, Number: >= 1 and <= 1_000_000_000 };
        var (next, before) = (phrase.After(number), phrase.Governor(number));
        if (before is { Value: "from" } && next is { Value: "to" } && phrase.After(next) is { } to && Counts(to)) return (number, to);
        if (before is { Value: "to" } && phrase.Before(before) is { } from && Counts(from) && phrase.PrepositionOf(from) == "from") return (from, number);
        if (next is { Concept: Concept.InsteadOf } && phrase.After(next) is { } was && Counts(was))
        {
            phrase.Mark(next);
            return (was, number);
        }
        return null;
    }

    /// <summary>What it becomes; asks where nothing stands that it could be more or less than.</summary>
    public int? Applied(RateLimitSpec? old, string target, Draft draft)
    {
        if (From is { } from && old?.Burst != from)
        {
            draft.Ask("burst", $"{(old?.Burst is { } other ? $"{other} requests at once pass on {target} now, not {from}" : $"How many requests at once pass on {target} is not set")}. How many are to?");
            return null;
        }
        if (By is not { } by) return Set;
        if (old?.Burst is { } now && now + by > 0) return (int)(now + by);
        draft.Ask("burst", old?.Burst is { } few ? $"{few} requests at once pass on {target} now. How many are to?" : $"How many requests at once pass on {target} is not set. How many are to?");
        return null;
    }

    /// <summary>"100 more in a burst", "200 from the burst", "raise the burst by 100": not how many, but how many more or fewer.</summary>
    private static int Sign(Phrase phrase, Token number, Token word)
    {
        var next = phrase.After(number);
        if (next is { Concept: Concept.Request }) next = phrase.After(next);
        if (next is { Concept: Concept.More, Value: "more" or "extra" or "additional" or "further" }) return 1;
        if (next is { Concept: Concept.Less }) return -1;
        if (phrase.Before(number) is { Value: "another" or "additional" or "further" or "extra" }) return 1;
        var (lowers, raises) = (phrase.Free.Any(t => t.Concept == Concept.Lower && t.Position < number.Position), phrase.Free.Any(t => t.Concept == Concept.Raise && t.Position < number.Position));
        if (phrase.PrepositionOf(number) == "by" && lowers != raises) return lowers ? -1 : 1;
        return number.Position > word.Position ? 0 : next is { Value: "from" or "off" } && lowers ? -1 : next is { Value: "to" or "onto" } && phrase.Governor(number) is { Concept: Concept.Set, Value: "add" } ? 1 : 0;
    }

    /// <summary>"halve the burst": that alone; "the limit and the burst": both; "cut the limit, the burst may stay": neither.</summary>
    private static BurstChange Changed(Phrase phrase, Token word)
    {
        var verb = phrase.Tokens.LastOrDefault(t => t.Position < word.Position && t.Concept is Concept.Lower or Concept.Raise or Concept.Double or Concept.Triple or Concept.Halve);
        if (phrase.Tokens.FirstOrDefault(t => t.Concept != Concept.Filler && (verb is null || t.Position > verb.Position)) is { } first && ReferenceEquals(first, word)) return BurstChange.Alone;
        if (verb is null) return BurstChange.None;
        var between = phrase.Tokens.Where(t => t.Position > verb.Position && t.Position < word.Position).ToList();
        return !between.Exists(t => t.Kind == TokenKind.Punctuation && t.Text is "." or ";") && (between.Exists(t => t.Concept is Concept.Separator or Concept.Too || t.Value is "both") || phrase.Tokens.Any(t => t.Concept == Concept.Too && t.Position > word.Position)) && !phrase.Tokens.Any(t => t.Concept == Concept.Not || t.Value is "stay" or "stays" or "remain" or "remains" or "keep" or "keeps") ? BurstChange.Too : BurstChange.None;
    }
}

/// <summary>Whether "halve" and "by a third" are said of how many pass at once.</summary>
internal enum BurstChange { None, Alone, Too }
