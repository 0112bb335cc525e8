using System.Collections.Immutable;

namespace PolicyEngine.Telemetry.Tests.Series;

/// <summary>One labelled series: the scores of its rows and the windows (first and last row) in which something is amiss.</summary>
internal sealed record LabelledScores(double[] Scores, ImmutableArray<(int First, int Last)> Windows);

/// <summary>The scoring rule of the Numenta Anomaly Benchmark, at a fixed threshold: the earliest hit in a window counts by how early it is, false alarms cost.</summary>
internal static class NabScorer
{
    /// <summary>From 0 (never fires) to 100 (fires on the first row of each window and nowhere else); below 0 where silence would be better.</summary>
    public static double Score(IReadOnlyCollection<LabelledScores> series, double threshold, double falseAlarm, double missed)
    {
        var windows = series.Sum(s => s.Windows.Length);
        var raw = series.Sum(s => Raw(s, threshold, falseAlarm, missed));
        return 100 * (raw + missed * windows) / (windows + missed * windows);
    }

    /// <summary>Windows that were hit, windows in all, and alarms outside of every window.</summary>
    public static (int Hit, int Windows, int FalseAlarms) Count(IReadOnlyCollection<LabelledScores> series, double threshold)
    {
        var (hit, alarms) = (0, 0);
        foreach (var s in series)
        {
            var fired = Enumerable.Range(Probation(s), s.Scores.Length - Probation(s)).Where(i => s.Scores[i] >= threshold).ToList();
            hit += s.Windows.Count(w => fired.Exists(i => i >= w.First && i <= w.Last));
            alarms += fired.Count(i => !s.Windows.Any(w => i >= w.First && i <= w.Last));
        }
        return (hit, series.Sum(s => s.Windows.Length), alarms);
    }

    private static double Raw(LabelledScores series, double threshold, double falseAlarm, double missed)
    {
        var best = new double?[series.Windows.Length];
        var raw = 0.0;
        for (var i = Probation(series); i < series.Scores.Length; i++)
        {
            if (series.Scores[i] < threshold) continue;
            var inside = series.Windows.ToList().FindIndex(w => i >= w.First && i <= w.Last);
            if (inside >= 0)
            {
                var (first, last) = series.Windows[inside];
                best[inside] = Math.Max(best[inside] ?? 0, Sigmoid(-(last - i + 1.0) / (last - first + 1)) / Sigmoid(-1));
                continue;
            }
            var ended = series.Windows.Where(w => w.Last < i).Select(w => ((int First, int Last)?)w).LastOrDefault();
            raw += falseAlarm * (ended is var (start, end) ? Sigmoid((i - end) / (double)(end - start)) : -1);
        }
        return raw + best.Sum(b => b ?? -missed);
    }

    private static int Probation(LabelledScores series) => Math.Min((int)(0.15 * series.Scores.Length), 750);

    private static double Sigmoid(double x) => x > 3 ? -1 : 2 / (1 + Math.Exp(5 * x)) - 1;
}
