namespace PolicyEngine.ControlPlane.HealthChecks;

/// <summary>What a checker last said of an endpoint, and when it last reported at all.</summary>
/// <param name="Interval">How often it is to report.</param>
internal readonly record struct Vote(bool IsHealthy, DateTimeOffset At, TimeSpan Interval)
{
    private const int MostMissed = 3;

    /// <summary>Who is silent for three intervals has no vote: it knows no more than anybody.</summary>
    public bool Counts(DateTimeOffset now) => now - At <= MostMissed * Interval;
}

internal static class Ballot
{
    /// <summary>
    /// The majority of those that have a vote. Where nobody has one, or as many say this as that, what was last known stands: a checker that dies
    /// takes no host with it.
    /// </summary>
    public static bool? Verdict(IEnumerable<Vote> votes, bool? last, DateTimeOffset now)
    {
        var balance = votes.Where(v => v.Counts(now)).Sum(v => v.IsHealthy ? 1 : -1);
        return balance == 0 ? last : balance > 0;
    }
}
