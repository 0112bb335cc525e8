using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>"raise that to 5" where 2s stands: a bare number counts what stands, where that gives something of the same order.</summary>
internal static class StandingUnits
{
    private const double MostTimes = 20;

    /// <summary>Numbers become durations in the unit in which the standing one is said.</summary>
    public static void Durations(Phrase phrase, TimeSpan? standing)
    {
        if (standing is not { } now || now <= TimeSpan.Zero || phrase.Has(TokenKind.Duration)) return;
        var unit = now.Ticks % TimeSpan.TicksPerMinute == 0 ? TimeSpan.FromMinutes(1) : now.Ticks % TimeSpan.TicksPerSecond == 0 ? TimeSpan.FromSeconds(1) : TimeSpan.FromMilliseconds(1);
        phrase.ReplaceNumber(t => (char.IsAsciiDigit(t.Text[0]) || t.Number >= 2 && t.Value is not ("twice" or "thrice")) && t.Number > 0 && unit * (double)t.Number is var span && span / now <= MostTimes && now / span <= MostTimes ? t with { Kind = TokenKind.Duration, Duration = span, Text = Duration.Format(span) } : t);
    }
}
