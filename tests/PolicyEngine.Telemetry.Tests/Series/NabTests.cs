using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PolicyEngine.Telemetry.Series;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Telemetry.Tests.Series;

/// <summary>Labelled series of others. One configuration for all, one threshold, nothing read ahead.</summary>
public sealed class NabTests(ITestOutputHelper output)
{
    [Fact]
    public void Detector_OnLabelledSeries_IsAboveItsMarks()
    {
        var started = Stopwatch.GetTimestamp();
        var series = Load().Select(s => new LabelledScores(Scores(s.Rows), s.Windows)).ToList();
        var rows = series.Sum(s => s.Scores.Length);
        var micros = Stopwatch.GetElapsedTime(started).TotalMicroseconds / rows;
        var (standard, lowFalse, lowMissed) = (NabScorer.Score(series, SeriesDetector.Alarm, 0.11, 1), NabScorer.Score(series, SeriesDetector.Alarm, 0.22, 1), NabScorer.Score(series, SeriesDetector.Alarm, 0.11, 2));
        var (hit, windows, alarms) = NabScorer.Count(series, SeriesDetector.Alarm);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{series.Count} series, {rows} rows: standard {standard:0.0}, low FP {lowFalse:0.0}, low FN {lowMissed:0.0}; recall {hit}/{windows}, precision {hit}/{hit + alarms}; {micros:0.00} µs a row, reading included"));
        Assert.True(standard > 47 && lowFalse > 34 && lowMissed > 53, $"{standard} {lowFalse} {lowMissed}");
    }

    [Fact]
    public void Score_OfARow_DoesNotChangeWithLaterRows()
    {
        var rows = Load().First(s => s.Windows.Length > 1).Rows;
        var whole = Scores(rows);
        foreach (var cut in new[] { 1, 149, 500, 1001, 2500 }) Assert.Equal(whole[..cut], Scores(rows[..cut]));
    }

    private static double[] Scores((DateTime At, double Value)[] rows)
    {
        var detector = new SeriesDetector();
        return [.. rows.Select(r => detector.Add(r.At, r.Value).Score)];
    }

    private static IEnumerable<((DateTime At, double Value)[] Rows, ImmutableArray<(int, int)> Windows)> Load()
    {
        var folder = RepositoryPaths.Data("nab");
        Assert.SkipWhen(folder is null, "no labelled series on this machine: set POLICYENGINE_TEST_DATA to a folder with nab/ in it");
        using var labels = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder!, "labels", "combined_windows.json")));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder!, "data"), "*.csv", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var rows = File.ReadLines(file).Skip(1).Select(l => l.Split(',')).Select(f => (At: DateTime.Parse(f[0], CultureInfo.InvariantCulture), Value: double.Parse(f[1], CultureInfo.InvariantCulture))).ToArray();
            var name = Path.GetRelativePath(Path.Combine(folder!, "data"), file).Replace('\\', '/');
            yield return (rows, [.. labels.RootElement.GetProperty(name).EnumerateArray().Select(w => (Index(w[0]), Index(w[1])))]);

            int Index(JsonElement time) => Array.FindIndex(rows, r => r.At == DateTime.Parse(time.GetString()!, CultureInfo.InvariantCulture));
        }
    }
}
