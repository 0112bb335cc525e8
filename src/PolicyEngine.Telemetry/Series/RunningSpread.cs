namespace PolicyEngine.Telemetry.Series;

/// <summary>Mean and standard deviation in which old values count less and less; a plain average at first.</summary>
internal sealed class RunningSpread(double weight)
{
    private double _variance;
    private long _seen;

    public long Seen => _seen;

    public double Mean { get; private set; }

    public double Deviation => Math.Sqrt(_variance);

    public void Add(double value)
    {
        _seen++;
        var own = Math.Max(weight, 1.0 / _seen);
        var difference = value - Mean;
        if (_seen == 1) difference = 0;
        Mean = _seen == 1 ? value : Mean + own * difference;
        _variance = (1 - own) * (_variance + own * difference * difference);
    }
}
