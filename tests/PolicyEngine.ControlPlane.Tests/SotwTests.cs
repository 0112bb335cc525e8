using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using Resource = PolicyEngine.Xds.Resource;
using static PolicyEngine.ControlPlane.Tests.XdsHost;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>State of the world over a real socket; tests bear the number of the statement of the protocol that they show.</summary>
public sealed class SotwTests
{
    [Fact]
    public async Task A1_A7_LaterRequestsWithoutNode_AreAnsweredWithUniqueNonces()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot("a", ("a", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        var clusters = await client.Next();
        await client.Ack(clusters);
        await client.Send(ResourceType.RouteTable, names: "routes");
        var routes = await client.Next();
        Assert.NotEmpty(clusters.Nonce);
        Assert.NotEqual(clusters.Nonce, routes.Nonce);
        Assert.Equal("policyengine", routes.ControlPlane.Identifier);
    }

    [Fact]
    public async Task A3_FirstRequestWithoutNodeId_IsInvalidArgument()
    {
        await using var host = await Start();
        await using var client = host.Sotw();
        await client.Raw(new DiscoveryRequest { TypeUrl = ResourceType.Cluster.TypeUrl, Node = new Node() });
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(client.Next)).StatusCode);
    }

    [Fact]
    public async Task A4_RequestWithoutType_OnTheAggregatedStream_IsInvalidArgument()
    {
        await using var host = await Start();
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        await client.Raw(new DiscoveryRequest());
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(client.Next)).StatusCode);
    }

    [Fact]
    public async Task A6_UnknownType_DisturbsNothing()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        await client.Ack(await client.Next());
        await client.Raw(new DiscoveryRequest { TypeUrl = "type.googleapis.com/no.such.Type" });
        host.Cache.Publish(Snapshot(null, ("a", 2)));
        Assert.Equal(["a"], SotwClient.Clusters(await client.Next()));
    }

    [Fact]
    public async Task A7_ForeignNonceOnAFirstRequest_IsAnswered()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster, nonce: "2026-11-24 12:00:00", version: "old");
        Assert.Single((await client.Next()).Resources);
    }

    [Fact]
    public async Task B2_WildcardThenNamesThenNothing_FollowsTheWorkedExample()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        var all = await client.Next();
        Assert.Equal(["a", "b"], SotwClient.Clusters(all));
        await client.Ack(all, "*", "a");
        var named = await client.Next();
        // Giving something up needs no answer; what comes next is of what is left.
        await client.Ack(named, "a");
        await Waiting.Until(() => host.Nodes.Nodes.Single().State == SyncState.Synced, "the node to be in sync");
        host.Cache.Publish(Snapshot(null, ("a", 2), ("b", 2)));
        var only = await client.Next();
        Assert.Equal(["a"], SotwClient.Clusters(only));
        await client.Ack(only, "nothing-there");
        await client.Next();
    }

    [Fact]
    public async Task B5_B7_ChangeAndRemoval_SendTheWholeSet()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        await client.Ack(await client.Next());
        host.Cache.Publish(Snapshot(null, ("a", 2), ("b", 1)));
        var changed = await client.Next();
        Assert.Equal(["a", "b"], SotwClient.Clusters(changed));
        await client.Ack(changed);
        host.Cache.Publish(Snapshot(null));
        var empty = await client.Next();
        Assert.Empty(empty.Resources);
        Assert.NotEqual(changed.VersionInfo, empty.VersionInfo);
    }

    [Fact]
    public async Task B11_NameThatDoesNotExistYet_IsPushedWhenItDoes()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.RouteTable, names: "routes");
        await client.Send(ResourceType.Cluster);
        await client.Ack(await client.Next());
        host.Cache.Publish(Snapshot("a", ("a", 1)));
        Assert.Equal(ResourceType.RouteTable.TypeUrl, (await client.Next()).TypeUrl);
    }

    [Fact]
    public async Task B13_Ack_IsNotAnswered_AndB21_OtherTypesAreNotPushed()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot("a", ("a", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        await client.Ack(await client.Next());
        await client.Send(ResourceType.RouteTable, names: "routes");
        await client.Ack(await client.Next(), "routes");
        // Only clusters change: the next thing on the stream is clusters, whatever was acknowledged before.
        host.Cache.Publish(Snapshot("a", ("a", 2)));
        var next = await client.Next();
        Assert.Equal(ResourceType.Cluster.TypeUrl, next.TypeUrl);
        await client.Ack(next);
        host.Cache.Publish(Snapshot("b", ("a", 2), ("b", 1)));
        Assert.Equal(["a", "b"], SotwClient.Clusters(await client.Next()));
    }

    [Fact]
    public async Task B15_Nack_SameContentIsNotSentAgain_AndTheNextIs()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        var refused = await client.Next();
        await client.Nack(refused, "cluster 'a' is not good");
        await Waiting.Until(() => host.Nodes.Nodes.Single().State == SyncState.Rejected, "the refusal to be known");
        var rejection = host.Nodes.Nodes.Single().Types.Single().Rejection!;
        Assert.Equal("cluster 'a' is not good", rejection.Message);
        Assert.Equal(["Service/a"], rejection.Suspects);
        // The same content published again stays parked; something else does not.
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        host.Cache.Publish(Snapshot(null, ("a", 2)));
        var next = await client.Next();
        Assert.NotEqual(refused.VersionInfo, next.VersionInfo);
        await client.Ack(next);
        await Waiting.Until(() => host.Nodes.Nodes.Single().State == SyncState.Synced, "the node to be in sync");
    }

    [Fact]
    public async Task B17_StaleNonce_IsNotAnswered()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        var first = await client.Next();
        host.Cache.Publish(Snapshot(null, ("a", 2)));
        var second = await client.Next();
        await client.Ack(first, "nonsense");
        await client.Ack(second);
        host.Cache.Publish(Snapshot(null, ("a", 3)));
        Assert.Equal(["a"], SotwClient.Clusters(await client.Next()));
    }

    [Fact]
    public async Task D2_D3_RemovedCluster_StaysUntilTheRoutesAreAcknowledged()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot("x", ("x", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        await client.Ack(await client.Next());
        await client.Send(ResourceType.RouteTable, names: "routes");
        await client.Ack(await client.Next(), "routes");

        host.Cache.Publish(Snapshot("y", ("y", 1)));
        var both = await client.Next();
        Assert.Equal(["x", "y"], SotwClient.Clusters(both).Order());
        await client.Ack(both);
        var routes = await client.Next();
        Assert.Equal(ResourceType.RouteTable.TypeUrl, routes.TypeUrl);
        // A refusal keeps what the old routes need; only the acknowledgement lets it go.
        await client.Nack(routes, "no", "routes");
        host.Cache.Publish(Snapshot("y", ("y", 2)));
        var still = await client.Next();
        Assert.Equal(["x", "y"], SotwClient.Clusters(still).Order());
        await client.Ack(still);
        host.Cache.Publish(Snapshot("z", ("y", 2), ("z", 1)));
        var added = await client.Next();
        Assert.Equal(["x", "y", "z"], SotwClient.Clusters(added).Order());
        await client.Ack(added);
        await client.Ack(await client.Next(), "routes");
        Assert.Equal(["y", "z"], SotwClient.Clusters(await client.Next()).Order());
    }

    [Fact]
    public async Task D5_RefusedRoutes_HoldBackOnlyWhatTheyUse()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot("x", ("unused", 1), ("x", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        await client.Ack(await client.Next());
        await client.Send(ResourceType.RouteTable, names: "routes");
        await client.Ack(await client.Next(), "routes");
        host.Cache.Publish(Snapshot("y", ("unused", 1), ("x", 1), ("y", 1)));
        await client.Ack(await client.Next());
        await client.Nack(await client.Next(), "no", "routes");
        host.Cache.Publish(Snapshot("y", ("y", 1)));
        Assert.Equal(["x", "y"], SotwClient.Clusters(await client.Next()).Order());
    }

    [Fact]
    public async Task D6_ChangedCluster_ItsEndpointsAreSentAgainWithTheNextRequest()
    {
        await using var host = await Start();
        host.Cache.Publish(Xds.Snapshot.Of("fleet", [EdsCluster("a", 1), Endpoints("a")]));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        await client.Ack(await client.Next());
        await client.Send(ResourceType.Endpoints, names: "a");
        var endpoints = await client.Next();
        await client.Ack(endpoints, "a");
        host.Cache.Publish(Xds.Snapshot.Of("fleet", [EdsCluster("a", 2), Endpoints("a")]));
        await client.Ack(await client.Next());
        // Envoy warms the changed cluster and asks for its endpoints as if it had them.
        await client.Ack(endpoints, "a");
        var again = await client.Next();
        Assert.Equal((ResourceType.Endpoints.TypeUrl, endpoints.VersionInfo), (again.TypeUrl, again.VersionInfo));
    }

    [Fact]
    public async Task Acknowledgement_OfNamesThatDidNotChange_CountsForTheNewVersion()
    {
        await using var host = await Start();
        var first = Snapshot("a", ("a", 1));
        host.Cache.Publish(first);
        await using var client = host.Sotw();
        await client.Send(ResourceType.RouteTable, names: "routes");
        await client.Ack(await client.Next(), "routes");
        var next = Xds.Snapshot.Of("fleet", [.. first.Resources, Resource.Of(ResourceType.RouteTable, "other", new Envoy.Config.Route.V3.RouteConfiguration { Name = "other" }, [])]);
        host.Cache.Publish(next);
        await Waiting.Until(() => host.Nodes.Of(next) is { Acknowledged: 1, Pending: 0 }, "the unrelated table to count as acknowledged");
    }

    [Fact]
    public async Task E12_OnlyResourceLocators_IsNotAWildcard()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot("a", ("a", 1)));
        await using var client = host.Sotw();
        await client.Raw(new DiscoveryRequest { Node = new Node { Id = "n1", Cluster = "fleet" }, TypeUrl = ResourceType.Cluster.TypeUrl, ResourceLocators = { new ResourceLocator { Name = "b" } } });
        var empty = await client.Next();
        Assert.Empty(empty.Resources);
    }

    [Fact]
    public async Task HalfClosedStream_TheLastRequestIsAnswered()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        await client.Complete();
        Assert.Single((await client.Next()).Resources);
    }

    [Fact]
    public async Task Refusal_BehindAThousandAcknowledgements_IsStillTold()
    {
        var nodes = new NodeRegistry();
        using var end = new CancellationTokenSource(Waiting.Limit);
        await using var watch = nodes.Watch(e => e.Kind == NodeEventKind.Rejected, end.Token).GetAsyncEnumerator(end.Token);
        var next = watch.MoveNextAsync();
        nodes.Tell(new NodeEvent(NodeEventKind.Rejected, "bad", "fleet", ResourceType.Cluster, default));
        for (var i = 0; i < 5_000; i++) nodes.Tell(new NodeEvent(NodeEventKind.Acknowledged, $"n{i}", "fleet", ResourceType.Cluster, default));
        Assert.True(await next);
        Assert.Equal("bad", watch.Current.NodeId);
    }

    [Fact]
    public async Task D10_NodeWithoutSnapshot_IsAnsweredWhenThereIsOne()
    {
        await using var host = await Start();
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        await Waiting.Until(() => host.Nodes.Nodes.Length == 1, "the stream to be known");
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        Assert.Single((await client.Next()).Resources);
    }

    [Fact]
    public async Task F5_ClientThatDoesNotRead_DelaysNobody()
    {
        await using var host = await Start();
        host.Cache.Publish(Big(0));
        await using var stalled = host.Sotw("stalled");
        await stalled.Send(ResourceType.Cluster);
        await using var client = host.Sotw("reader");
        await client.Send(ResourceType.Cluster);
        await client.Ack(await client.Next());
        for (var i = 1; i <= 100; i++)
        {
            host.Cache.Publish(Big(i));
            await client.Ack(await client.Next());
        }

        static Snapshot Big(int round) => Snapshot(null, [.. Enumerable.Range(0, 500).Select(i => ($"cluster-{i}", round + 1))]);
    }

    [Fact]
    public async Task Disconnect_Abrupt_FreesTheNode()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        await client.Next();
        Assert.Single(host.Nodes.Nodes);
        await client.DisposeAsync();
        await Waiting.Until(() => host.Nodes.Nodes.IsEmpty, "the node to be forgotten");
    }

    [Fact]
    public async Task Streams_TwoHundredAtOnce_AllGetEveryPush()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        var clients = Enumerable.Range(0, 200).Select(i => host.Sotw($"n{i}")).ToList();
        await Task.WhenAll(clients.Select(async c =>
        {
            await c.Send(ResourceType.Cluster);
            await c.Ack(await c.Next());
        }));
        host.Cache.Publish(Snapshot(null, ("a", 2)));
        var versions = await Task.WhenAll(clients.Select(async c => (await c.Next()).VersionInfo));
        Assert.Single(versions.Distinct());
        foreach (var client in clients) await client.DisposeAsync();
    }
}
