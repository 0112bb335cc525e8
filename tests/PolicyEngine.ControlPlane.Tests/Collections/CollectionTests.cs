using Grpc.Core;
using PolicyEngine.ControlPlane.Collections;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Protos.Collections.V1;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;
using Subscription = PolicyEngine.Protos.Collections.V1.Subscription;

namespace PolicyEngine.ControlPlane.Tests.Collections;

/// <summary>Snapshot collections over a real socket.</summary>
public sealed class CollectionTests
{
    private static readonly string Clusters = CollectionNames.Of(ResourceType.Cluster);
    private static readonly string Routes = CollectionNames.Of(ResourceType.RouteTable);

    [Fact]
    public async Task Snapshot_IsSentAsCollectionsOfOneVersion_ThenACompletion()
    {
        await using var host = await Start();
        var snapshot = Snapshot("a", ("a", 1), ("b", 1));
        host.Cache.Publish(snapshot);
        await using var client = new CollectionClient(host);
        await client.Subscribe();
        var (collections, completion) = await client.Version();
        // Who has nothing is not sent what is empty.
        Assert.Equal([Clusters, Routes], collections.Select(c => c.Name));
        Assert.All(collections, c => Assert.Equal(snapshot.Revision.ToString(), c.Version));
        Assert.Equal(["a", "b"], collections[0].Resources.Select(r => r.Name));
        Assert.Equal("Service/a", collections[0].Resources[0].Context[CollectionNames.Origins]);
        Assert.Equal((snapshot.Revision.ToString(), "fleet"), (completion.Version, completion.Fleet));
        Assert.Equal(snapshot.Sets.Select(s => (CollectionNames.Of(s.Type), s.Version.ToString())), completion.Collections.Select(c => (c.Name, c.Hash)));
        await Waiting.Until(() => host.Nodes.Of(snapshot) is { Nodes: 1, Acknowledged: 1 }, "the acknowledgement to be known");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Change_SendsTheCollectionThatChanged_AndNotTheOthers(bool incremental)
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot("a", ("a", 1), ("b", 1), ("c", 1)));
        await using var client = new CollectionClient(host);
        await client.Subscribe(s => s.Incremental = incremental);
        await client.Version();
        var next = Snapshot("a", ("a", 2), ("b", 1));
        host.Cache.Publish(next);
        var (collections, completion) = await client.Version();
        var changed = Assert.Single(collections);
        Assert.Equal(incremental ? ["a"] : ["a", "b"], changed.Resources.Select(r => r.Name));
        Assert.Equal(incremental ? ["c"] : [], changed.Removed);
        Assert.Equal(next.Revision.ToString(), completion.Version);
        Assert.Equal(ResourceType.All.Length, completion.Collections.Count);
    }

    [Fact]
    public async Task OneCollection_WatchedAlone_MovesWithTheVersionAndSendsNothingElse()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot("a", ("a", 1)));
        await using var client = new CollectionClient(host);
        await client.Subscribe(s => s.Collections.Add(Routes));
        Assert.Equal([Routes], (await client.Version()).Collections.Select(c => c.Name));
        var next = Snapshot("a", ("a", 2));
        host.Cache.Publish(next);
        var (collections, completion) = await client.Version();
        Assert.Empty(collections);
        Assert.Equal(next.Revision.ToString(), completion.Version);
    }

    [Fact]
    public async Task Reconnect_WithWhatItHas_GetsOnlyTheDifference()
    {
        await using var host = await Start();
        var first = Snapshot("a", ("a", 1), ("b", 1));
        host.Cache.Publish(Snapshot("a", ("a", 1), ("b", 2)));
        await using var client = new CollectionClient(host);
        await client.Subscribe(s =>
        {
            s.Incremental = true;
            foreach (var set in first.Sets) s.Held.Add(CollectionNames.Of(set.Type), new Held { Hash = set.Version.ToString(), Versions = { set.Resources.ToDictionary(r => r.Key, r => r.Value.Revision.Short) } });
        });
        var changed = Assert.Single((await client.Version()).Collections);
        Assert.Equal((Clusters, "b"), (changed.Name, changed.Resources.Single().Name));
    }

    [Fact]
    public async Task Refusal_IsKnownWithItsSuspects_AndTheVersionIsNotSentAgain()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = new CollectionClient(host);
        await client.Subscribe();
        var refused = await client.Next();
        await client.Answer(refused, "cluster 'a' is not good");
        await Waiting.Until(() => host.Nodes.Nodes.Single().State == SyncState.Rejected, "the refusal to be known");
        Assert.Equal(["Service/a"], host.Nodes.Nodes.Single().Types.Single(t => t.Rejection is not null).Rejection!.Suspects);
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        var next = Snapshot(null, ("a", 2));
        host.Cache.Publish(next);
        WatchResponse response;
        do response = await client.Next();
        while (Version(response) == Version(refused));
        Assert.Equal(next.Revision.ToString(), Version(response));
        Assert.Equal(Clusters, response.Collection.Name);
    }

    [Fact]
    public async Task NodesBehindAClient_AreListed_TheirRefusalsAreNews_AndTheyGoWithIt()
    {
        await using var host = await Start();
        var snapshot = Snapshot(null, ("a", 1));
        host.Cache.Publish(snapshot);
        using var end = new CancellationTokenSource(Waiting.Limit);
        await using var news = host.Nodes.Watch(e => e.Kind == NodeEventKind.Rejected, end.Token).GetAsyncEnumerator(end.Token);
        var refusal = news.MoveNextAsync();
        await using (var client = new CollectionClient(host))
        {
            await client.Subscribe();
            await client.Version();
            var hash = snapshot[ResourceType.Cluster].Version.ToString();
            await client.Send(new WatchRequest
            {
                Report = new NodeReport
                {
                    Nodes =
                    {
                        new ReportedNode { Stream = 1, Node = new Node { Id = "e1", Cluster = "fleet" }, Protocol = "delta", Served = true, Collections = { new ReportedCollection { Name = Clusters, State = ReportedCollection.Types.State.Synced, Sent = hash, Acknowledged = hash } } },
                        new ReportedNode { Stream = 2, Node = new Node { Id = "e2" }, Served = true, Collections = { new ReportedCollection { Name = Clusters, Refusal = new ReportedRefusal { Hash = hash, Message = "not so", Suspects = { "Service/a" } } } } },
                    },
                },
            });
            Assert.True(await refusal);
            Assert.Equal(("e2", "fleet", "not so", snapshot[ResourceType.Cluster].Version), (news.Current.NodeId, news.Current.Fleet, news.Current.Rejection!.Message, news.Current.Version));
            Assert.Equal(["e1 delta by agent", "e2  by agent"], host.Nodes.Nodes.Where(n => n.Node.Id != "agent").Select(n => $"{n.Node.Id} {n.Protocol}"));
            Assert.Equal((3, 2, 1), host.Nodes.Of(snapshot) is var a ? (a.Nodes, a.Acknowledged, a.Rejected) : default);
        }
        await Waiting.Until(() => host.Nodes.Nodes.IsEmpty, "all of them to be gone");
    }

    public static TheoryData<string, WatchRequest[], string> Wrong => new()
    {
        { "no node", [new WatchRequest { Subscription = new Subscription() }], "a node with an id" },
        { "an answer first", [new WatchRequest { Answer = new Answer { Nonce = "1" } }], "must be a subscription" },
        { "nothing in it", [Introduction(), new WatchRequest()], "one of subscription, answer and report" },
        { "a collection that does not exist", [Introduction("envoy.config.cluster.v3.Clusters")], "there is no collection 'envoy.config.cluster.v3.Clusters'; there are envoy." },
        { "too many names", [Introduction([.. Enumerable.Repeat(Clusters, 65)])], "64 collections at the most" },
        { "too many nodes", [Introduction(), new WatchRequest { Report = new NodeReport { Nodes = { Enumerable.Range(1, 1001).Select(i => new ReportedNode { Stream = i }) } } }], "1000 nodes at the most" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task WrongRequests_AreInvalidArgument_WithWhatIsWrong(string what, WatchRequest[] requests, string says)
    {
        await using var host = await Start();
        await using var client = new CollectionClient(host);
        foreach (var request in requests) await client.Send(request);
        var error = await Assert.ThrowsAsync<RpcException>(client.Next);
        Assert.Equal((what, StatusCode.InvalidArgument), (what, error.StatusCode));
        Assert.Contains(says, error.Status.Detail, StringComparison.Ordinal);
    }

    private static WatchRequest Introduction(params string[] collections) => new() { Subscription = new Subscription { Node = new Node { Id = "agent", Cluster = "fleet" }, Collections = { collections } } };

    private static string Version(WatchResponse response) => response.Collection?.Version ?? response.Completion.Version;
}

public sealed class CollectionClient(XdsHost host, Grpc.Net.Client.GrpcChannel? channel = null) : IAsyncDisposable
{
    private readonly AsyncDuplexStreamingCall<WatchRequest, WatchResponse> _call = new SnapshotCollections.SnapshotCollectionsClient(channel ?? host.Channel).Watch();

    public Task Send(WatchRequest request) => _call.RequestStream.WriteAsync(request);

    public Task Subscribe(Action<Subscription>? with = null)
    {
        var subscription = new Subscription { Node = new Node { Id = "agent", Cluster = "fleet" } };
        with?.Invoke(subscription);
        return Send(new WatchRequest { Subscription = subscription });
    }

    public async Task<WatchResponse> Next()
    {
        if (!await _call.ResponseStream.MoveNext().WithTimeout()) throw new InvalidOperationException("the stream ended");
        return _call.ResponseStream.Current;
    }

    public Task Answer(WatchResponse response, string? refusal = null) =>
        Send(new WatchRequest { Answer = new Answer { Nonce = response.Nonce, Refusal = refusal is null ? null : new Refusal { Message = refusal } } });

    /// <summary>The next version, acknowledged.</summary>
    public async Task<(List<Collection> Collections, Completion Completion)> Version()
    {
        var collections = new List<Collection>();
        while (true)
        {
            var response = await Next();
            await Answer(response);
            if (response.KindCase == WatchResponse.KindOneofCase.Completion) return (collections, response.Completion);
            collections.Add(response.Collection);
        }
    }

    public ValueTask DisposeAsync()
    {
        _call.Dispose();
        return ValueTask.CompletedTask;
    }
}
