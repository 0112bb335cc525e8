using System.Net;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Samples;
using PolicyEngine.Telemetry.Tests.Simulation;
using Xunit;

namespace PolicyEngine.Telemetry.Tests.Detecting;

public sealed class FloodTests
{
    private Detection _detection = new();
    private readonly Dice _dice = new(41);
    private DateTimeOffset _now = Shop.Start;

    [Fact]
    public void OneRange_ThatFloods_IsFoundInSecondsAndOthersAreNot()
    {
        Assert.Empty(Run(300, 0));
        var opened = Assert.Single(Run(10, 400), c => c.Step == FindingStep.Opened).Finding;
        Assert.Equal((FindingKind.Flood, KeySample.ClientRange, "203.0.113.0/24"), (opened.Kind, opened.Subject.Dimension, opened.Subject.Key));
        Assert.Contains("203.0.113.0/24", opened.Says, StringComparison.Ordinal);
        Assert.Equal(["203.0.113.0/24", "all"], opened.Evidence.Series.Select(s => s.Name));
        var points = opened.Evidence.Series[0].Points;
        Assert.True(points.Length <= 60 && points[0].Requests < 50 && points[^1].Requests > 100, $"{points.Length}: {points[0].Requests} to {points[^1].Requests}");
        Assert.InRange(opened.Evidence.Value("requests a second", "busiest of the others")!.Value, 0.5, 20);
        Assert.Equal(Verdict.Failing, _detection.RecoveryOf(opened.Subject, _now.AddSeconds(-5)));
    }

    [Fact]
    public void LimitedFlood_IsSeenToRecover_AndCloses()
    {
        Run(300, 0);
        var opened = Run(10, 400)[0].Finding;
        var promoted = _now;
        Run(15, 20);
        Assert.Equal(Verdict.Healthy, _detection.RecoveryOf(opened.Subject, promoted));
        Assert.Contains(Run(60, 20), c => c.Step == FindingStep.Closed);
    }

    [Fact]
    public void LimitedFlood_AfterARestart_IsNotCalmBeforeItWasCountedForAWhile()
    {
        Run(300, 0);
        var opened = Run(10, 400).First(c => c.Step == FindingStep.Opened).Finding;
        var promoted = _now;
        _detection = new Detection();
        _detection.Restore([opened]);
        Run(5, 20);
        Assert.Equal(Verdict.Unknown, _detection.RecoveryOf(opened.Subject, promoted));
        Run(10, 20);
        Assert.Equal(Verdict.Healthy, _detection.RecoveryOf(opened.Subject, promoted));
    }

    [Fact]
    public void Flood_ThatGoesOn_DoesNotBecomeUsual()
    {
        Run(300, 0);
        Run(1800, 400);
        Assert.Equal(FindingState.Open, Assert.Single(_detection.Findings).State);
    }

    [Fact]
    public void OnlyClient_ThatAlwaysAsksForAll_IsNoFlood()
    {
        for (var i = 0; i < 600; i++)
        {
            _now = _now.AddSeconds(1);
            _detection.Observe(Of("10.0.0.0/24", _dice.Poisson(300)), _now);
            Assert.Empty(_detection.Evaluate(_now));
        }
    }

    [Fact]
    public void MillionKeys_TakeNoMoreRoomAndHideNoFlood()
    {
        Run(120, 0);
        var changes = new List<FindingChange>();
        for (var second = 0; second < 10; second++)
        {
            _now = _now.AddSeconds(1);
            for (var i = 0; i < 20_000; i++) _detection.Observe(Of($"198.51.{second * 20_000 + i}", 0.01), _now);
            _detection.Observe(Of("203.0.113.0/24", 600), _now);
            changes.AddRange(_detection.Evaluate(_now));
        }
        Assert.Equal("203.0.113.0/24", Assert.Single(changes, c => c.Step == FindingStep.Opened).Finding.Subject.Key);
    }

    /// <summary>As nodes report one request of some, which stands for all: usual clients come in lumps, a flood is one all the same.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(100)]
    public void ShareOfTheRequests_IsEnough_AndItsLumpsAreNoFlood(int one)
    {
        Assert.Empty(RunSampled(1800, 0));
        Assert.Equal("203.0.113.0/24", Assert.Single(RunSampled(20, 1000), c => c.Step == FindingStep.Opened).Finding.Subject.Key);
        var promoted = _now;
        RunSampled(30, 20);
        Assert.Equal(Verdict.Healthy, _detection.RecoveryOf(_detection.Findings.Single().Subject, promoted));

        List<FindingChange> RunSampled(int seconds, double flood)
        {
            var changes = new List<FindingChange>();
            for (var i = 0; i < seconds; i++)
            {
                _now = _now.AddSeconds(1);
                for (var client = 0; client < 40; client++) _detection.Observe(Of($"10.0.{client}.0/24", one * _dice.Poisson(80.0 / (client + 10) / one)), _now);
                _detection.Observe(Of("203.0.113.0/24", one * _dice.Poisson(flood / one)), _now);
                changes.AddRange(_detection.Evaluate(_now));
            }
            return changes;
        }
    }

    [Fact]
    public void Others_ThatAreToldAsOne_CountAmongAll_AndAreNobody()
    {
        for (var i = 0; i < 120; i++)
        {
            _now = _now.AddSeconds(1);
            _detection.Observe(Of(null, 10_000), _now);
            // Much for one client, and little of all.
            _detection.Observe(Of("203.0.113.0/24", i < 90 ? 5 : 600), _now);
            Assert.Empty(_detection.Evaluate(_now));
        }
    }

    /// <summary>Two hundred clients that ask for as much as each other, of whom a few are told each second: a limit must leave each what it needs, not what was told of it.</summary>
    [Fact]
    public void BusyClients_OfWhomOnlySomeAreTold_AreNotTakenForQuietOnes()
    {
        for (var i = 0; i < 120; i++) Second(0);
        var changes = new List<FindingChange>();
        for (var i = 0; i < 10; i++) changes.AddRange(Second(9_000));
        var opened = Assert.Single(changes, c => c.Step == FindingStep.Opened).Finding;
        Assert.InRange(opened.Evidence.Value("requests a second", "busiest of the others")!.Value, 50, 110);

        IEnumerable<FindingChange> Second(double flood)
        {
            _now = _now.AddSeconds(1);
            var counts = Enumerable.Range(0, 200).Select(c => (Key: $"10.0.{c}.0/24", Requests: (double)_dice.Poisson(50))).OrderByDescending(c => c.Requests).ToList();
            foreach (var (key, requests) in counts.Take(32)) _detection.Observe(Of(key, requests), _now);
            _detection.Observe(Of(null, counts.Skip(32).Sum(c => c.Requests)) with { MostOfOne = counts[32].Requests }, _now);
            _detection.Observe(Of("203.0.113.0/24", flood), _now);
            return _detection.Evaluate(_now);
        }
    }

    /// <summary>All of it refused: that is heard, and it is calm.</summary>
    [Fact]
    public void Flood_OfWhichNothingIsLetThrough_IsOver()
    {
        Run(300, 0);
        var opened = Run(10, 400)[0].Finding;
        var promoted = _now;
        for (var i = 0; i < 30; i++)
        {
            _now = _now.AddSeconds(1);
            _detection.Observe(Of(null, 0), _now);
            _detection.Evaluate(_now);
        }
        Assert.Equal(Verdict.Healthy, _detection.RecoveryOf(opened.Subject, promoted));
    }

    [Fact]
    public void Clients_OfWhomNothingIsHeard_AreNoSilentSource()
    {
        Run(300, 0);
        for (var i = 0; i < 600; i++)
        {
            _now = _now.AddSeconds(1);
            Assert.Empty(_detection.Evaluate(_now));
        }
    }

    [Theory]
    [InlineData("203.0.113.77", "203.0.113.0/24")]
    [InlineData("::ffff:203.0.113.77", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3::4", "2001:db8:1:2::/64")]
    public void Range_OfAnAddress_IsWhatPeopleWouldSay(string address, string range) => Assert.Equal(range, Cidr.OfClient(IPAddress.Parse(address)).ToString());

    private List<FindingChange> Run(int seconds, double flood)
    {
        var changes = new List<FindingChange>();
        for (var i = 0; i < seconds; i++)
        {
            _now = _now.AddSeconds(1);
            for (var client = 0; client < 40; client++) _detection.Observe(Of($"10.0.{client}.0/24", _dice.Poisson(80.0 / (client + 10))), _now);
            _detection.Observe(Of("203.0.113.0/24", _dice.Poisson(flood)), _now);
            changes.AddRange(_detection.Evaluate(_now));
        }
        return changes;
    }

    private KeySample Of(string? key, double requests) => new() { At = _now, Source = "als", Service = "search", Dimension = KeySample.ClientRange, Key = key, Requests = requests };
}
