namespace PolicyEngine.Telemetry.Series;

/// <summary>What is usual at a time of day, in slots of a quarter of an hour; of use only where it tells more than the level alone does.</summary>
internal sealed class DaySeason
{
    private const int Slots = 96;
    private const int DaysNeeded = 3;
    private const int ResidualsNeeded = 100;
    private const double Weight = 0.006;
    private const double SlotWeight = 0.03;
    private const double SlotFirstWeight = 0.05;
    private const int SlotFirst = 60;

    /// <summary>The season counts if it errs by at most this share of what the level errs by.</summary>
    private const double Better = 0.8;

    private readonly double[] _usual = new double[Slots];
    private readonly int[] _seen = new int[Slots];
    private readonly RunningSpread _residuals = new(Weight);
    private DateTime? _began;
    private double _ownError;
    private double _levelError;

    /// <summary>How many deviations the value is from what is usual at this time, or null where that is not known or no better than the level.</summary>
    public double? Deviations(DateTime at, double value) =>
        IsKnown(at) && _residuals.Seen > ResidualsNeeded && _residuals.Deviation > 0 && _ownError < Better * _levelError
            ? (value - _usual[SlotOf(at)] - _residuals.Mean) / _residuals.Deviation
            : null;

    public void Learn(DateTime at, double value, double level)
    {
        _began ??= at;
        var slot = SlotOf(at);
        if (IsKnown(at))
        {
            var residual = value - _usual[slot];
            _residuals.Add(residual);
            var own = Math.Max(Weight, 1.0 / _residuals.Seen);
            _ownError += own * (Math.Abs(residual) - _ownError);
            _levelError += own * (Math.Abs(value - level) - _levelError);
        }
        _seen[slot]++;
        _usual[slot] += (value - _usual[slot]) * (_seen[slot] < SlotFirst ? Math.Max(SlotFirstWeight, 1.0 / _seen[slot]) : SlotWeight);
    }

    private bool IsKnown(DateTime at) => _began is { } began && (at - began).TotalDays >= DaysNeeded && _seen[SlotOf(at)] > 0;

    private static int SlotOf(DateTime at) => (int)(at.TimeOfDay.TotalSeconds * Slots / 86_400);
}
