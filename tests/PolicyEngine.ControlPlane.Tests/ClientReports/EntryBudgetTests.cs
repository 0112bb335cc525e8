using Microsoft.Extensions.Time.Testing;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.ControlPlane.ClientReports;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.ControlPlane.Tests.ClientReports;

public sealed class EntryBudgetTests
{
    private static readonly Peer One = new("10.0.0.1", null);
    private static readonly Peer Two = new("10.0.0.2", null);

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public void Pace_LetsASecondsWorthThroughAtOnce_AndThenSoManyASecond()
    {
        var (pace, now) = (new Pace(100), DateTimeOffset.UnixEpoch);
        Assert.Equal(TimeSpan.Zero, pace.Take(100, now));
        Assert.Equal(TimeSpan.FromSeconds(0.5), pace.Take(50, now));
        Assert.Equal(TimeSpan.FromSeconds(0.1), pace.Take(10, now.AddSeconds(0.5)));
        Assert.Equal(TimeSpan.Zero, pace.Take(1, now.AddHours(1)));
        Assert.Equal(TimeSpan.FromSeconds(9), pace.Take(999, now.AddHours(1)));
    }

    [Fact]
    public async Task Peer_ThatHasHadItsShare_WaitsWithAllItsStreams_AndHoldsUpNobodyElse()
    {
        var budget = new EntryBudget(new ControlPlaneOptions { ClientEntriesPerSecondOfPeer = 100, ClientEntriesPerSecond = 1000 }, _time);
        using var first = budget.Enter(One);
        using var second = budget.Enter(One);
        using var other = budget.Enter(Two);
        await first.Wait(100, _cancellation);
        var waiting = second.Wait(50, _cancellation).AsTask();
        Assert.True(other.Wait(100, _cancellation).AsTask().IsCompleted);
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        await waiting.WithTimeout();
    }

    [Fact]
    public async Task All_TakeTurns_WhereThereAreMoreThanTheServerReads()
    {
        var budget = new EntryBudget(new ControlPlaneOptions { ClientEntriesPerSecondOfPeer = 100, ClientEntriesPerSecond = 100 }, _time);
        using var first = budget.Enter(One);
        using var second = budget.Enter(Two);
        await first.Wait(100, _cancellation);
        var waiting = second.Wait(100, _cancellation).AsTask();
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await waiting.WithTimeout();
    }

    [Fact]
    public async Task Peer_ThatLeavesAndComesAgain_IsKnownWhileAnyOfItsStreamsIsOpen()
    {
        var budget = new EntryBudget(new ControlPlaneOptions { ClientEntriesPerSecondOfPeer = 100, ClientEntriesPerSecond = 1000 }, _time);
        using var first = budget.Enter(One);
        using (var second = budget.Enter(One)) await second.Wait(100, _cancellation);
        using var third = budget.Enter(One);
        Assert.False(third.Wait(100, _cancellation).AsTask().IsCompleted);
    }
}
