using System.Collections.Frozen;
using System.Globalization;

namespace PolicyEngine.Planning.Lexing;

/// <summary>
/// Moments, in UTC, as they stand behind "until": "Friday 18:00 UTC", "tomorrow 9am", "December 1st", "the end of the day", "2026-12-01 12:00".
/// A day without an hour is its beginning; an hour without a day is its next coming.
/// </summary>
internal static class Times
{
    private static readonly string[] Weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    private static readonly string[] Months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    private static readonly FrozenSet<string> Words = Weekdays.Concat(Months).Concat(["today", "tonight", "tomorrow", "noon", "midnight", "utc", "gmt", "o'clock", "eod", "eow", "am", "pm", "month", "year"]).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Zones = new[] { "utc", "gmt", "z", "zulu" }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Knows(string word) => Words.Contains(word) || Weekday(word) >= 0 || Month(word) > 0;

    /// <summary>Whether a time may follow, and how many words open it: "until", "up until", "ends on", "expiring at".</summary>
    public static bool Opens(List<Token> tokens, int at, out int length)
    {
        length = 1;
        if (tokens[at].Kind != TokenKind.Word || tokens[at].Concept != Concept.Until) return false;
        if (tokens.ElementAtOrDefault(at + 1)?.Value is "on" or "at" or "by" or "to") length = 2;
        return true;
    }

    /// <summary>The moment and how many tokens it takes; null where it is none, or has passed.</summary>
    public static (DateTimeOffset Time, int Length)? Read(List<Token> tokens, int at, DateTimeOffset now)
    {
        var (i, date, clock, end, zone, first) = (at, default(DateOnly?), default(TimeSpan?), false, false, true);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var last = at;
        while (i < tokens.Count && tokens[i].Kind is not TokenKind.Punctuation)
        {
            var word = tokens[i].Value;
            if (word is "the" or "at" or "on" or "of" or "next" or "this")
            {
                i++;
                continue;
            }
            if (word is "end" && first && !end) (end, i) = (true, i + 1);
            else if (word is "eod" && date is null) (date, end, i, last) = (today, true, i + 1, i + 1);
            else if (end && date is null && word is "day" or "today" && end) (date, i, last) = (today, i + 1, i + 1);
            else if (end && date is null && word is "week") (date, i, last) = (today.AddDays((7 - (int)today.DayOfWeek) % 7), i + 1, i + 1);
            else if (end && date is null && word is "month") (date, i, last) = (new DateOnly(today.Year, today.Month, 1).AddMonths(1).AddDays(-1), i + 1, i + 1);
            else if (end && date is null && word is "year") (date, i, last) = (new DateOnly(today.Year, 12, 31), i + 1, i + 1);
            else if (date is null && Day(tokens, i, today) is var (day, days)) (date, i, last) = (day, i + days, i + days);
            else if (clock is null && Clock(tokens, i) is var (hour, hours)) (clock, i, last) = (hour, i + hours, i + hours);
            else if (clock is not null && !zone && Zones.Contains(word)) (zone, i, last) = (true, i + 1, i + 1);
            else if (date is null && clock is null && tokens[i].Kind == TokenKind.Time && tokens[i].Text.Length > 10) return tokens[i].Time > now ? (tokens[i].Time, i + 1 - at) : null;
            else break;
            first = false;
        }
        // The midnight of a day is its beginning to some and its end to others.
        if (date is not null && tokens.Skip(at).Take(last - at).Any(t => t.Value == "midnight")) return null;
        if (date is null && clock is null || end && (clock is not null || date is null)) return null;
        var start = new DateTimeOffset((date ?? today).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var time = end ? start.AddDays(1) : start + (clock ?? TimeSpan.Zero);
        if (date is null && time <= now) time = time.AddDays(1);
        return time > now ? (time, last - at) : null;
    }

    private static (DateOnly Day, int Length)? Day(List<Token> tokens, int i, DateOnly today)
    {
        var word = tokens[i].Value;
        if (tokens[i].Kind == TokenKind.Time && tokens[i].Text.Length == 10) return (DateOnly.FromDateTime(tokens[i].Time.UtcDateTime), 1);
        if (word is "today") return (today, 1);
        if (word is "tomorrow") return (today.AddDays(1), 1);
        if (Weekday(word) is var weekday and >= 0)
        {
            var days = (weekday - (int)today.DayOfWeek + 7) % 7;
            return (today.AddDays(days == 0 ? 7 : days), 1);
        }
        // "December 1st 2026", "1 December", "the 1st of December".
        var (month, number, length) = (0, 0, 0);
        if (Month(word) is var m and > 0 && Ordinal(tokens.ElementAtOrDefault(i + 1)) is var d and > 0) (month, number, length) = (m, d, 2);
        else if (Ordinal(tokens[i]) is var first and > 0)
        {
            var at = tokens.ElementAtOrDefault(i + 1)?.Value == "of" ? i + 2 : i + 1;
            if (Month(tokens.ElementAtOrDefault(at)?.Value ?? "") is var behind and > 0) (month, number, length) = (behind, first, at + 1 - i);
        }
        if (month == 0) return null;
        var comma = tokens.ElementAtOrDefault(i + length) is { Text: "," } ? 1 : 0;
        var year = tokens.ElementAtOrDefault(i + length + comma) is { Kind: TokenKind.Number, Number: >= 2000 and < 2200 } y ? (int)y.Number : 0;
        if (year > 0) length += 1 + comma;
        var full = year > 0 ? year : today.Year;
        if (number > DateTime.DaysInMonth(full, month)) return null;
        var day = new DateOnly(full, month, number);
        return (year == 0 && day < today ? day.AddYears(1) : day, length);
    }

    /// <summary>"18:00", "9am", "9 am", "9:30pm", "6 o'clock", "noon", "midnight".</summary>
    private static (TimeSpan Clock, int Length)? Clock(List<Token> tokens, int i)
    {
        var text = tokens[i].Value.Replace(".", "", StringComparison.Ordinal);
        if (text is "noon") return (TimeSpan.FromHours(12), 1);
        if (text is "midnight") return (TimeSpan.FromHours(0), 1);
        var (half, length) = (text.EndsWith("am", StringComparison.Ordinal) ? "am" : text.EndsWith("pm", StringComparison.Ordinal) ? "pm" : text.EndsWith('h') ? "h" : "", 1);
        var digits = half.Length == 0 ? text : text[..^half.Length];
        // "9:30" may have been cut at its colon where something follows it.
        if (tokens.ElementAtOrDefault(i + 1) is { Text: ":" } && tokens.ElementAtOrDefault(i + 2) is { } minutes && half.Length == 0)
        {
            var tail = minutes.Value;
            half = tail.EndsWith("am", StringComparison.Ordinal) ? "am" : tail.EndsWith("pm", StringComparison.Ordinal) ? "pm" : "";
            (digits, length) = ($"{digits}:{(half.Length == 0 ? tail : tail[..^2])}", 3);
        }
        if (half.Length == 0 && tokens.ElementAtOrDefault(i + length)?.Value.Replace(".", "", StringComparison.Ordinal) is "am" or "pm" or "o'clock" or "hours")
        {
            half = tokens[i + length].Value.Replace(".", "", StringComparison.Ordinal);
            length++;
        }
        if (half.Length == 0 && !digits.Contains(':')) return null;
        if (!TimeSpan.TryParseExact(digits, [@"h\:mm", @"hh\:mm", "hh", "%h"], CultureInfo.InvariantCulture, out var clock)) return null;
        return half switch
        {
            "am" or "pm" when clock.Hours is 0 or > 12 => null,
            "am" => (clock.Hours == 12 ? clock - TimeSpan.FromHours(12) : clock, length),
            "pm" => (clock.Hours == 12 ? clock : clock + TimeSpan.FromHours(12), length),
            _ => (clock, length),
        };
    }

    private static int Weekday(string word) => Array.FindIndex(Weekdays, d => d == word || word.Length is >= 3 and <= 5 && d.StartsWith(word.TrimEnd('.'), StringComparison.Ordinal) && word is not "sun");

    private static int Month(string word) => Array.FindIndex(Months, m => m == word || word.TrimEnd('.') is { Length: 3 or 4 } w && m.StartsWith(w, StringComparison.Ordinal) && w is not "mar") + 1;

    /// <summary>"1", "1st", "22nd", "first".</summary>
    private static int Ordinal(Token? token)
    {
        if (token is null) return 0;
        var word = token.Value;
        if (word is "first") return 1;
        var digits = word.Length > 2 && word[^2..] is "st" or "nd" or "rd" or "th" ? word[..^2] : word;
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 31 ? number : 0;
    }
}
