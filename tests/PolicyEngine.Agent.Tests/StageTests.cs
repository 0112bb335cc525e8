using PolicyEngine.Agent.Staging;
using PolicyEngine.Agent.Upstream;
using PolicyEngine.ControlPlane.Collections;
using PolicyEngine.Xds;
using Xunit;

namespace PolicyEngine.Agent.Tests;

public sealed class StageTests
{
    private static readonly AgentOptions Options = AgentOptions.Parse("http://127.0.0.1:1", "agent", "fleet", [], "127.0.0.1:0", "data");

    /// <summary>A server that was told of nothing leaves out what is empty: it is empty then, whatever is held.</summary>
    [Fact]
    public void StartedOver_ACollectionThatBecameEmpty_IsEmpty()
    {
        var (before, now) = (Samples.Snapshot(("a", 1)), Samples.Snapshot());
        var stage = new Stage { Current = new AppliedVersion("before", before) }.Subscribed(tellHeld: false);
        var server = new CollectionStream(TimeSpan.Zero);
        server.Subscribe(Requests.Subscribe(Options, null).Subscription);
        while (server.Next(now, default).Response is { } response)
        {
            (stage, var verdict) = stage.Take(response);
            Assert.IsNotType<Verdict.Refused>(verdict);
        }
        Assert.Equal(now.Revision, stage.Current!.Snapshot.Revision);
    }

    [Fact]
    public void UnchangedResource_StaysTheSameObject_ThoughItWasSentAgain()
    {
        var (before, now) = (Samples.Snapshot(("a", 1)), Samples.Snapshot(("a", 1), ("b", 1)));
        var stage = new Stage { Current = new AppliedVersion("before", before) }.Subscribed(tellHeld: true);
        var server = new CollectionStream(TimeSpan.Zero);
        var subscription = Requests.Subscribe(Options, stage.Current).Subscription;
        subscription.Incremental = false;
        server.Subscribe(subscription);
        while (server.Next(now, default).Response is { } response) (stage, _) = stage.Take(response);
        Assert.Equal(now.Revision, stage.Current!.Snapshot.Revision);
        Assert.All(before.Resources, r => Assert.Same(r, stage.Current.Snapshot.Find(r.Type, r.Name)));
    }

    /// <summary>A time to live is part of a version: without it the hashes would differ, and nothing would ever be applied.</summary>
    [Fact]
    public void TimeToLive_ComesAlong()
    {
        var snapshot = Snapshot.Of("fleet", Samples.Snapshot(("a", 1)).Resources.Select(r => r.Name == "a" ? r.WithTtl(TimeSpan.FromSeconds(30)) : r));
        var stage = new Stage().Subscribed(tellHeld: false);
        var server = new CollectionStream(TimeSpan.Zero);
        server.Subscribe(Requests.Subscribe(Options, null).Subscription);
        while (server.Next(snapshot, default).Response is { } response)
        {
            (stage, var verdict) = stage.Take(response);
            Assert.IsNotType<Verdict.Refused>(verdict);
        }
        Assert.Equal(snapshot.Revision, stage.Current!.Snapshot.Revision);
        Assert.Equal(TimeSpan.FromSeconds(30), stage.Current.Snapshot.Find(ResourceType.Cluster, "a")!.Ttl);
    }
}
