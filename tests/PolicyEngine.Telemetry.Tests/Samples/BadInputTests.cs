using FsCheck.Xunit;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Samples;
using PolicyEngine.Telemetry.Tests.Simulation;
using Xunit;

namespace PolicyEngine.Telemetry.Tests.Samples;

public sealed class BadInputTests
{
    private readonly Detection _detection = new(DetectionOptions.Default with { MostSeries = 1_000, MostServices = 100 });

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(double.PositiveInfinity, 0)]
    [InlineData(-1, 0)]
    [InlineData(10, double.NaN)]
    [InlineData(10, 11)]
    [InlineData(1e300, 0)]
    public void ImpossibleNumbers_AreLeftOutAndCounted(double requests, double errors)
    {
        _detection.Observe(Of(0, requests, errors), Shop.Start);
        Assert.Equal(new IntakeCounts { Impossible = 1 }, _detection.Counts);
    }

    [Fact]
    public void HostileNames_AreLeftOut()
    {
        _detection.Observe(Of(0, 1, 0) with { Service = new string('x', 300) }, Shop.Start);
        _detection.Observe(Of(0, 1, 0) with { Version = "v1\u001b[31m" }, Shop.Start);
        _detection.Observe(Of(0, 1, 0) with { Source = "" }, Shop.Start);
        Assert.Equal(3, _detection.Counts.Impossible);
    }

    [Fact]
    public void CounterReset_CountsWhatCameSince_NeverLessThanNothing()
    {
        var track = new CounterTrack();
        Assert.Equal(TrackOutcome.First, track.Add(Counter(0, 1000, 5), out _));
        Assert.Equal(TrackOutcome.Added, track.Add(Counter(10, 1100, 5), out var added));
        Assert.Equal((100, 0), (added.Requests, added.Errors));
        Assert.Equal(TrackOutcome.Reset, track.Add(Counter(20, 30, 1), out var reset));
        Assert.Equal((30, 1), (reset.Requests, reset.Errors));
    }

    [Fact]
    public void DuplicatesAndLateSamples_AreCountedOnce()
    {
        foreach (var second in new[] { 10, 10, 20, 15, 30 }) _detection.Observe(Of(second, 10, 0), Shop.Start.AddSeconds(30));
        Assert.Equal((3, 1, 1), (_detection.Counts.Accepted, _detection.Counts.Duplicates, _detection.Counts.Late));
    }

    [Fact]
    public void SourceWhoseClockWasSetBack_IsBelievedAfterThreeReports()
    {
        var track = new CounterTrack();
        track.Add(Counter(10_000, 100, 0), out _);
        Assert.Equal(TrackOutcome.Late, track.Add(Counter(10, 110, 0), out _));
        Assert.Equal(TrackOutcome.Late, track.Add(Counter(20, 120, 0), out _));
        Assert.Equal(TrackOutcome.Added, track.Add(Counter(30, 130, 0), out var increment));
        // Counters lose nothing by it.
        Assert.Equal(30, increment.Requests);
    }

    [Fact]
    public void MillionNewSeries_StayBounded_AndPushOutNothingThatReports()
    {
        for (var second = 1; second <= 10; second++) _detection.Observe(Of(second, 10, 0), Shop.Start.AddSeconds(second));
        var before = GC.GetTotalMemory(true);
        for (var i = 0; i < 1_000_000; i++)
        {
            _detection.Observe(Of(10, 1, 0) with { Service = $"s{i % 5_000}", Locality = $"z{i}" }, Shop.Start.AddSeconds(10));
        }
        Assert.True(GC.GetTotalMemory(true) - before < 20_000_000);
        Assert.True(_detection.Counts.Evicted > 900_000);
        Assert.Equal("PE6003", Assert.Single(_detection.Diagnostics()).Code);
        Assert.Empty(_detection.Diagnostics());
        _detection.Observe(Of(11, 10, 0), Shop.Start.AddSeconds(11));
        _detection.Observe(Of(11, 10, 0), Shop.Start.AddSeconds(11));
        Assert.Equal(1, _detection.Counts.Duplicates);
    }

    [Fact]
    public void MoreFailuresThanAreFollowed_AreSaid()
    {
        var detection = new Detection(DetectionOptions.Default with { MostIncidents = 3 });
        for (var second = 1; second <= 5; second++)
        {
            for (var service = 0; service < 10; service++)
                foreach (var (version, errors) in new[] { ("v1", 0), ("v2", 100) })
                    detection.Observe(Of(second, 100, errors) with { Service = $"s{service}", Version = version }, Shop.Start.AddSeconds(second));
            detection.Evaluate(Shop.Start.AddSeconds(second));
        }
        Assert.Equal(3, detection.Findings.Count());
        Assert.Equal("PE6005", Assert.Single(detection.Diagnostics()).Code);
    }

    [Property(MaxTest = 300)]
    public void AnySamples_InAnyOrder_NeverThrowNorMakeNegativeTraffic(double[] requests, double[] errors, int[] seconds, bool cumulative)
    {
        var track = new CounterTrack();
        for (var i = 0; i < Math.Min(requests.Length, Math.Min(errors.Length, seconds.Length)); i++)
        {
            var sample = Of(seconds[i] % 100_000, requests[i], errors[i]) with { Cumulative = cumulative };
            _detection.Observe(sample, Shop.Start.AddSeconds(seconds[^(i + 1)] % 100_000));
            _detection.Evaluate(Shop.Start.AddSeconds(i));
            if (!SampleChecks.IsPossible(sample)) continue;
            track.Add(sample, out var increment);
            Assert.True(increment.Requests >= 0 && increment.Errors >= 0 && increment.Errors <= increment.Requests);
        }
    }

    [Property(MaxTest = 20)]
    public void SameSamples_GiveTheSameFindings(int seed)
    {
        Assert.Equal(Run(), Run());

        string Run()
        {
            var shop = new Shop(seed & 0xffff) { Script = t => [new("v1", 0.5), new("v2", 0.5) { ErrorRatio = (t - Shop.Start).TotalSeconds > 20 ? 0.5 : 0 }], Rate = _ => 20 };
            return string.Join('\n', shop.Run(TimeSpan.FromSeconds(40)).Select(c => $"{c.Step} {c.Finding.Id} {c.Finding.Says}"));
        }
    }

    private static Sample Of(int second, double requests, double errors) =>
        new() { At = Shop.Start.AddSeconds(second), Source = "lrs/edge-0", Service = "checkout", Version = "v1", Requests = requests, Errors = errors };

    private static Sample Counter(int second, double requests, double errors) => Of(second, requests, errors) with { Cumulative = true };
}
