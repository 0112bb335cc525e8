using System.Globalization;
using PolicyEngine.Console.Sources;

namespace PolicyEngine.Console.Parts;

/// <summary>A series as the points of a line. What is no number leaves no point; of more points than can be seen, each stretch keeps its highest.</summary>
public static class Chart
{
    public const int Width = 600;
    public const int Height = 80;
    private const int MostPoints = 300;

    /// <summary>The line, and where on it <paramref name="from"/> is.</summary>
    public static (string Line, string Since) Draw(EvidenceSeries series, DateTimeOffset from)
    {
        var points = Numbers(series);
        if (points.Count < 2) return ("", "0");
        var (first, span) = (points[0].At, Math.Max(1, (points[^1].At - points[0].At).Ticks));
        var top = Math.Max(points.Max(p => p.Value), double.Epsilon);
        string X(DateTimeOffset at) => Number(Width * Math.Clamp((double)(at - first).Ticks / span, 0, 1));
        var stretch = (points.Count + MostPoints - 1) / MostPoints;
        return (string.Join(' ', points.Chunk(stretch).Select(c => c.MaxBy(p => p.Value)).Select(p => $"{X(p.At)},{Number(Height - (Height - 4) * Math.Clamp(p.Value / top, 0, 1))}")), X(from));
    }

    /// <summary>From, to and the last value, in words.</summary>
    public static string Extent(EvidenceSeries series)
    {
        var points = Numbers(series);
        return points.Count == 0
            ? "no values"
            : $"{Number(points.Min(p => p.Value))} to {Number(points.Max(p => p.Value))} {series.Unit}, last {Number(points[^1].Value)} {series.Unit}";
    }

    private static List<EvidencePoint> Numbers(EvidenceSeries series) => [.. series.Points.Where(p => double.IsFinite(p.Value)).OrderBy(p => p.At)];

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
