using Envoy.Data.Accesslog.V3;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolicyEngine.ControlPlane.ClientReports;
using PolicyEngine.Ir;
using Xunit;

namespace PolicyEngine.ControlPlane.Tests.ClientReports;

public sealed class ClientCountsTests
{
    private readonly Told _told = new();
    private readonly ClientCounts _counts;

    public ClientCountsTests() => _counts = Of(_told, new FakeTimeProvider());

    [Fact]
    public void Entries_OfAllNodes_AreCountedByClusterAndRange()
    {
        _counts.Add([.. Entries.Of("203.0.113.7", 3), Entries.Of("10.1.2.3"), Entries.Of("10.1.2.3", "search.v2")], Percentage.Hundred);
        _counts.Add([.. Entries.Of("203.0.113.250", 2)], Percentage.Hundred);
        Assert.Equal("search.v1 203.0.113.0/24 5, search.v1 10.1.2.0/24 1, search.v2 10.1.2.0/24 1", Tell());
        Assert.Equal("", new Told().All);
    }

    [Theory]
    [InlineData("2001:db8:1:2:3::4", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.0/24")]
    [InlineData("fe80::1%eth0", "fe80::/64")]
    public void Addresses_OfIpv6_AreCountedBySubnet(string address, string range)
    {
        _counts.Add([Entries.Of(address)], Percentage.Hundred);
        Assert.Equal($"search.v1 {range} 1", Tell());
    }

    [Fact]
    public void Entries_OfAShare_StandForTheOthersToo_UnlessTheySayWhatTheyStandForThemselves()
    {
        _counts.Add(Entries.Of("10.0.0.1", 3), Percentage.Of(10));
        _counts.Add([Entries.Of("10.0.1.1").With(c => c.SampleRate = 0.02)], Percentage.Of(10));
        Assert.Equal("search.v1 10.0.1.0/24 50, search.v1 10.0.0.0/24 30", Tell());
    }

    [Fact]
    public void Requests_ThatWereRefused_AreNotLetThrough()
    {
        _counts.Add([Entries.Of("10.0.0.1"), Entries.Limited("10.0.0.1"), Entries.Denied("10.0.0.1"), Entries.Denied("10.0.9.1")], Percentage.Hundred);
        Assert.Equal("search.v1 10.0.0.0/24 1", Tell());
    }

    [Fact]
    public void Cluster_OfWhichAllWasRefused_IsHeardOfAllTheSame()
    {
        _counts.Add([Entries.Limited("10.0.0.1")], Percentage.Hundred);
        _counts.Tell();
        Assert.Equal(new ClientReport("search.v1", null, 0, 0), Assert.Single(_told.Reports));
    }

    [Fact]
    public void Entries_ThatLedNowhere_OrSayTooLittle_AreNoClients()
    {
        _counts.Add([new HTTPAccessLogEntry(), Entries.Of("10.0.0.1", ""), Entries.Of("10.0.0.1", new string('x', 254))], Percentage.Hundred);
        Assert.Equal("", Tell());
        _counts.Add([Entries.Of("@pipe"), Entries.Of("10.0.0.1").With(c => c.DownstreamRemoteAddress = null), Entries.Of("fe80::1%" + new string('x', 10_000))], Percentage.Hundred);
        Assert.Equal("search.v1 others 3", Tell());
    }

    [Fact]
    public void ManyClients_AreToldOfAsTheBusiestAndTheOthers()
    {
        for (var range = 0; range < 1000; range++) _counts.Add([Entries.Of($"10.{range / 250}.{range % 250}.1")], Percentage.Hundred);
        _counts.Add(Entries.Of("203.0.113.7", 40), Percentage.Hundred);
        for (var busy = 0; busy < 40; busy++) _counts.Add(Entries.Of($"203.0.{busy}.7", 7), Percentage.Hundred);
        _counts.Tell();
        Assert.Equal(33, _told.Reports.Count);
        Assert.StartsWith("search.v1 others 1063, search.v1 203.0.113.0/24 40, search.v1 203.0.", _told.All, StringComparison.Ordinal);
        Assert.Equal(7, _told.Reports.Single(r => r.Range is null).MostOfOne);
    }

    [Fact]
    public void MoreAddresses_ThanAreKept_AreCountedWithoutThem_AndKnownOnesGoOn()
    {
        _counts.Add(Enumerable.Range(0, 150_000).Select(i => Entries.Of($"2001:db8:{i / 50_000:x}:{i % 50_000:x}::1")), Percentage.Hundred);
        _counts.Add(Entries.Of("2001:db8:0:0::1", 100), Percentage.Hundred);
        _counts.Add(Enumerable.Range(0, 20_000).Select(i => Entries.Of("10.0.0.1", $"c{i}")), Percentage.Hundred);
        _counts.Tell();
        Assert.Equal(150_100, _told.Reports.Where(r => r.Cluster == "search.v1").Sum(r => r.Requests));
        Assert.Equal(101, _told.Reports.Where(r => r.Range is not null).Max(r => r.Requests));
        Assert.Equal(10_000, _told.Reports.Select(r => r.Cluster).Distinct().Count());
        // What was told is forgotten, and there is room again.
        _counts.Add([Entries.Of("10.7.7.7")], Percentage.Hundred);
        _counts.Tell();
        Assert.Contains(_told.Reports, r => r is { Requests: 1, Range: { } range } && range.ToString() == "10.7.7.0/24");
    }

    [Fact]
    public async Task Counts_AreToldOnceASecond_AndNothingWhereThereIsNothing()
    {
        var time = new FakeTimeProvider();
        await using var counts = Of(_told, time);
        await counts.StartAsync(TestContext.Current.CancellationToken);
        counts.Add([Entries.Of("10.0.0.1")], Percentage.Hundred);
        time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Empty(_told.Reports);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, _told.Reports.Count);
    }

    [Fact]
    public async Task Sink_ThatFails_LosesThatSecondAndNoMore()
    {
        var time = new FakeTimeProvider();
        await using var counts = Of(new Failing(_told), time);
        await counts.StartAsync(TestContext.Current.CancellationToken);
        for (var second = 0; second < 2; second++)
        {
            counts.Add([Entries.Of("10.0.0.1")], Percentage.Hundred);
            time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal("search.v1 10.0.0.0/24 1", _told.All);
    }

    private static ClientCounts Of(IClientSink sink, TimeProvider time) => new(sink, new ControlPlaneOptions(), time, NullLogger<ClientCounts>.Instance);

    /// <summary>Once.</summary>
    private sealed class Failing(IClientSink then) : IClientSink
    {
        private bool _failed;

        public void Report(IReadOnlyList<ClientReport> reports)
        {
            if (_failed) then.Report(reports);
            else throw new InvalidOperationException($"{_failed = true}");
        }
    }

    private string Tell()
    {
        var before = _told.Reports.Count;
        _counts.Tell();
        var told = new Told();
        told.Report([.. _told.Reports.Skip(before)]);
        return told.All;
    }
}
