using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;

namespace PolicyEngine.Planning.Clauses;

/// <summary>How what stands is to be changed.</summary>
internal static class Adjustment
{
    public enum Kind { None, Remove, Raise, Lower, Double, Halve }

    public static Kind Of(Phrase phrase)
    {
        var kind = phrase.Free.Select(t => t.Concept).Select(c => c switch
        {
            Concept.Stop => Kind.Remove,
            Concept.Raise => Kind.Raise,
            Concept.Lower => Kind.Lower,
            Concept.Double => Kind.Double,
            Concept.Halve => Kind.Halve,
            _ => Kind.None,
        }).FirstOrDefault(k => k != Kind.None);
        phrase.TakeAll(Concept.Stop, Concept.Raise, Concept.Lower, Concept.Double, Concept.Halve);
        return kind;
    }

    public static TimeSpan? Apply(Kind kind, TimeSpan? old) => (kind, old) switch
    {
        (Kind.Double, { } o) => o * 2,
        (Kind.Halve, { } o) => TimeSpan.FromMilliseconds((long)(o / 2).TotalMilliseconds),
        _ => null,
    };

    public static int? Apply(Kind kind, int? old) => (kind, old) switch
    {
        (Kind.Double, { } o) => o * 2,
        (Kind.Halve, { } o) when o > 1 => o / 2,
        _ => null,
    };
}
