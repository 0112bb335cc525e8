using Microsoft.Extensions.DependencyInjection;
using PolicyEngine.ControlPlane.Live;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>What is live lies over what is published.</summary>
public sealed class LiveLayerTests
{
    [Fact]
    public async Task Layer_IsServedOverEverySnapshot_AndItsChangeGoesOutWithoutAPublication()
    {
        var layer = new OneSecret();
        await using var host = await Start(more: s => s.AddSingleton<ILiveLayer>(layer));
        var published = Snapshot(null, ("a", 1));
        host.Cache.Publish(published);
        await using var client = host.Delta();
        await client.Send(ResourceType.Secret, subscribe: ["s"]);
        var first = await client.Next();
        Assert.Equal("s", Assert.Single(first.Resources).Name);
        await client.Ack(first);
        layer.Value = 2;
        var second = await client.Next();
        Assert.NotEqual(Assert.Single(first.Resources).Version, Assert.Single(second.Resources).Version);
        await client.Ack(second);

        Assert.Empty(published[ResourceType.Secret].Resources);
        Assert.Equal(published[ResourceType.Cluster].Version, host.Cache.AsServed(published)[ResourceType.Cluster].Version);
        await Waiting.Until(() => host.Nodes.Of(host.Cache.AsServed(published)).Acknowledged == 1, "the node has what is served");
        Assert.Equal(0, host.Nodes.Of(published).Acknowledged);
    }

    private sealed class OneSecret : ILiveLayer
    {
        private volatile int _value = 1;

        public event Action? Changed;

        public int Value
        {
            set
            {
                _value = value;
                Changed?.Invoke();
            }
        }

        public Snapshot Over(Snapshot snapshot) => snapshot.With(ResourceType.Secret, [Xds.Resource.Of(ResourceType.Secret, "s", DiscoveryClients.All["secret"].Make("s", _value), [])]);
    }
}
