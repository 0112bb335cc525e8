using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies.RateLimits;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"lower just the burst by 200", "a quarter more burst": how many more or fewer at once than stand, and nothing else.</summary>
internal sealed record BurstChange(decimal By, bool IsPart)
{
    /// <summary>Null where the burst itself is said, or not by how much it changes.</summary>
    public static BurstChange? Of(Phrase phrase)
    {
        if (phrase.Has(TokenKind.Rate) || phrase.Free.Where(t => t.Concept == Concept.Burst).ToList() is not [var word]) return null;
        if (phrase.Free.Where(t => t.Kind is TokenKind.Number or TokenKind.Percent).ToList() is not [var value]) return null;
        var changes = phrase.Free.Where(t => t.Concept is Concept.Raise or Concept.Lower or Concept.More or Concept.Less).ToList();
        var (up, down) = (changes.Exists(t => t.Concept is Concept.Raise or Concept.More), changes.Exists(t => t.Concept is Concept.Lower or Concept.Less));
        if (up == down || !IsBy(phrase, value)) return null;
        foreach (var token in changes.Append(word).Append(value).Concat(phrase.Free.Where(t => t.Concept == Concept.Only).ToList()).ToList()) phrase.Mark(token);
        var by = value.Kind == TokenKind.Percent ? value.Share.Millionths / (decimal)Ir.Percentage.Whole : value.Number;
        return new BurstChange(down ? -by : by, value.Kind == TokenKind.Percent);
    }

    private static bool IsBy(Phrase phrase, Token value) => phrase.PrepositionOf(value) is "by" || phrase.After(value) is { Concept: Concept.More or Concept.Less };

    /// <summary>The burst that comes of it; null where there was something to ask.</summary>
    public int? Applied(RateLimitSpec? old, Target target, Draft draft)
    {
        if (old?.Burst is { } now && (IsPart ? now + now * By : now + By) is >= 1 and <= 1_000_000_000 and var most && most == decimal.Truncate(most)) return (int)most;
        draft.Ask("burst", old?.Burst is { } stands ? $"{target.Name} may have {stands} at once now. How many are they to be?" : $"No burst is set for {target}. How many may come at once?");
        return null;
    }
}
