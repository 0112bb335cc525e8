using FsCheck.Xunit;
using PolicyEngine.Ir;
using PolicyEngine.Telemetry.Series;
using PolicyEngine.Telemetry.Tests.Simulation;
using Xunit;

namespace PolicyEngine.Telemetry.Tests.Series;

public sealed class SeriesDetectorTests
{
    private static readonly DateTime Start = new(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Spike_InNoise_IsTheOnlyAnomaly()
    {
        var (detector, dice) = (new SeriesDetector(), new Dice(51));
        var anomalies = Enumerable.Range(0, 3000).Select(i => detector.Add(Start.AddMinutes(i), 100 + 5 * dice.Gauss() + (i == 2000 ? 80 : 0))).Where(s => s.IsAnomaly).ToList();
        Assert.Equal(Start.AddMinutes(2000), Assert.Single(anomalies).At);
    }

    [Fact]
    public void DailyPeak_ThatFailsToCome_IsAnAnomaly_AndThePeakIsNone()
    {
        var (detector, dice) = (new SeriesDetector(), new Dice(52));
        for (var i = 0; i < 288 * 14; i++) Assert.False(detector.Add(Start.AddMinutes(5 * i), Day(i) + dice.Gauss()).IsAnomaly, $"row {i}");
        Assert.Contains(Enumerable.Range(288 * 14, 288), i => detector.Add(Start.AddMinutes(5 * i), 20 + dice.Gauss()).IsAnomaly);

        static double Day(int i) => i % 288 is >= 96 and < 192 ? 80 : 20;
    }

    [Fact]
    public void Alarm_IsFollowedByQuiet()
    {
        var (detector, dice) = (new SeriesDetector(), new Dice(53));
        for (var i = 0; i < 1000; i++) detector.Add(Start.AddMinutes(i), dice.Gauss());
        Assert.Single(Enumerable.Range(1000, 100).Select(i => detector.Add(Start.AddMinutes(i), 100 + dice.Gauss())), s => s.IsAnomaly);
    }

    [Property(MaxTest = 200)]
    public void AnyValues_GiveScoresFromZeroToOne(double[] values)
    {
        var detector = new SeriesDetector();
        for (var round = 0; round < 20; round++)
            for (var i = 0; i < values.Length; i++)
                Assert.InRange(detector.Add(Start.AddMinutes(i), values[i]).Score, 0, 1);
    }

    [Property(MaxTest = 200)]
    public void RollingQuantiles_AreThoseOfTheSortedWindow(int[] values)
    {
        var rolling = new RollingQuantiles(8);
        for (var i = 0; i < values.Length; i++)
        {
            rolling.Add(values[i]);
            var window = values[Math.Max(0, i - 7)..(i + 1)].Select(v => (double)v).Order().ToArray();
            foreach (var q in new[] { 0, 0.25, 0.5, 0.98, 1 }) Assert.Equal(window[Math.Min((int)(q * window.Length), window.Length - 1)], rolling[q]);
        }
    }

    [Fact]
    public void Csv_IsScoredLineByLine_AndWhatIsWrongIsToldWithItsPlace()
    {
        var told = new List<Diagnostic>();
        var text = "timestamp,value\r\n2026-11-01 00:00:00,1.5\n1764547500,2\n2026-11-01T00:10:00Z,NaN\n\nnonsense\n2026-11-01 00:15:00,\u001b[31m\n" + new string('x', 100_000) + "\n2026-11-01 00:20:00,3";
        var scores = SeriesCsv.Score(new StringReader(text), "s.csv", told.Add).ToList();
        Assert.Equal([1.5, 2, double.NaN, 3], scores.Select(s => s.Value));
        Assert.Equal(["s.csv:6:1", "s.csv:7:1", "s.csv:8:1"], told.Select(d => d.Location!.ToString()));
        Assert.All(told, d => Assert.DoesNotContain(d.Message, char.IsControl));
    }

    [Fact]
    public void Csv_OfNonsense_IsToldOfBoundedly()
    {
        var told = new List<Diagnostic>();
        Assert.Empty(SeriesCsv.Score(new StringReader(string.Concat(Enumerable.Repeat("x\n", 10_000))), "s.csv", told.Add));
        Assert.Equal(20, told.Count);
    }

    [Fact]
    public void Csv_WithoutEnd_IsScoredAsItComes()
    {
        using var endless = new EndlessReader();
        Assert.Equal(5_000, SeriesCsv.Score(endless, "-", d => Assert.Fail(d.Message)).Take(5_000).Count());
    }

    private sealed class EndlessReader : TextReader
    {
        private int _at;

        public override int Read() => "1764547500,2\n"[_at++ % 13];
    }
}
