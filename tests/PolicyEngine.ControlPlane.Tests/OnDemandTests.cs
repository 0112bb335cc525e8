using Envoy.Service.Discovery.V3;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>What clients ask for when a request needs it: virtual hosts (VHDS) and clusters (ODCDS).</summary>
public sealed class OnDemandTests
{
    [Fact]
    public async Task E6_E7_Host_IsFoundByItsDomain_AndAnUnknownOneIsReleased()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(Host("team/web/shop", "shop.example.com", "*.shop.example.com")));
        await using var client = Vhds(host);
        await client.Send(ResourceType.VirtualHost);
        var nothing = await client.Next();
        Assert.Empty(nothing.Resources);
        await client.Ack(nothing);
        await client.Send(ResourceType.VirtualHost, subscribe: ["team/web/Shop.example.com", "team/web/eu.shop.example.com", "team/web/nobody.example.com", "other/shop.example.com"]);
        var answer = await client.Next();
        var found = answer.Resources.Single(r => r.Name == "team/web/shop");
        Assert.Equal(["team/web/Shop.example.com", "team/web/eu.shop.example.com"], found.Aliases);
        Assert.NotNull(found.Resource_);
        foreach (var name in new[] { "other/shop.example.com", "team/web/nobody.example.com" })
        {
            var unknown = answer.Resources.Single(r => r.Name == name);
            Assert.Equal([name], unknown.Aliases);
            Assert.Null(unknown.Resource_);
        }
    }

    [Fact]
    public async Task FirstRequestForNothing_IsAnsweredBelowEachTableThatTakesHosts()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(Table("a", true), Table("b", false), Table("c/d", true), Host("a/one", "a.test")));
        await using var client = Vhds(host);
        await client.Send(ResourceType.VirtualHost);
        var first = await client.Next();
        Assert.Equal((0, "a/* c/d/*"), (first.Resources.Count, string.Join(' ', first.RemovedResources)));

    }

    /// <summary>A client of all types asks once for all its tables, whenever they come.</summary>
    [Fact]
    public async Task E9_TableThatIsSentLaterOnTheSameStream_IsSpokenOfOnce_AndAgainWhenItIsAskedForAnew()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(Table("a", true)));
        await using var client = host.Delta();
        await client.Send(ResourceType.RouteTable, subscribe: ["a"]);
        await client.Ack(await client.Next());
        await client.Send(ResourceType.VirtualHost);
        var first = await client.Next();
        Assert.Equal(["a/*"], first.RemovedResources);
        await client.Ack(first);

        host.Cache.Publish(Of(Table("a", true), Table("b", true), Table("c", false)));
        await client.Send(ResourceType.RouteTable, subscribe: ["b", "c"]);
        await client.Ack(await client.Next());
        var second = await client.Next();
        Assert.Equal((ResourceType.VirtualHost.TypeUrl, 0, "b/*"), (second.TypeUrl, second.Resources.Count, string.Join(' ', second.RemovedResources)));
        await client.Ack(second);

        // Other content of a table is nothing new of its hosts; one that is given up and wanted again is.
        host.Cache.Publish(Of(Table("a", true, "other"), Table("b", true), Table("c", true)));
        var tables = await client.Next();
        Assert.Equal(["a", "c"], DeltaClient.Names(tables));
        await client.Ack(tables);
        var third = await client.Next();
        Assert.Equal(["c/*"], third.RemovedResources);
        await client.Ack(third);
        await client.Send(ResourceType.RouteTable, unsubscribe: ["b"]);
        await client.Send(ResourceType.RouteTable, subscribe: ["b"]);
        await client.Ack(await client.Next());
        Assert.Equal(["b/*"], (await client.Next()).RemovedResources);
    }

    [Fact]
    public async Task E7_UnknownHost_IsSentWhenItComes_AndRemovedWhenItGoes()
    {
        await using var host = await Start();
        host.Cache.Publish(Of());
        await using var client = Vhds(host);
        await client.Send(ResourceType.VirtualHost, subscribe: ["web/a.test"]);
        await client.Ack(await client.Next());
        host.Cache.Publish(Of(Host("web/one", "a.test")));
        var come = await client.Next();
        Assert.Equal("web/one", Assert.Single(come.Resources).Name);
        Assert.Equal(["web/a.test"], come.Resources[0].Aliases);
        await client.Ack(come);
        host.Cache.Publish(Of());
        var gone = await client.Next();
        Assert.Equal(["web/one"], gone.RemovedResources);
        await client.Ack(gone);
        await client.Send(ResourceType.VirtualHost, subscribe: ["web/b.test"], unsubscribe: ["web/a.test"]);
        await client.Ack(await client.Next());
        host.Cache.Publish(Of(Host("web/one", "a.test"), Host("web/two", "b.test")));
        Assert.Equal(["web/two"], DeltaClient.Names(await client.Next()));
    }

    [Fact]
    public async Task E8_TableThatComesAnew_ItsHostsAreSentAgain()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(Host("routes/one", "a.test"), Routes("x"), Cluster("x", 1), Cluster("y", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.RouteTable, subscribe: ["routes"]);
        await client.Ack(await client.Next());
        await client.Send(ResourceType.VirtualHost, subscribe: ["routes/a.test"]);
        var first = await client.Next();
        await client.Ack(first);
        host.Cache.Publish(Of(Host("routes/one", "a.test"), Routes("y"), Cluster("x", 1), Cluster("y", 1)));
        Assert.Equal(ResourceType.RouteTable.TypeUrl, (await client.Next()).TypeUrl);
        var again = await client.Next();
        Assert.Equal((ResourceType.VirtualHost.TypeUrl, first.Resources[0].Version), (again.TypeUrl, again.Resources.Single().Version));
    }

    [Fact]
    public async Task C7_HostAskedForAgain_IsSentAgain()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(Host("web/one", "*")));
        await using var client = Vhds(host);
        await client.Send(ResourceType.VirtualHost, subscribe: ["web/a.test"]);
        await client.Ack(await client.Next());
        await client.Send(ResourceType.VirtualHost, subscribe: ["web/b.test"]);
        var again = await client.Next();
        Assert.Equal(["web/a.test", "web/b.test"], again.Resources.Single().Aliases);
    }

    [Fact]
    public async Task C13_Vhds_Reconnect_SaysWhatIsGone()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(Host("web/one", "a.test")));
        await using var client = Vhds(host);
        var version = Host("web/one", "a.test").Revision.Short;
        await client.Send(ResourceType.VirtualHost, subscribe: ["web/a.test"], has: new() { ["web/one"] = version, ["web/two"] = "x" });
        var answer = await client.Next();
        Assert.Empty(answer.Resources);
        Assert.Equal(["web/two"], answer.RemovedResources);
    }

    [Fact]
    public void Hosts_WithoutEnd_AreRefused()
    {
        var hosts = new OnDemandHosts();
        var refused = Assert.Throws<Grpc.Core.RpcException>(() => hosts.Ask(Enumerable.Range(0, Limits.MostHosts + 1).Select(i => $"web/{i}")));
        Assert.Equal(Grpc.Core.StatusCode.ResourceExhausted, refused.StatusCode);
    }

    [Theory]
    [InlineData("exact.test", "exact")]
    [InlineData("a.b.test", "suffix-long")]
    [InlineData("c.test", "suffix")]
    [InlineData("api.one", "prefix")]
    [InlineData("other", "any")]
    public void Host_IsFoundAsEnvoyFindsIt(string host, string expected)
    {
        var set = Of(Host("t/any", "*"), Host("t/prefix", "api.*"), Host("t/suffix", "*.test"), Host("t/suffix-long", "*.b.test"), Host("t/exact", "exact.test"))[ResourceType.VirtualHost];
        Assert.Equal("t/" + expected, HostIndex.Of(set).Find("t/" + host));
    }

    [Fact]
    public async Task OnDemandCluster_IsSentAlone_AndAnUnknownOneIsAbsent()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        await using var client = new DeltaClient(DiscoveryClients.All["cluster"].Delta(host.Channel), "n1");
        await client.Send(ResourceType.Cluster, subscribe: ["a"]);
        var first = await client.Next();
        Assert.Equal(["a"], DeltaClient.Names(first));
        await client.Ack(first);
        await client.Send(ResourceType.Cluster, subscribe: ["c"]);
        var absent = await client.Next();
        Assert.Equal(["c"], absent.RemovedResources);
        await client.Ack(absent);
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 2), ("c", 1)));
        Assert.Equal(["c"], DeltaClient.Names(await client.Next()));
    }

    [Fact]
    public async Task E9_EmptyFirstRequest_OfATypeOnDemand_IsNotAWildcard()
    {
        await using var host = await Start(new ControlPlaneOptions { OnDemand = new HashSet<ResourceType> { ResourceType.Cluster } });
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster);
        await client.Send(ResourceType.Cluster, subscribe: ["b"]);
        Assert.Equal(["b"], DeltaClient.Names(await client.Next()));
    }

    [Fact]
    public async Task C2_SubscribeAndUnsubscribeWildcard_ThenNames_GivesOnlyThose()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster, subscribe: ["*"], unsubscribe: ["*"]);
        await client.Send(ResourceType.Cluster, subscribe: ["b"]);
        Assert.Equal(["b"], DeltaClient.Names(await client.Next()));
    }

    private static Resource Table(string name, bool hosts, string header = "x") =>
        Resource.Of(ResourceType.RouteTable, name, new Envoy.Config.Route.V3.RouteConfiguration { Name = name, Vhds = hosts ? new() : null, InternalOnlyHeaders = { header } }, []);

    private static DeltaClient Vhds(XdsHost host) => new(DiscoveryClients.All["virtual-host"].Delta(host.Channel), "n1");

    private static Snapshot Of(params Resource[] resources) => Xds.Snapshot.Of("fleet", resources);

    private static Resource Host(string name, params string[] domains) =>
        Resource.Of(ResourceType.VirtualHost, name, new Envoy.Config.Route.V3.VirtualHost { Name = name[(name.LastIndexOf('/') + 1)..], Domains = { domains } }, []);
}
