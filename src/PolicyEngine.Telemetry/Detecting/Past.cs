using PolicyEngine.Telemetry.Samples;

namespace PolicyEngine.Telemetry.Detecting;

/// <summary>What is usual: totals in which old traffic counts less and less. Nothing is learnt while the subject fails.</summary>
internal sealed class Past(TimeSpan halfLife)
{
    private DateTimeOffset _until;
    private double _seconds;

    public Totals Totals { get; private set; } = Totals.None;

    /// <summary>How long it was learnt from, old time counting less.</summary>
    public TimeSpan Length => TimeSpan.FromSeconds(_seconds);

    public double Rate => _seconds > 0 ? Totals.Requests / _seconds : 0;

    public void Learn(DateTimeOffset now, Totals totals, TimeSpan span)
    {
        var factor = _until == default ? 1 : Math.Pow(0.5, Math.Max(0, (now - _until).TotalSeconds) / halfLife.TotalSeconds);
        _until = now;
        _seconds = _seconds * factor + span.TotalSeconds;
        Totals = new Totals(Totals.Requests * factor, Totals.Errors * factor, Totals.Latency?.Times(factor)).Plus(totals);
    }
}
