using Envoy.Config.Route.V3;
using Google.Protobuf.WellKnownTypes;
using PolicyEngine.Ir;
using PolicyEngine.Xds.Diffing;
using PolicyEngine.Xds.HttpFilters;
using PolicyEngine.Xds.Linting;
using Xunit;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;

namespace PolicyEngine.Xds.Tests;

public sealed class SnapshotTests
{
    [Fact]
    public void RouteTable_PutTogetherFromParts_IsTheMessagesOwnBytes()
    {
        foreach (var resource in GoldenTests.Cases.SelectMany(c => GoldenTests.Snapshots(c.Data)).SelectMany(s => s[ResourceType.RouteTable].Resources.Values))
            Assert.Equal(Convert.ToHexString(Canonical.Bytes(RouteConfiguration.Parser.ParseFrom(resource.Body.Span))), Convert.ToHexString(resource.Body.Span));
    }

    [Fact]
    public void Canonical_MapsFilledInAnotherOrder_GiveTheSameBytes()
    {
        var (a, b) = (new Struct(), new Struct());
        foreach (var key in new[] { "x", "y", "z" }) a.Fields[key] = Value.ForString(key);
        foreach (var key in new[] { "z", "x", "y" }) b.Fields[key] = Value.ForString(key);
        Assert.Equal(Canonical.Bytes(a), Canonical.Bytes(b));
        Assert.Equal(Canonical.Pack(a), Canonical.Pack(b));
    }

    [Fact]
    public void Archive_WrittenAndRead_IsTheSameSnapshot()
    {
        var snapshot = GoldenTests.Snapshots("split").First();
        var bytes = SnapshotArchives.Write(snapshot);
        Assert.Equal(snapshot.Revision, SnapshotArchives.Read(bytes, snapshot.Revision).Revision);
        bytes[bytes.AsSpan().IndexOf("checkout.v1"u8)] ^= 1;
        Assert.ThrowsAny<Exception>(() => SnapshotArchives.Read(bytes, snapshot.Revision));
    }

    [Fact]
    public void Diff_OfSplit_NamesTheFieldsThatChange()
    {
        var diff = SnapshotDiff.Between(GoldenTests.Snapshots("timeout").First(s => s.Fleet == "edge"), GoldenTests.Snapshots("split").First(s => s.Fleet == "edge"));
        var routes = Assert.Single(diff.Changes, c => c.Type == ResourceType.RouteTable);
        Assert.Contains(routes.Fields, f => f.Path == "virtual_hosts[shop.example.com].routes[checkout].route.timeout" && f is { Before: "2s", After: null });
        Assert.Contains("TrafficSplit/checkout-canary", routes.Origins);
    }

    [Fact]
    public void Diff_OfTheSame_IsEmpty()
    {
        var snapshot = GoldenTests.Snapshots("split").First();
        Assert.True(SnapshotDiff.Between(snapshot, GoldenTests.Snapshots("split").First()).IsEmpty);
    }

    [Fact]
    public void Lint_RouteToNowhere_IsADanglingReference()
    {
        var table = new RouteConfiguration { Name = "t", VirtualHosts = { new Envoy.Config.Route.V3.VirtualHost { Name = "h", Domains = { "*" }, Routes = { new Envoy.Config.Route.V3.Route { Match = new() { Prefix = "/" }, Route_ = new() { Cluster = "nowhere" } } } } } };
        var found = Lint.Check(Snapshot.Of("f", [Resource.Of(ResourceType.RouteTable, "t", table, ["Route/x"])]));
        Assert.Contains(found, d => d.Code == DiagnosticCatalogue.DanglingReference.Code && d.Document == "Route/x");
    }

    [Fact]
    public void FieldRules_BrokenFields_AreNamed()
    {
        var broken = new EnvoyCluster { ConnectTimeout = new Google.Protobuf.WellKnownTypes.Duration { Seconds = -1 }, LbPolicy = (EnvoyCluster.Types.LbPolicy)99 };
        var paths = FieldRules.Check(broken).Select(v => v.Path).ToList();
        Assert.Contains("name", paths);
        Assert.Contains("connect_timeout", paths);
        Assert.Contains("lb_policy", paths);
    }

    [Fact]
    public void FilterSlots_OfTheChain_AreTotalAndUnique()
    {
        Assert.Equal(System.Enum.GetValues<FilterSlot>().Order(), HttpFilterChain.All.Select(f => f.Slot));
        Assert.Equal(HttpFilterChain.All.Length, HttpFilterChain.All.Select(f => f.Name).Distinct().Count());
    }

    [Fact]
    public void Snapshot_Revision_DoesNotDependOnOrder()
    {
        var resources = GoldenTests.Snapshots("split").First().Resources.ToList();
        Assert.Equal(Snapshot.Of("f", resources).Revision, Snapshot.Of("f", resources.AsEnumerable().Reverse()).Revision);
    }
}
