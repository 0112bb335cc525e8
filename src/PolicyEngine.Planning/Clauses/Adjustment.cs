using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;

namespace PolicyEngine.Planning.Clauses;

/// <summary>How what stands is to be changed.</summary>
internal enum Change { None, Remove, Raise, Lower, Double, Triple, Halve }

/// <summary>Reads a change from words, and works out what a value becomes by it.</summary>
internal static class Adjustment
{
    /// <summary>The first word of change; "off" is one, and so is "don't" before what the clause is about.</summary>
    public static Change Of(Phrase phrase, params Concept[] main)
    {
        // "it was cut to a third": so it went.
        if (phrase.Free.Any(t => t.Kind == TokenKind.Word && ChangeOf(t.Concept) is not (Change.None or Change.Remove) && phrase.Before(t) is { Value: "was" or "were" })) return Change.None;
        // "keep 5% off v2" turns nothing off.
        // "…, no more" after a number bounds it.
        if (phrase.Free.LastOrDefault(t => t.Kind != TokenKind.Punctuation) is { Value: "no more" } bound) phrase.Mark(bound);
        var values = phrase.Free.Where(t => t.Kind is TokenKind.Duration or TokenKind.Percent or TokenKind.Points or TokenKind.Rate or TokenKind.Number).ToList();
        if (values.Find(t => Amounts.IsTakenOff(phrase, t)) is { } less && phrase.After(less) is { Concept: Concept.Off } away) phrase.Mark(away);
        var adds = values.Exists(t => Amounts.IsAdded(phrase, t));
        var off = (!phrase.Has(TokenKind.Version) || !phrase.Has(TokenKind.Percent) && phrase.Free.LastOrDefault(t => !t.IsGlue) is { Concept: Concept.Off }) && phrase.Take(Concept.Off);
        var not = phrase.Has(Concept.Stop) ? null : phrase.Free.FirstOrDefault(t => t.Concept == Concept.Not && Verb(phrase, t) is { } verb && main.Contains(verb.Concept));
        var changes = phrase.Free.Select(t => ChangeOf(t.Concept)).Where(k => k != Change.None).Distinct().ToList();
        if (adds && changes.Count == 0) changes.Add(Change.Raise);
        if (phrase.Free.Any(t => t.Concept == Concept.More && (t.Value == "more" || t.Value is "extra" or "another" or "additional" or "further" && (phrase.Before(t) is { Kind: TokenKind.Duration } || phrase.After(t) is { Kind: TokenKind.Duration }))) && changes.Count == 0) changes.Add(Change.Raise);
        else if (phrase.Has(Concept.Less) && changes.Count == 0) changes.Add(Change.Lower);
        // "don't halve it" is no change that could be planned.
        if (not is not null && changes.Count == 0) phrase.Mark(not);
        else not = null;
        // "cut in half": the part says how, not the verb.
        if (changes.Count > 1 && changes.Exists(c => c is Change.Double or Change.Triple or Change.Halve)) changes.RemoveAll(c => c is Change.Lower || c is Change.Raise && !changes.Contains(Change.Halve));
        // "drop it to 1s" lowers it.
        if (changes is [Change.Remove] && phrase.Free.Any(t => t.Concept == Concept.Stop && (t.Value.StartsWith("drop", StringComparison.Ordinal) || t.Value.EndsWith(" down", StringComparison.Ordinal))) && phrase.Free.Any(t => t.Kind is TokenKind.Duration or TokenKind.Percent or TokenKind.Points or TokenKind.Rate or TokenKind.Number && phrase.PrepositionOf(t) is "to" or "by")) changes[0] = Change.Lower;
        // "lift it to 5%" raises it.
        if (changes is [Change.Remove] && phrase.Free.Any(t => t.Concept == Concept.Stop && t.Value.StartsWith("lift", StringComparison.Ordinal)) && phrase.Free.Any(t => t.Kind is TokenKind.Duration or TokenKind.Percent or TokenKind.Points or TokenKind.Rate or TokenKind.Number && phrase.PrepositionOf(t) is "to" or "by")) changes[0] = Change.Raise;
        if (changes.Count > 1) return Change.None;
        phrase.TakeAll(Concept.Stop, Concept.Raise, Concept.Lower, Concept.Double, Concept.Triple, Concept.Halve, Concept.More, Concept.Less);
        return off || not is not null ? Change.Remove : changes.FirstOrDefault();
    }

    /// <summary>A third is no number of millionths: a third of 90 is 30 nevertheless.</summary>
    private const decimal Inexact = 0.000002m;

    /// <summary>The value after the change; null where there is none, and then <paramref name="draft"/> may have been asked why.</summary>
    public static decimal? Apply(Change change, decimal? to, decimal? from, decimal? by, Percentage? part, decimal? old, Draft draft, string what, Func<decimal, string> show, decimal factor = 2)
    {
        if (from is not null && old != from)
        {
            draft.Ask("standing", old is null ? $"{what} is not set. What is to be changed?" : $"{what} is {show(old.Value)} now, not {show(from.Value)}. What is it to be?");
            return null;
        }
        if (to is { } value)
        {
            if (old is { } was && (change == Change.Raise && value < was || change == Change.Lower && value > was))
            {
                draft.Ask("amount", $"{what} is {show(was)} now; {show(value)} would {(change == Change.Raise ? "lower" : "raise")} it. What is it to be?");
                return null;
            }
            return value;
        }
        if (by is null && part is null && change is Change.None or Change.Remove) return null;
        if (old is not { } now)
        {
            draft.Ask("amount", $"{what} is not set yet. What is it to be?");
            return null;
        }
        decimal? result = (change, by, part) switch
        {
            (Change.Double, null, null) => now * factor,
            (Change.Triple, null, null) => now * 3,
            (Change.Halve, null, null) => now / 2,
            (Change.Raise, { } more, null) => now + more,
            (Change.Lower, { } less, null) => now - less,
            (Change.Raise, null, { } more) => now + now * more.Millionths / Percentage.Whole,
            (Change.Lower, null, { } less) => now - now * less.Millionths / Percentage.Whole,
            _ => null,
        };
        if (result is > 0 and var exact) return Math.Abs(exact - Math.Round(exact)) < exact * Inexact ? Math.Round(exact) : exact;
        draft.Ask("amount", $"{what} is {show(now)} now. What is it to be?");
        return null;
    }

    /// <summary>"by a third" is a part of what stands; "to a third" is what is left of it, which is so many times what stands: <paramref name="factor"/>.</summary>
    public static Percentage? PartOf(Phrase phrase, Change change, out decimal? factor)
    {
        factor = null;
        if (change is not (Change.Raise or Change.Lower) || phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Percent) is not { } part) return null;
        // "to under a third" is no value.
        if (phrase.PrepositionOf(part) is not (null or "by" or "to" or "with" or "of" or "on" or "at" or "for") || phrase.Before(part) is { Concept: Concept.AtMost }) return null;
        var towards = phrase.PrepositionOf(part) is "to" || phrase.Governor(part) is { Concept: Concept.Raise or Concept.Lower } verb && verb.Value.EndsWith(" to", StringComparison.Ordinal);
        phrase.Mark(part);
        if (towards) factor = part.Share.Millionths / (decimal)Percentage.Whole;
        return towards ? null : part.Share;
    }

    private static Change ChangeOf(Concept concept) => concept switch
    {
        Concept.Stop => Change.Remove,
        Concept.Raise => Change.Raise,
        Concept.Lower => Change.Lower,
        Concept.Double => Change.Double,
        Concept.Triple => Change.Triple,
        Concept.Halve => Change.Halve,
        _ => Change.None,
    };

    /// <summary>The first word behind that says something.</summary>
    private static Token? Verb(Phrase phrase, Token not)
    {
        for (var token = phrase.After(not); token is not null; token = phrase.After(token))
            if (!token.IsGlue) return token;
        return null;
    }
}
