namespace PolicyEngine.ControlPlane.ClientReports;

/// <summary>So many a second, of which those of one second may come at once. Turns are given in the order in which they are asked for.</summary>
internal sealed class Pace(int perSecond)
{
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private DateTimeOffset _due;

    /// <summary>Takes a turn of so many, and says how long to wait for it.</summary>
    public TimeSpan Take(int count, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_due < now - Burst) _due = now - Burst;
            _due += Burst * ((double)count / perSecond);
            return _due > now ? _due - now : TimeSpan.Zero;
        }
    }
}
