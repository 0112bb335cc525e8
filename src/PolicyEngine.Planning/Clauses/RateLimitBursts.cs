using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies.RateLimits;

namespace PolicyEngine.Planning.Clauses;

/// <summary>How many requests pass at once: "burst of 200", "100 more in a burst", "halve the burst", "double the limit and the burst".</summary>
internal sealed record RateLimitBursts(int? Set, decimal? By, decimal? From, bool IsNamed, bool IsAlone)
{
    private static readonly RateLimitBursts None = new(null, null, null, false, false);

    public static RateLimitBursts Of(Phrase phrase)
    {
        if (phrase.Free.FirstOrDefault(t => t.Concept == Concept.Burst) is not { } word) return None;
        phrase.Mark(word);
        var number = phrase.Free.Where(t => t is { Kind: TokenKind.Number, Number: >= 1 and <= 1_000_000_000 }).OrderBy(t => Math.Abs(t.Position - word.Position)).FirstOrDefault();
        if (number is null) return new(null, null, null, true, IsObject(phrase, word));
        var sign = Sign(phrase, number, word);
        phrase.Mark(number);
        if (Former(phrase, number) is var (from, to))
        {
            phrase.Mark(from);
            phrase.Mark(to);
            phrase.TakeAll(Concept.Burst);
            return new((int)to.Number, null, from.Number, true, false);
        }
        // "spikes of up to 75 at once": said twice.
        phrase.TakeAll(Concept.Burst);
        return sign == 0 ? new((int)number.Number, null, null, true, false) : new(null, sign * number.Number, null, true, false);
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

    /// <summary>"halve the burst": that, and not the limit; "the limit and the burst" are both.</summary>
    private static bool IsObject(Phrase phrase, Token word) => !phrase.Tokens.Any(t => t.Concept is Concept.Too or Concept.Separator or Concept.Fully || t.Value is "both" || t.Kind == TokenKind.Punctuation && t.Text is "," or "&" or "+" && t.Position < word.Position);
}
