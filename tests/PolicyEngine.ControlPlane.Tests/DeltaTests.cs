using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>Incremental xDS over a real socket.</summary>
public sealed class DeltaTests
{
    [Fact]
    public async Task C1_C3_Wildcard_ThenOnlyWhatChanged()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster);
        var all = await client.Next();
        Assert.Equal(["a", "b"], DeltaClient.Names(all));
        await client.Ack(all);
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 2)));
        var changed = await client.Next();
        Assert.Equal(["b"], DeltaClient.Names(changed));
        Assert.NotEqual(all.Resources.Single(r => r.Name == "b").Version, changed.Resources[0].Version);
    }

    [Fact]
    public async Task C4_RemovedResource_IsListedOnce()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster);
        await client.Ack(await client.Next());
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        var removed = await client.Next();
        Assert.Equal(["b"], removed.RemovedResources);
        Assert.Empty(removed.Resources);
        await client.Ack(removed);
        host.Cache.Publish(Snapshot(null, ("a", 2)));
        Assert.Empty((await client.Next()).RemovedResources);
    }

    [Fact]
    public async Task C5_UnknownName_IsToldAbsent_AndSentWhenItComes()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster, subscribe: ["b"]);
        var absent = await client.Next();
        Assert.Equal(["b"], absent.RemovedResources);
        await client.Ack(absent);
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        Assert.Equal(["b"], DeltaClient.Names(await client.Next()));
    }

    [Fact]
    public async Task C6_EmptyWildcard_IsAnsweredAllTheSame()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster);
        Assert.Empty((await client.Next()).Resources);
    }

    [Fact]
    public async Task C7_SubscribedAgain_IsSentAgain()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster, subscribe: ["a"]);
        await client.Ack(await client.Next());
        await client.Send(ResourceType.Cluster, subscribe: ["a"]);
        Assert.Equal(["a"], DeltaClient.Names(await client.Next()));
    }

    [Fact]
    public async Task C12_Nack_IsParkedAndKnown()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster);
        var refused = await client.Next();
        await client.Send(ResourceType.Cluster, refused.Nonce, "b is wrong");
        await Waiting.Until(() => host.Nodes.Nodes.Single().State == SyncState.Rejected, "the refusal to be known");
        host.Cache.Publish(Snapshot(null, ("a", 2), ("b", 1)));
        Assert.Equal(["a"], DeltaClient.Names(await client.Next()));
    }

    [Fact]
    public async Task C13_Reconnect_SendsOnlyWhatDiffers()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        Dictionary<string, string> has;
        await using (var first = host.Delta())
        {
            await first.Send(ResourceType.Cluster);
            has = (await first.Next()).Resources.ToDictionary(r => r.Name, r => r.Version);
        }
        has["gone"] = "x";
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 2)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster, has: has);
        var response = await client.Next();
        Assert.Equal(["b"], DeltaClient.Names(response));
        Assert.Equal(["gone"], response.RemovedResources);
    }

    [Fact]
    public async Task D6_ChangedCluster_ItsEndpointsAreSentAgainUnasked()
    {
        await using var host = await Start();
        host.Cache.Publish(Xds.Snapshot.Of("fleet", [EdsCluster("a", 1), Endpoints("a")]));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster);
        await client.Ack(await client.Next());
        await client.Send(ResourceType.Endpoints, subscribe: ["a"]);
        await client.Ack(await client.Next());
        host.Cache.Publish(Xds.Snapshot.Of("fleet", [EdsCluster("a", 2), Endpoints("a")]));
        Assert.Equal(ResourceType.Cluster.TypeUrl, (await client.Next()).TypeUrl);
        var again = await client.Next();
        Assert.Equal((ResourceType.Endpoints.TypeUrl, "a"), (again.TypeUrl, DeltaClient.Names(again).Single()));
    }

    [Fact]
    public async Task D2_RemovedCluster_GoesAfterTheRoutes()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot("x", ("x", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster);
        await client.Ack(await client.Next());
        await client.Send(ResourceType.RouteTable, subscribe: ["routes"]);
        await client.Ack(await client.Next());
        host.Cache.Publish(Snapshot("y", ("y", 1)));
        var added = await client.Next();
        Assert.Equal(["y"], DeltaClient.Names(added));
        Assert.Empty(added.RemovedResources);
        await client.Ack(added);
        var routes = await client.Next();
        Assert.Equal(ResourceType.RouteTable.TypeUrl, routes.TypeUrl);
        await client.Ack(routes);
        Assert.Equal(["x"], (await client.Next()).RemovedResources);
    }
}

public sealed class SubscriptionTests
{
    [Fact]
    public void C1_WorkedExample_EndsWithNothing()
    {
        var s = new Subscription();
        Assert.Equal(["*"], s.Change([], [], first: true, emptyMeansWildcard: true));
        Assert.Equal(["A"], s.Change(["A"], [], first: false, emptyMeansWildcard: true));
        Assert.Empty(s.Change([], ["*"], first: false, emptyMeansWildcard: true));
        Assert.False(s.IsWildcard);
        Assert.Empty(s.Change([], ["A"], first: false, emptyMeansWildcard: true));
        Assert.False(s.Wants("A"));
    }

    [Fact]
    public void B2_EmptyAfterNames_IsNothingAndNotEverything()
    {
        var s = new Subscription();
        s.Replace([], true);
        Assert.True(s.IsWildcard);
        s.Replace(["*", "A"], true);
        s.Replace(["A"], true);
        s.Replace([], true);
        Assert.False(s.Wants("A"));
        Assert.False(s.IsWildcard);
    }

    [Fact]
    public void C2_SubscribeAndUnsubscribeWildcardAtOnce_IsNothing()
    {
        var s = new Subscription();
        s.Change(["*"], ["*"], first: true, emptyMeansWildcard: true);
        Assert.False(s.IsWildcard);
    }
}
