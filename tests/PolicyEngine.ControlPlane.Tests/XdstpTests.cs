using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>Names of the form <c>xdstp://</c>, their collections, and what a client may write in them.</summary>
public sealed class XdstpTests
{
    private const string Base = "xdstp://shop/envoy.config.endpoint.v3.ClusterLoadAssignment/";

    [Theory]
    [InlineData("xdstp://a/t/x?b=2&a=1", "xdstp://a/t/x?a=1&b=2")]
    [InlineData("xdstp://a/t/x?", "xdstp://a/t/x")]
    [InlineData("xdstp://a/t/x?a=1#entry=2", "xdstp://a/t/x?a=1")]
    [InlineData("plain?b=2&a=1", "plain?b=2&a=1")]
    [InlineData("xdstp:", "xdstp:")]
    [InlineData("xdstp:?&&", "xdstp:")]
    public void E3_Name_HasOneSpelling(string name, string canonical)
    {
        Assert.Equal(canonical, XdstpName.Canonical(name));
        Assert.Equal(canonical, XdstpName.Canonical(canonical));
    }

    [Theory]
    [InlineData("xdstp://a/t/f/*", "xdstp://a/t/f/x", true)]
    [InlineData("xdstp://a/t/f/*", "xdstp://a/t/f/x/y", false)]
    [InlineData("xdstp://a/t/f/*", "xdstp://a/t/g/x", false)]
    [InlineData("xdstp://a/t/f/*", "xdstp://a/t/f/", false)]
    [InlineData("xdstp://a/t/f/*", "xdstp://a/t/f/x?k=v", false)]
    [InlineData("xdstp://a/t/f/*?k=v", "xdstp://a/t/f/x?k=v", true)]
    [InlineData("xdstp://a/t/f/*?k=v", "xdstp://a/t/f/x", false)]
    [InlineData("xdstp://a/t/f/*", "plain", false)]
    public void E4_Glob_MatchesMembersOnly(string glob, string name, bool expected)
    {
        Assert.True(XdstpName.IsGlob(glob));
        Assert.Equal(expected, XdstpName.Matches(glob, name));
    }

    [Fact]
    public async Task E3_OrderOfContextParameters_MeansNothing()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(Endpoints(Base + "a?zone=x&env=prod", 1)));
        await using var delta = host.Delta();
        await delta.Send(ResourceType.Endpoints, subscribe: [Base + "a?env=prod&zone=x"]);
        Assert.Equal([Base + "a?env=prod&zone=x"], DeltaClient.Names(await delta.Next()));
        await using var sotw = host.Sotw();
        await sotw.Send(ResourceType.Endpoints, names: Base + "a?zone=x&env=prod");
        Assert.Single((await sotw.Next()).Resources);
    }

    [Fact]
    public async Task E4_Glob_DeliversItsMembersOneByOne()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(Endpoints(Base + "f/a", 1), Endpoints(Base + "f/b", 1), Endpoints(Base + "g/c", 1), Endpoints("plain", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Endpoints, subscribe: [Base + "f/*"]);
        var members = await client.Next();
        Assert.Equal([Base + "f/a", Base + "f/b"], DeltaClient.Names(members));
        Assert.Empty(members.RemovedResources);
        await client.Ack(members);
        host.Cache.Publish(Of(Endpoints(Base + "f/b", 2), Endpoints(Base + "f/d", 1), Endpoints(Base + "g/c", 2)));
        var changed = await client.Next();
        Assert.Equal([Base + "f/b", Base + "f/d"], DeltaClient.Names(changed));
        Assert.Equal([Base + "f/a"], changed.RemovedResources);
        await client.Ack(changed);
        await client.Send(ResourceType.Endpoints, subscribe: [Base + "f/*"]);
        var again = await client.Next();
        Assert.Equal([Base + "f/b", Base + "f/d"], DeltaClient.Names(again));
        await client.Ack(again);
        await client.Send(ResourceType.Endpoints, unsubscribe: [Base + "f/*"]);
        await client.Send(ResourceType.Endpoints, subscribe: [Base + "g/c"]);
        Assert.Equal([Base + "g/c"], DeltaClient.Names(await client.Next()));
    }

    [Fact]
    public async Task E4_EmptyGlob_IsAnsweredAsAbsent_AndFilledLater()
    {
        await using var host = await Start();
        host.Cache.Publish(Of());
        await using var client = host.Delta();
        await client.Send(ResourceType.Endpoints, subscribe: [Base + "f/*?env=prod"]);
        var absent = await client.Next();
        Assert.Equal([Base + "f/*?env=prod"], absent.RemovedResources);
        await client.Ack(absent);
        host.Cache.Publish(Of(Endpoints(Base + "f/a", 1), Endpoints(Base + "f/a?env=prod", 1)));
        Assert.Equal([Base + "f/a?env=prod"], DeltaClient.Names(await client.Next()));
    }

    [Fact]
    public async Task E4_C13_Glob_Reconnect_SendsOnlyWhatDiffers()
    {
        await using var host = await Start();
        host.Cache.Publish(Of(Endpoints(Base + "f/a", 1), Endpoints(Base + "f/b", 2)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Endpoints, subscribe: [Base + "f/*"], has: new()
        {
            [Base + "f/a"] = Endpoints(Base + "f/a", 1).Revision.Short,
            [Base + "f/b"] = "older",
            [Base + "f/gone"] = "x",
        });
        var response = await client.Next();
        Assert.Equal([Base + "f/b"], DeltaClient.Names(response));
        Assert.Equal([Base + "f/gone"], response.RemovedResources);
    }

    [Fact]
    public async Task E5_ListCollection_IsServedUnderTheNameItWasAskedBy()
    {
        const string Name = "xdstp://shop/envoy.config.listener.v3.ListenerCollection/edge?env=prod&zone=x";
        await using var host = await Start();
        var listener = new Envoy.Config.Listener.V3.Listener { Name = "inline" };
        host.Cache.Publish(Of(Resource.Of(ResourceType.ListenerCollection, Name, new Envoy.Config.Listener.V3.ListenerCollection
        {
            Entries =
            {
                new global::Xds.Core.V3.CollectionEntry { InlineEntry = new() { Name = "a", Resource = Canonical.Pack(listener) } },
                new global::Xds.Core.V3.CollectionEntry { Locator = new() { Id = "edge/b", Authority = "shop", ResourceType = "envoy.config.listener.v3.Listener" } },
            },
        }, [])));
        await using var client = host.Delta();
        await client.Send(ResourceType.ListenerCollection, subscribe: ["xdstp://shop/envoy.config.listener.v3.ListenerCollection/edge?zone=x&env=prod"]);
        var directory = Assert.Single((await client.Next()).Resources);
        Assert.Equal(Name, directory.Name);
        Assert.Equal(2, directory.Resource_.Unpack<Envoy.Config.Listener.V3.ListenerCollection>().Entries.Count);
    }

    [Fact]
    public async Task E12_Locators_AndWildNames_NeitherCrashNorWiden()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        await using var client = host.Delta();
        await client.Raw(new DeltaDiscoveryRequest
        {
            Node = new() { Id = "n1", Cluster = "fleet" },
            TypeUrl = ResourceType.Cluster.TypeUrl,
            ResourceLocatorsSubscribe = { new ResourceLocator { Name = "a", DynamicParameters = { ["env"] = "prod" } } },
        });
        await client.Send(ResourceType.Cluster, subscribe: ["xdstp://", "xdstp:/*", "xdstp://%zz/*?=&&=", new string('x', 100_000), "\u0000", "b"]);
        Assert.Equal(["b"], DeltaClient.Names(await client.Next()));
    }

    private static Snapshot Of(params Resource[] resources) => PolicyEngine.Xds.Snapshot.Of("fleet", resources);
}
