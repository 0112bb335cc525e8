using PolicyEngine.Agent.Staging;
using PolicyEngine.Agent.Upstream;
using PolicyEngine.ControlPlane.Collections;
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
}
