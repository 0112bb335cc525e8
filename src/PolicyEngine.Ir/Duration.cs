using System.Globalization;

namespace PolicyEngine.Ir;

/// <summary>Durations as the policy language writes them: <c>750ms</c>, <c>2s</c>, <c>1.5s</c>, <c>5m</c>, <c>1h</c>.</summary>
public static class Duration
{
    /// <summary>Beyond this, Envoy's timers and people's meaning part ways.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    private static readonly (string Unit, decimal Milliseconds)[] Units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        foreach (var (unit, milliseconds) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            var number = text.AsSpan(0, text.Length - unit.Length);
            if (number.Length is 0 or > 15 || !char.IsAsciiDigit(number[^1])) continue;
            if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)) continue;
            var total = count * milliseconds;
            if (total > (decimal)Longest.TotalMilliseconds || total != decimal.Truncate(total)) return false;
            duration = TimeSpan.FromMilliseconds((long)total);
            return true;
        }
        return false;
    }

    /// <summary>The shortest exact form, with the largest unit that divides it.</summary>
    public static string Format(TimeSpan duration)
    {
        var milliseconds = (long)duration.TotalMilliseconds;
        if (milliseconds == 0) return "0s";
        foreach (var (unit, size) in Units.Reverse())
            if (milliseconds % (long)size == 0) return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / (long)size}{unit}");
        return string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
    }
}
