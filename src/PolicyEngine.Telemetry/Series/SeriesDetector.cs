namespace PolicyEngine.Telemetry.Series;

/// <summary>A row's score, from 0 (usual) to 1; from <see cref="SeriesDetector.Alarm"/> on it is an anomaly.</summary>
public readonly record struct SeriesScore(DateTime At, double Value, double Score)
{
    public bool IsAnomaly => Score >= SeriesDetector.Alarm;
}

/// <summary>
/// Scores a series row by row as it comes: how unlikely the value is beside the last thousand (median and spread of the middle), or beside what is
/// usual at that time of day where that tells more. After an alarm it is quiet for a while. A score never depends on later rows; the size is bounded.
/// </summary>
public sealed class SeriesDetector
{
    public const double Alarm = 0.5;

    private const int Window = 1000;
    private const int WarmUp = 150;
    private const int CoolDown = 120;
    private const double LevelWeight = 0.006;

    /// <summary>The decimal exponent of the chance at which the score is a half: one in ten million.</summary>
    private const double Half = 7;

    // Standard normal: the quartiles span 1.35 deviations, the 2nd and 98th percentile 4.1.
    private const double Quartiles = 1.35;
    private const double Tails = 4.1;

    private readonly RollingQuantiles _last = new(Window);
    private readonly RunningSpread _level = new(LevelWeight);
    private readonly DaySeason _season = new();
    private long _rows;
    private long _quietUntil;

    /// <summary>The next row. NaN and infinite values score 0 and teach nothing: a gap is not an anomaly of the value.</summary>
    public SeriesScore Add(DateTime at, double value)
    {
        if (!double.IsFinite(value)) return new SeriesScore(at, value, 0);
        var score = _rows + 1 < WarmUp ? 0 : Unlikely(_season.Deviations(at, value) ?? FromLast(value));
        if (_rows < _quietUntil) score = 0;
        else if (score >= Alarm) _quietUntil = _rows + CoolDown;
        _season.Learn(at, value, _level.Mean);
        _level.Add(value);
        _last.Add(value);
        _rows++;
        return new SeriesScore(at, value, score);
    }

    private double FromLast(double value)
    {
        if (_last.Count >= WarmUp)
        {
            var median = _last[0.5];
            var spread = Math.Max((_last[0.75] - _last[0.25]) / Quartiles, (_last[0.98] - _last[0.02]) / Tails);
            if (spread > 0) return (value - median) / spread;
            if (value == median) return 0;
        }
        return _level.Deviation > 0 ? (value - _level.Mean) / _level.Deviation : value == _level.Mean ? 0 : double.PositiveInfinity;
    }

    /// <summary>From deviations to [0,1): the exponent of the two-sided normal tail, halfway at <see cref="Half"/>.</summary>
    private static double Unlikely(double deviations)
    {
        var exponent = TailExponent(Math.Min(Math.Abs(deviations), 1e6));
        return exponent / (exponent + Half);
    }

    /// <summary>-log10 of the chance of being so far out on either side; from four deviations on by the tail's own expansion.</summary>
    private static double TailExponent(double z) => z < 4
        ? -Math.Log10(2 * (1 - Normal.Cdf(z)))
        : (z * z / 2 + Math.Log(z * Math.Sqrt(Math.PI / 2)) - Math.Log(1 - 1 / (z * z) + 3 / Math.Pow(z, 4))) / Math.Log(10);
}
