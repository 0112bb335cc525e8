using Envoy.Service.Discovery.V3;
using Microsoft.Extensions.Time.Testing;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;
using DeltaResource = Envoy.Service.Discovery.V3.Resource;
using EnvoyNode = Envoy.Config.Core.V3.Node;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>Resources that end by themselves unless the client hears of them in time.</summary>
public sealed class TtlTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task E1_ClientThatCannotTellTime_GetsNoTtl_AndResourcesInTheirPlainForm()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(Ending("a", 1)));
        await using var sotw = host.Sotw();
        await sotw.Send(ResourceType.Cluster);
        Assert.Equal(["a"], SotwClient.Clusters(await sotw.Next()));
        await using var half = host.Sotw();
        await half.Raw(new DiscoveryRequest { Node = Node("xds.config.supports-resource-ttl"), TypeUrl = ResourceType.Cluster.TypeUrl });
        Assert.Equal(["a"], SotwClient.Clusters(await half.Next()));
        await using var delta = host.Delta();
        await delta.Send(ResourceType.Cluster);
        Assert.Null((await delta.Next()).Resources.Single().Ttl);
    }

    [Theory]
    [InlineData("xds.config.")]
    [InlineData("envoy.config.")]
    public async Task E1_E2_Sotw_HeartbeatComesBeforeTheEnd_WithoutTheResource(string prefix)
    {
        var time = new FakeTimeProvider();
        await using var host = await Start(time: time);
        host.Cache.Publish(Of(Ending("a", 1), Cluster("b", 1)));
        await using var client = host.Sotw();
        await client.Raw(new DiscoveryRequest { Node = Node(prefix + "supports-resource-ttl", prefix + "supports-resource-in-sotw"), TypeUrl = ResourceType.Cluster.TypeUrl });
        var first = await client.Next();
        var wrapped = first.Resources.Single(r => r.TypeUrl != ResourceType.Cluster.TypeUrl).Unpack<DeltaResource>();
        Assert.Equal(("a", Ttl), (wrapped.Name, wrapped.Ttl.ToTimeSpan()));
        Assert.Equal(ResourceType.Cluster.TypeUrl, wrapped.Resource_.TypeUrl);
        await Acknowledged(host, () => client.Raw(Ack(first)));
        for (var round = 0; round < 3; round++)
        {
            time.Advance(Ttl / 2);
            var beat = await client.Next();
            var resource = Assert.Single(beat.Resources).Unpack<DeltaResource>();
            Assert.Equal(("a", first.VersionInfo, first.VersionInfo, Ttl), (resource.Name, beat.VersionInfo, resource.Version, resource.Ttl.ToTimeSpan()));
            Assert.Null(resource.Resource_);
            Assert.NotEqual(first.Nonce, beat.Nonce);
            await client.Raw(Ack(beat));
        }
        // The answer to a heartbeat is an answer: what is asked with it counts.
        host.Cache.Publish(Of(Cluster("a", 1), Cluster("b", 1)));
        Assert.Equal(["a", "b"], SotwClient.Clusters(await client.Next()));
    }

    [Fact]
    public async Task E2_Delta_HeartbeatComesBeforeTheEnd_AndStopsWithTheTtl()
    {
        var time = new FakeTimeProvider();
        await using var host = await Start(time: time);
        host.Cache.Publish(Of(Ending("a", 1), Cluster("b", 1)));
        await using var client = host.Delta();
        await client.Raw(new DeltaDiscoveryRequest { Node = Node("xds.config.supports-resource-ttl"), TypeUrl = ResourceType.Cluster.TypeUrl });
        var first = await client.Next();
        Assert.Equal(Ttl, first.Resources.Single(r => r.Name == "a").Ttl.ToTimeSpan());
        Assert.Null(first.Resources.Single(r => r.Name == "b").Ttl);
        await Acknowledged(host, () => client.Ack(first));
        time.Advance(Ttl / 2);
        var beat = await client.Next();
        var resource = Assert.Single(beat.Resources);
        Assert.Equal(("a", first.Resources.Single(r => r.Name == "a").Version), (resource.Name, resource.Version));
        Assert.Null(resource.Resource_);
        await client.Ack(beat);
        host.Cache.Publish(Of(Cluster("a", 1), Cluster("b", 1)));
        var endless = Assert.Single((await client.Next()).Resources);
        Assert.Null(endless.Ttl);
        Assert.NotNull(endless.Resource_);
    }

    [Fact]
    public async Task E2_Delta_Reconnect_WhatTheClientKeepsIsSpokenOfAtOnce()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(Ending("a", 1)));
        await using var client = host.Delta();
        await client.Raw(new DeltaDiscoveryRequest
        {
            Node = Node("xds.config.supports-resource-ttl"),
            TypeUrl = ResourceType.Cluster.TypeUrl,
            ResourceNamesSubscribe = { "a" },
            InitialResourceVersions = { ["a"] = Ending("a", 1).Revision.Short },
        });
        var beat = await client.Next();
        Assert.Equal("a", Assert.Single(beat.Resources).Name);
        Assert.Null(beat.Resources[0].Resource_);
    }

    [Fact]
    public void Ttl_IsPartOfTheRevision_AndOfTheArchive()
    {
        var snapshot = Of(Ending("a", 1));
        Assert.NotEqual(Of(Cluster("a", 1)).Revision, snapshot.Revision);
        var read = SnapshotArchives.Read(SnapshotArchives.Write(snapshot), snapshot.Revision);
        Assert.Equal(Ttl, read.Resources.Single().Ttl);
    }

    private static async Task Acknowledged(XdsHost host, Func<Task> acknowledge)
    {
        await acknowledge();
        await Waiting.Until(() => host.Nodes.Nodes.Any(n => n.State == SyncState.Synced), "the acknowledgement to be known");
    }

    private static DiscoveryRequest Ack(DiscoveryResponse response) => new() { TypeUrl = response.TypeUrl, ResponseNonce = response.Nonce, VersionInfo = response.VersionInfo };

    private static EnvoyNode Node(params string[] features) => new() { Id = "n1", Cluster = "fleet", ClientFeatures = { features } };

    private static Resource Ending(string name, int timeout) => Cluster(name, timeout).WithTtl(Ttl);

    private static Snapshot Of(params Resource[] resources) => Xds.Snapshot.Of("fleet", resources);
}
