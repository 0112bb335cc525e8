using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>What sets the types beside clusters, endpoints, listeners and routes apart.</summary>
public sealed class TypeTests
{
    [Fact]
    public void D1_Order_ClustersBeforeWhatNamesThem_HostsAfterTheirTables()
    {
        string[] order = [.. ResourceType.All.Select(t => t.ShortName)];
        Assert.Equal(
            ["runtime", "secret", "cluster", "endpoints", "locality-endpoint", "extension-config", "listener", "scoped-routes", "routes", "virtual-host", "cluster-collection", "listener-collection"], order);
        Assert.All(ResourceType.All, t => Assert.Same(t, ResourceType.All[t.Order]));
    }

    [Fact]
    public void EmptyTypes_DoNotTouchASnapshotsRevision()
    {
        var snapshot = Snapshot("a", ("a", 1));
        Assert.Equal(4, snapshot.Present.Count());
        Assert.Equal(Ir.Revision.Combine(snapshot.Present.Select(s => (s.Type.TypeUrl, s.Version))), snapshot.Revision);
        var more = Xds.Snapshot.Of("fleet", [.. snapshot.Resources, DiscoveryClients.All["secret"].Resource("s")]);
        Assert.NotEqual(snapshot.Revision, more.Revision);
        Assert.Equal(more.Revision, SnapshotArchives.Read(SnapshotArchives.Write(more), more.Revision).Revision);
    }

    [Fact]
    public async Task B5_ScopedRoutes_ChangeSendsTheWholeSet()
    {
        var scopes = DiscoveryClients.All["scoped-routes"];
        await using var host = await Start();
        host.Cache.Publish(scopes.Snapshot(("a", 1), ("b", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.ScopedRoutes);
        await client.Ack(await client.Next());
        host.Cache.Publish(scopes.Snapshot(("a", 2), ("b", 1)));
        var both = await client.Next();
        Assert.Equal(2, both.Resources.Count);
        await client.Ack(both);
        host.Cache.Publish(scopes.Snapshot());
        Assert.Empty((await client.Next()).Resources);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("runtime")]
    [InlineData("extension-config")]
    public async Task B6_NamedTypes_OnlyWhatChangedIsSent_AndB8_RemovalIsSilent(string type)
    {
        var clients = DiscoveryClients.All[type];
        await using var host = await Start();
        host.Cache.Publish(clients.Snapshot(("a", 1), ("b", 1)));
        await using var client = host.Sotw();
        await client.Send(clients.Type, names: ["a", "b"]);
        await client.Ack(await client.Next(), "a", "b");
        host.Cache.Publish(clients.Snapshot(("a", 1), ("b", 2)));
        var changed = await client.Next();
        Assert.Single(changed.Resources);
        await client.Ack(changed, "a", "b");
        host.Cache.Publish(clients.Snapshot(("a", 1)));
        host.Cache.Publish(clients.Snapshot(("a", 2)));
        Assert.Single((await client.Next()).Resources);
    }

    [Fact]
    public async Task C17_FilterConfiguration_IsNotSaidToBeGone_ButToWhoAsksForItAnew()
    {
        var filters = DiscoveryClients.All["extension-config"];
        await using var host = await Start();
        host.Cache.Publish(filters.Snapshot(("a", 1), ("b", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.ExtensionConfig, subscribe: ["a", "b"]);
        await client.Ack(await client.Next());
        host.Cache.Publish(filters.Snapshot(("b", 2)));
        var changed = await client.Next();
        Assert.Equal(["b"], DeltaClient.Names(changed));
        Assert.Empty(changed.RemovedResources);
        await client.Ack(changed);
        await client.Send(ResourceType.ExtensionConfig, subscribe: ["a"]);
        Assert.Equal(["a"], (await client.Next()).RemovedResources);
    }

    [Fact]
    public async Task D2_Secret_GoesAfterTheClusterThatUsedIt()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(WithSecret("c", "old"), Secret("old")));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster);
        await client.Ack(await client.Next());
        await client.Send(ResourceType.Secret, subscribe: ["old", "new"]);
        await client.Ack(await client.Next());
        host.Cache.Publish(Of(WithSecret("c", "new"), Secret("new")));
        var added = await client.Next();
        Assert.Equal((ResourceType.Secret.TypeUrl, "new"), (added.TypeUrl, DeltaClient.Names(added).Single()));
        Assert.Empty(added.RemovedResources);
        await client.Ack(added);
        var cluster = await client.Next();
        Assert.Equal(ResourceType.Cluster.TypeUrl, cluster.TypeUrl);
        await client.Ack(cluster);
        Assert.Equal(["old"], (await client.Next()).RemovedResources);
    }

    private static Snapshot Of(params Resource[] resources) => Xds.Snapshot.Of("fleet", resources);

    private static Resource Secret(string name) => DiscoveryClients.All["secret"].Resource(name);

    private static Resource WithSecret(string name, string secret) => Resource.Of(ResourceType.Cluster, name, new EnvoyCluster
    {
        Name = name,
        TransportSocket = new TransportSocket
        {
            Name = "envoy.transport_sockets.tls",
            TypedConfig = Canonical.Pack(new UpstreamTlsContext { CommonTlsContext = new CommonTlsContext { ValidationContextSdsSecretConfig = new SdsSecretConfig { Name = secret, SdsConfig = new ConfigSource { Ads = new() } } } }),
        },
    }, []);
}
