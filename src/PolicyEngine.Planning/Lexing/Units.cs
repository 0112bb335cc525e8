using PolicyEngine.Ir;

namespace PolicyEngine.Planning.Lexing;

/// <summary>What a bare number counts, where another value beside it says so.</summary>
internal static class Units
{
    /// <summary>The number in the unit of the other value; as it was, where that has none.</summary>
    public static Token Like(Token number, Token value) => value.Kind switch
    {
        TokenKind.Duration when Of(value) is { } unit && number.Number > 0 => number with { Kind = TokenKind.Duration, Duration = unit * (double)number.Number },
        TokenKind.Rate => number with { Kind = TokenKind.Rate, Unit = value.Unit },
        TokenKind.Percent when Percentage.TryOf(number.Number, out var share) => number with { Kind = TokenKind.Percent, Share = share },
        _ => number,
    };

    /// <summary>The unit in which a time was said; null where it was said in several, or without a number.</summary>
    private static TimeSpan? Of(Token time)
    {
        if (time.Number > 0) return time.Duration / (double)time.Number is var spoken && IsWhole(spoken) ? spoken : null;
        var digits = time.Text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        return digits > 0 && decimal.TryParse(time.Text[..digits], System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var number) && number > 0 && time.Duration / (double)number is var unit && IsWhole(unit) ? unit : null;
    }

    private static bool IsWhole(TimeSpan unit) => unit == TimeSpan.FromMilliseconds(1) || unit == TimeSpan.FromSeconds(1) || unit == TimeSpan.FromMinutes(1) || unit == TimeSpan.FromHours(1) || unit == TimeSpan.FromDays(1);
}
