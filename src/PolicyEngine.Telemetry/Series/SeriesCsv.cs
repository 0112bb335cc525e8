using System.Globalization;
using PolicyEngine.Ir;

namespace PolicyEngine.Telemetry.Series;

/// <summary>Reads <c>timestamp,value</c> rows as a stream: one line at a time, whatever the length of the file.</summary>
public static class SeriesCsv
{
    private const int LongestLine = 1024;
    private const int MostTold = 20;

    private static readonly string[] Times = ["yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd"];

    /// <summary>Each row's score, as it is read. Rows that are none are told through <paramref name="report"/>, with their line, and left out.</summary>
    public static IEnumerable<SeriesScore> Score(TextReader reader, string file, Action<Diagnostic> report)
    {
        var detector = new SeriesDetector();
        var (line, wrong) = (0, 0);
        var buffer = new char[LongestLine + 1];
        while (NextLine(reader, buffer) is { } text)
        {
            line++;
            if (text.Length == 0 || line == 1 && text.Trim().Equals("timestamp,value", StringComparison.OrdinalIgnoreCase)) continue;
            if (Row(text) is { } row)
            {
                yield return detector.Add(row.At, row.Value);
                continue;
            }
            wrong++;
            if (wrong > MostTold) continue;
            report(Diagnostic.Of(DiagnosticCatalogue.InvalidValue, wrong == MostTold ? "more rows are not 'timestamp,value'; no further ones are told" : text.Length > LongestLine ? "the line is too long" : $"'{Shown(text)}' is not 'timestamp,value'") with
            {
                Location = new Location(file, line, 1),
                Fix = "for instance 2026-12-01 00:05:00,42.5 or 1764547500,42.5",
            });
        }
    }

    private static (DateTime At, double Value)? Row(string text)
    {
        var comma = text.IndexOf(',');
        if (comma < 0 || text.Length > LongestLine) return null;
        var (time, number) = (text[..comma].Trim().Trim('"'), text[(comma + 1)..].Trim().Trim('"'));
        if (Time(time) is not { } at) return null;
        if (double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return (at, value);
        return number.Length == 0 || number.Equals("nan", StringComparison.OrdinalIgnoreCase) ? (at, double.NaN) : null;
    }

    /// <summary>A date and time, or seconds (or milliseconds) since 1970.</summary>
    private static DateTime? Time(string text)
    {
        if (DateTime.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)) return time;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var since) || since is not (>= 0 and < 1e14)) return null;
        return DateTime.UnixEpoch.AddSeconds(since < 1e11 ? since : since / 1000);
    }

    /// <summary>The next line, cut off just beyond the longest that is read; null at the end.</summary>
    private static string? NextLine(TextReader reader, char[] buffer)
    {
        var length = 0;
        int c;
        while ((c = reader.Read()) >= 0 && c != '\n')
            if (length < buffer.Length) buffer[length++] = (char)c;
        if (c < 0 && length == 0) return null;
        return new string(buffer, 0, length).TrimEnd('\r');
    }

    private static string Shown(string text) => string.Concat(text.Take(60).Select(c => char.IsControl(c) ? '\uFFFD' : c)) + (text.Length > 60 ? "…" : "");
}
