namespace PolicyEngine.Agent.Upstream;

/// <summary>How long to wait before connecting again: doubling from half a second to half a minute, of which a random share, so that agents do not come all at once.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    /// <param name="attempt">How many failed in a row before this one.</param>
    /// <param name="random">From 0 to 1.</param>
    public static TimeSpan Delay(int attempt, double random) => Math.Min(First.TotalSeconds * Math.Pow(2, Math.Min(attempt, 16)), Most.TotalSeconds) * TimeSpan.FromSeconds(0.5 + random / 2);
}
