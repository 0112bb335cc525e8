using Envoy.Service.Discovery.V3;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.ControlPlane.Wire;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>Statements A and B of the protocol that the first tests left open: streams, nodes, state of the world.</summary>
public sealed class StreamStatements
{
    [Fact]
    public async Task A2_AnotherNodeOnALaterRequest_ChangesNothing()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        host.Cache.Publish(Xds.Snapshot.Of("other", [Cluster("z", 1)]));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        var first = await client.Next();
        await client.Raw(new DiscoveryRequest { Node = new EnvoyNode { Id = "n2", Cluster = "other" }, TypeUrl = first.TypeUrl, ResponseNonce = first.Nonce, VersionInfo = first.VersionInfo });
        host.Cache.Publish(Snapshot(null, ("a", 2)));
        Assert.Equal(["a"], SotwClient.Clusters(await client.Next()));
        Assert.Equal(("n1", "fleet"), (host.Nodes.Nodes.Single().Node.Id, host.Nodes.Nodes.Single().Fleet));
    }

    [Fact]
    public async Task A5_TypesOfAStream_AreAcknowledgedEachByItself()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot("a", ("a", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        var clusters = await client.Next();
        await client.Ack(clusters);
        await client.Send(ResourceType.RouteTable, names: "routes");
        var routes = await client.Next();
        Assert.NotEqual(clusters.VersionInfo, routes.VersionInfo);
        await client.Nack(routes, "no", "routes");
        await Waiting.Until(() => host.Nodes.Nodes.Single().Types.Length == 2 && host.Nodes.Nodes.Single().Types[1].State == SyncState.Rejected, "the refusal to be known");
        host.Cache.Publish(Snapshot("a", ("a", 2)));
        await client.Ack(await client.Next());
        await Waiting.Until(() => host.Nodes.Nodes.Single().Types is [{ State: SyncState.Synced }, { State: SyncState.Rejected }], "clusters in sync and routes still refused");
    }

    [Fact]
    public async Task A8_TypeOfTheResponse_IsThatOfEveryResource()
    {
        await using var host = await Start();
        host.Cache.Publish(Xds.Snapshot.Of("fleet", DiscoveryClients.All.Values.Select(c => c.Resource("t/x"))));
        await using var sotw = host.Sotw();
        await using var delta = host.Delta();
        foreach (var type in ResourceType.All.Where(t => DiscoveryClients.All.ContainsKey(t.ShortName)))
        {
            await delta.Send(type, subscribe: ["t/x"]);
            var response = await delta.Next();
            Assert.Equal((type.TypeUrl, type.TypeUrl), (response.TypeUrl, Assert.Single(response.Resources).Resource_.TypeUrl));
            if (type.IsDeltaOnly) continue;
            await sotw.Send(type, names: "t/x");
            var whole = await sotw.Next();
            Assert.Equal((type.TypeUrl, type.TypeUrl), (whole.TypeUrl, Assert.Single(whole.Resources).TypeUrl));
        }
    }

    [Fact]
    public async Task A10_TwoStreamsOfOneNode_BothGetEveryPush_AndTheLastFreesIt()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        var one = host.Sotw("same");
        var other = host.Sotw("same");
        foreach (var client in new[] { one, other })
        {
            await client.Send(ResourceType.Cluster);
            await client.Ack(await client.Next());
        }
        var next = Snapshot(null, ("a", 2));
        host.Cache.Publish(next);
        await one.Ack(await one.Next());
        Assert.Equal(1, host.Nodes.Of(next).Nodes);
        await other.Ack(await other.Next());
        await Waiting.Until(() => host.Nodes.Of(next) is { Acknowledged: 1, Pending: 0 }, "the node to have acknowledged on both of its streams");
        await one.DisposeAsync();
        await Waiting.Until(() => host.Nodes.Nodes.Length == 1, "one stream to be forgotten");
        host.Cache.Publish(Snapshot(null, ("a", 3)));
        Assert.Single((await other.Next()).Resources);
        await other.DisposeAsync();
        await Waiting.Until(() => host.Nodes.Nodes.IsEmpty, "the node to be forgotten");
    }

    [Fact]
    public async Task A12_ControlPlane_SaysWhoItIs()
    {
        await using var host = await Start(new ControlPlaneOptions { Identifier = "replica-7" });
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var sotw = host.Sotw();
        await sotw.Send(ResourceType.Cluster);
        Assert.Equal("replica-7", (await sotw.Next()).ControlPlane.Identifier);
        await using var delta = host.Delta();
        await delta.Send(ResourceType.Cluster);
        Assert.Equal("replica-7", (await delta.Next()).ControlPlane.Identifier);
    }

    [Theory]
    [InlineData]
    [InlineData("*")]
    public async Task B1_FirstRequestForEverything_IsAnsweredInOneResponse(params string[] names)
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, [.. Enumerable.Range(0, 1_000).Select(i => ($"c{i:D4}", 1))]));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster, names: names);
        Assert.Equal(1_000, (await client.Next()).Resources.Count);
    }

    [Fact]
    public async Task B3_NewStream_BeginsTheWildcardAnew()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        await using (var first = host.Sotw())
        {
            await first.Send(ResourceType.Cluster, names: "a");
            Assert.Equal(["a"], SotwClient.Clusters(await first.Next()));
        }
        await using var second = host.Sotw();
        await second.Send(ResourceType.Cluster);
        Assert.Equal(["a", "b"], SotwClient.Clusters(await second.Next()));
    }

    [Fact]
    public async Task B4_NoNames_OfATypeThatIsAlwaysNamed_WantsNothing()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot("a", ("a", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.RouteTable);
        await client.Send(ResourceType.Cluster);
        Assert.Equal(ResourceType.Cluster.TypeUrl, (await client.Next()).TypeUrl);
        host.Cache.Publish(Snapshot("b", ("a", 1), ("b", 1)));
        Assert.Equal(ResourceType.Cluster.TypeUrl, (await client.Next()).TypeUrl);
    }

    [Fact]
    public async Task B9_AddedName_IsAnsweredThoughTheVersionIsCurrent()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(("a", 1), ("b", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Endpoints, names: "a");
        var first = await client.Next();
        await client.Ack(first, "a", "b");
        var added = await client.Next();
        Assert.Equal(["b"], Names(added));
        Assert.Equal(first.VersionInfo, added.VersionInfo);
    }

    [Fact]
    public async Task B10_WantedAgain_IsSentAgain()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(("a", 1), ("b", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Endpoints, names: ["a", "b"]);
        var both = await client.Next();
        await client.Ack(both, "a");
        await client.Ack(both, "a", "b");
        Assert.Equal(["b"], Names(await client.Next()));
    }

    [Fact]
    public async Task B12_GivenUpName_IsNotPushed()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(("a", 1), ("b", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Endpoints, names: ["a", "b"]);
        await client.Ack(await client.Next(), "a");
        await client.Send(ResourceType.Cluster);
        await client.Next();
        host.Cache.Publish(Of(("a", 1), ("b", 2)));
        host.Cache.Publish(Of(("a", 2), ("b", 3)));
        Assert.Equal(["a"], Names(await client.Next()));
    }

    [Fact]
    public async Task B14_RefusalIsWhatHasAnErrorDetail_WhateverTheVersion()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        var first = await client.Next();
        await client.Send(ResourceType.Cluster, first.Nonce, "an older version");
        await Waiting.Until(() => host.Nodes.Nodes.Single().State == SyncState.Synced, "the answer to count as an acknowledgement");
        host.Cache.Publish(Snapshot(null, ("a", 2)));
        var second = await client.Next();
        await client.Raw(new DiscoveryRequest { TypeUrl = second.TypeUrl, ResponseNonce = second.Nonce, VersionInfo = second.VersionInfo, ErrorDetail = new Google.Rpc.Status() });
        await Waiting.Until(() => host.Nodes.Nodes.Single().State == SyncState.Rejected, "the answer to count as a refusal");
    }

    [Fact]
    public async Task B16_RefusalWithOtherNames_ChangesWhatIsWanted()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(("a", 1), ("b", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Endpoints, names: "a");
        await client.Nack(await client.Next(), "no", "a", "b");
        Assert.Equal(["b"], Names(await client.Next()));
    }

    [Fact]
    public async Task B18_RequestThatCrossedAResponse_IsAnsweredWithTheNext()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(("bar", 1), ("foo", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Endpoints, names: "foo");
        var x = await client.Next();
        await client.Ack(x, "foo");
        host.Cache.Publish(Of(("bar", 1), ("foo", 2)));
        var y = await client.Next();
        await client.Ack(x, "foo", "bar");
        await client.Ack(y, "foo", "bar");
        var bar = await client.Next();
        Assert.Equal(["bar"], Names(bar));
        await client.Ack(bar, "foo", "bar");
        host.Cache.Publish(Of(("bar", 1), ("foo", 3)));
        Assert.Equal(["foo"], Names(await client.Next()));
    }

    [Fact]
    public void B19_B20_RequestsBeforeAnyResponse_TheLastOneIsAnswered()
    {
        var stream = new SotwStream(new ResponseEncoder("test"), null);
        foreach (var name in new[] { "a", "b", "c" }) stream.Receive(new DiscoveryRequest { TypeUrl = ResourceType.Endpoints.TypeUrl, ResourceNames = { name } }, default);
        var snapshot = Of(("a", 1), ("b", 1), ("c", 1));
        var only = DiscoveryResponse.Parser.ParseFrom(stream.Next(snapshot)!.Body.Span);
        Assert.Equal(["c"], Names(only));
        // Nothing was accepted yet: an empty nonce is still taken.
        stream.Receive(new DiscoveryRequest { TypeUrl = ResourceType.Endpoints.TypeUrl, ResourceNames = { "a", "c" } }, default);
        Assert.Equal(["a"], Names(DiscoveryResponse.Parser.ParseFrom(stream.Next(snapshot)!.Body.Span)));
        Assert.Null(stream.Next(snapshot));
    }

    [Fact]
    public async Task B22_Reconnect_NamesAreAnsweredThoughTheVersionIsCurrent()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(("a", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Endpoints, version: Of(("a", 1))[ResourceType.Endpoints].Version.Short, names: "a");
        Assert.Equal(["a"], Names(await client.Next()));
    }

    [Fact]
    public async Task B23_NameGivenTwice_IsAnsweredOnce()
    {
        await using var host = await Start();
        host.Cache.Publish(Xds.Snapshot.Of("fleet", [Cluster("a", 1), Cluster("b", 1), Endpoints("a")]));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster, names: ["a", "*", "a", "*"]);
        Assert.Equal(["a", "b"], SotwClient.Clusters(await client.Next()));
        await client.Send(ResourceType.Endpoints, names: ["a", "a"]);
        Assert.Equal(["a"], Names(await client.Next()));
    }

    [Fact]
    public async Task E10_ErrorText_IsKeptAsItIs_WithinBounds()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        var text = "line one\n\t<script>\u202e" + new string('x', 10_000);
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        await client.Nack(await client.Next(), text);
        await Waiting.Until(() => host.Nodes.Nodes.Single().State == SyncState.Rejected, "the refusal to be known");
        Assert.Equal(text[..Limits.MostErrorText] + "…", host.Nodes.Nodes.Single().Types.Single().Rejection!.Message);
    }

    private static Snapshot Of(params (string Name, uint Weight)[] endpoints) => Xds.Snapshot.Of("fleet", endpoints.Select(e => Endpoints(e.Name, e.Weight)));

    private static IEnumerable<string> Names(DiscoveryResponse response) => response.Resources.Select(r => r.Unpack<Envoy.Config.Endpoint.V3.ClusterLoadAssignment>().ClusterName);
}
