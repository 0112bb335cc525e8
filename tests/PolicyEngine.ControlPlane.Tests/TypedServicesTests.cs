using Envoy.Service.Discovery.V3;
using Grpc.Core;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>The services of one type each, by the clients that were generated for them.</summary>
public sealed class TypedServicesTests
{
    private static readonly EnvoyNode Node = new() { Id = "n1", Cluster = "fleet" };

    public static TheoryData<string> Types => [.. DiscoveryClients.All.Keys];

    public static TheoryData<string> Streamed => [.. DiscoveryClients.All.Values.Where(c => c.Stream is not null).Select(c => c.Type.ShortName)];

    [Theory, MemberData(nameof(Streamed))]
    public async Task A9_A4_Stream_GivesItsOwnType_ThoughTheRequestNamesNone(string type)
    {
        var clients = DiscoveryClients.All[type];
        await using var host = await Start();
        host.Cache.Publish(clients.Snapshot(("a", 1)));
        await using var client = new SotwClient(clients.Stream!(host.Channel), "n1");
        await client.Raw(new DiscoveryRequest { Node = Node, ResourceNames = { clients.Names("a") } });
        var first = await client.Next();
        Assert.Equal((clients.Type.TypeUrl, 1), (first.TypeUrl, first.Resources.Count));
        Assert.All(first.Resources, r => Assert.Equal(clients.Type.TypeUrl, r.TypeUrl));
        await client.Raw(new DiscoveryRequest { ResponseNonce = first.Nonce, VersionInfo = first.VersionInfo, ResourceNames = { clients.Names("a") } });
        host.Cache.Publish(clients.Snapshot(("a", 2)));
        Assert.NotEqual(first.VersionInfo, (await client.Next()).VersionInfo);
    }

    [Theory, MemberData(nameof(Types))]
    public async Task A9_Delta_GivesItsOwnType_AndItsRemovals(string type)
    {
        var clients = DiscoveryClients.All[type];
        await using var host = await Start();
        host.Cache.Publish(clients.Snapshot(("t/a", 1), ("t/b", 1)));
        await using var client = new DeltaClient(clients.Delta(host.Channel), "n1");
        await client.Send(clients.Type, subscribe: ["t/a", "t/b"]);
        var both = await client.Next();
        Assert.Equal(["t/a", "t/b"], DeltaClient.Names(both));
        await client.Ack(both);
        host.Cache.Publish(clients.Snapshot(("t/a", 2), ("t/b", 1)));
        var changed = await client.Next();
        Assert.Equal(["t/a"], DeltaClient.Names(changed));
        await client.Ack(changed);
        if (clients.Type == ResourceType.ExtensionConfig) return;
        host.Cache.Publish(clients.Snapshot(("t/a", 2)));
        Assert.Equal(["t/b"], (await client.Next()).RemovedResources);
    }

    [Theory, MemberData(nameof(Streamed))]
    public async Task A9_Fetch_GivesTheCurrentState(string type)
    {
        var clients = DiscoveryClients.All[type];
        await using var host = await Start();
        host.Cache.Publish(clients.Snapshot(("a", 1), ("b", 1)));
        var all = await clients.Fetch!(host.Channel, new DiscoveryRequest { Node = Node, ResourceNames = { clients.Names("a", "b", "not-there") } });
        Assert.Equal((clients.Type.TypeUrl, 2, ""), (all.TypeUrl, all.Resources.Count, all.Nonce));
        Assert.Equal("policyengine", all.ControlPlane.Identifier);
        var one = await clients.Fetch!(host.Channel, new DiscoveryRequest { Node = Node, ResourceNames = { "b" }, VersionInfo = all.VersionInfo });
        Assert.Single(one.Resources);
        Assert.Equal(all.VersionInfo, one.VersionInfo);
    }

    [Fact]
    public async Task A9_OtherType_OnATypedStream_IsNotAnswered()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot("a", ("a", 1)));
        await using var client = new SotwClient(DiscoveryClients.All["cluster"].Stream!(host.Channel), "n1");
        await client.Send(ResourceType.RouteTable, names: "routes");
        await client.Send(ResourceType.Cluster);
        Assert.Equal(ResourceType.Cluster.TypeUrl, (await client.Next()).TypeUrl);
    }

    [Theory]
    [InlineData("", "", StatusCode.InvalidArgument)]
    [InlineData("n1", "type.googleapis.com/envoy.config.listener.v3.Listener", StatusCode.InvalidArgument)]
    [InlineData("n1", "", StatusCode.Unavailable)]
    public async Task D10_A3_Fetch_ThatCannotBeAnswered_HasAClearStatus(string node, string type, StatusCode expected)
    {
        await using var host = await Start();
        var call = DiscoveryClients.All["cluster"].Fetch!(host.Channel, new DiscoveryRequest { Node = new EnvoyNode { Id = node, Cluster = "fleet" }, TypeUrl = type });
        Assert.Equal(expected, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);
    }

    [Fact]
    public async Task A9_DeltaOnlyType_OnAStateOfTheWorldStream_DisturbsNothing()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.VirtualHost, names: "t/h");
        await client.Send(ResourceType.Cluster);
        Assert.Equal(ResourceType.Cluster.TypeUrl, (await client.Next()).TypeUrl);
    }

    [Fact]
    public async Task A11_OneNode_SeveralStreamsOfAType_EachGetsItsOwn()
    {
        await using var host = await Start();
        var routes = DiscoveryClients.All["routes"];
        host.Cache.Publish(routes.Snapshot(("a", 1), ("b", 1)));
        await using var one = new SotwClient(routes.Stream!(host.Channel), "n1");
        await using var other = new SotwClient(routes.Stream!(host.Channel), "n1");
        await one.Send(ResourceType.RouteTable, names: "a");
        await other.Send(ResourceType.RouteTable, names: ["a", "b"]);
        await one.Ack(await one.Next(), "a");
        var both = await other.Next();
        Assert.Equal(2, both.Resources.Count);
        await other.Ack(both, "a", "b");
        host.Cache.Publish(routes.Snapshot(("a", 1), ("b", 2)));
        Assert.Single((await other.Next()).Resources);
        host.Cache.Publish(routes.Snapshot(("a", 2), ("b", 2)));
        Assert.Single((await one.Next()).Resources);
    }
}
