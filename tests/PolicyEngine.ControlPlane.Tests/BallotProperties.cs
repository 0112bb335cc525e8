using FsCheck.Fluent;
using FsCheck.Xunit;
using PolicyEngine.ControlPlane.HealthChecks;
using Xunit;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>Which verdict follows from what checkers said, whoever they are and whenever they said it.</summary>
public sealed class BallotProperties
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Property(MaxTest = 1000)]
    public void F3_Verdict_IsThatOfTheMajorityOfThoseThatAreNotSilent((bool IsHealthy, byte Seconds)[] said, bool? last)
    {
        // Reports every ten seconds, heard of up to about a minute ago.
        var votes = said.Select(s => new Vote(s.IsHealthy, Now - TimeSpan.FromSeconds(s.Seconds / 4.0), TimeSpan.FromSeconds(10))).ToList();
        var live = said.Where(s => s.Seconds / 4.0 <= 30).ToList();
        var (well, ill) = (live.Count(s => s.IsHealthy), live.Count(s => !s.IsHealthy));
        var verdict = Ballot.Verdict(votes, last, Now);

        Assert.Equal(well > ill ? true : ill > well ? false : last, verdict);
        Assert.Equal(verdict, Ballot.Verdict(votes.AsEnumerable().Reverse(), last, Now));
        Assert.Equal(last, Ballot.Verdict(votes, last, Now + TimeSpan.FromMinutes(2)));
        // Who agrees never turns it, and who is against never helps.
        if (verdict is { } was)
        {
            Assert.Equal(was, Ballot.Verdict(votes.Append(new Vote(was, Now, TimeSpan.FromSeconds(10))), last, Now));
            Assert.Equal(was, Ballot.Verdict(votes.Where(v => v.IsHealthy == was), last ?? was, Now));
        }
    }
}
