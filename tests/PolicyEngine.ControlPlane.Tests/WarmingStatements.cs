using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using PolicyEngine.Ir;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using PolicyEngine.Xds.Linting;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using EnvoyListener = Envoy.Config.Listener.V3.Listener;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>Statements D that the first tests left open: order, references, warming.</summary>
public sealed class WarmingStatements
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task D1_PublishOfAllTypes_ComesInOrder(bool busy)
    {
        await using var host = await Start();
        host.Cache.Publish(Round(1));
        await using var client = host.Sotw();
        foreach (var (type, names) in new (ResourceType, string[])[] { (ResourceType.RouteTable, ["routes"]), (ResourceType.Listener, []), (ResourceType.Endpoints, ["a"]), (ResourceType.Cluster, []) })
        {
            await client.Send(type, names: names);
            Assert.Equal(type.TypeUrl, await Acknowledge(client));
        }
        await Waiting.Until(() => host.Nodes.Nodes.Single().Types.All(t => t.State == SyncState.Synced), "all to be acknowledged");
        if (busy)
            for (var round = 2; round < 50; round++) host.Cache.Publish(Round(round));
        host.Cache.Publish(Round(50));
        var order = new List<string>();
        while (order.Count == 0 || order[^1] != ResourceType.RouteTable.TypeUrl) order.Add(await Acknowledge(client));
        string[] expected = [ResourceType.Cluster.TypeUrl, ResourceType.Endpoints.TypeUrl, ResourceType.Listener.TypeUrl, ResourceType.RouteTable.TypeUrl];
        // A busy stream may see a type twice, the newest state last; never one before what it leads to.
        Assert.Equal(expected, busy ? order.Distinct() : order);

        static Snapshot Round(int n) => Xds.Snapshot.Of("fleet", [EdsCluster("a", n), Endpoints("a", (uint)n), Routes("a", n), Resource.Of(ResourceType.Listener, "l", new EnvoyListener { Name = "l", StatPrefix = $"v{n}" }, [])]);

        static Resource Routes(string cluster, int n)
        {
            var routes = ((RouteConfiguration)XdsHost.Routes(cluster).Message).Clone();
            routes.VirtualHosts[0].Name = $"h{n}";
            return Resource.Of(ResourceType.RouteTable, "routes", routes, []);
        }

        static async Task<string> Acknowledge(SotwClient client)
        {
            var response = await client.Next();
            await client.Ack(response, response.TypeUrl == ResourceType.RouteTable.TypeUrl ? ["routes"] : response.TypeUrl == ResourceType.Endpoints.TypeUrl ? ["a"] : []);
            return response.TypeUrl;
        }
    }

    [Fact]
    public void D4_DanglingReferences_AreFound_WhateverTheirSort()
    {
        var ads = new ConfigSource { Ads = new() };
        var tls = Canonical.Pack(new UpstreamTlsContext { CommonTlsContext = new() { TlsCertificateSdsSecretConfigs = { new SdsSecretConfig { Name = "no-secret", SdsConfig = ads } } } });
        var manager = new HttpConnectionManager
        {
            StatPrefix = "x",
            Rds = new Rds { ConfigSource = ads, RouteConfigName = "no-table" },
            HttpFilters = { new HttpFilter { Name = "no-filter", ConfigDiscovery = new ExtensionConfigSource { ConfigSource = ads, TypeUrls = { "x" } } } },
        };
        var snapshot = Xds.Snapshot.Of("fleet",
        [
            XdsHost.Routes("no-cluster"),
            Resource.Of(ResourceType.ScopedRoutes, "s", new ScopedRouteConfiguration { Name = "s", RouteConfigurationName = "no-scoped-table" }, []),
            Resource.Of(ResourceType.Cluster, "c", new EnvoyCluster { Name = "c", Type = EnvoyCluster.Types.DiscoveryType.Eds, TransportSocket = new TransportSocket { Name = "tls", TypedConfig = tls } }, []),
            Resource.Of(ResourceType.Listener, "l", new EnvoyListener { Name = "l", FilterChains = { new Envoy.Config.Listener.V3.FilterChain { Filters = { new Envoy.Config.Listener.V3.Filter { Name = "hcm", TypedConfig = Canonical.Pack(manager) } } } } }, []),
        ]);
        var missing = Lint.Check(snapshot).Where(d => d.Code == DiagnosticCatalogue.DanglingReference.Code).Select(d => d.Message).ToList();
        foreach (var name in new[] { "routes 'no-table'", "extension-config 'no-filter'", "cluster 'no-cluster'", "routes 'no-scoped-table'", "secret 'no-secret'", "endpoints 'c'" })
            Assert.Contains(missing, m => m.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task D7_EndpointsBeforeClusters_AreAnswered_AndAgainAfterTheClusters()
    {
        await using var host = await Start();
        host.Cache.Publish(Xds.Snapshot.Of("fleet", [EdsCluster("a", 1), Endpoints("a")]));
        await using var client = host.Delta();
        await client.Send(ResourceType.Endpoints, subscribe: ["a"]);
        var first = await client.Next();
        Assert.Equal(ResourceType.Endpoints.TypeUrl, first.TypeUrl);
        await client.Ack(first);
        await client.Send(ResourceType.Cluster);
        await client.Ack(await client.Next());
        var again = await client.Next();
        Assert.Equal((ResourceType.Endpoints.TypeUrl, first.Resources[0].Version), (again.TypeUrl, again.Resources.Single().Version));
    }

    [Fact]
    public async Task D8_ClusterWithoutInstances_HasAnEmptyAssignment()
    {
        await using var host = await Start();
        host.Cache.Publish(SnapshotBuilder.Build(new FleetIr
        {
            Name = "fleet",
            Role = FleetRole.Gateway,
            Upstreams = [new Upstream { Name = "empty", Service = "s", Version = "v1", Protocol = UpstreamProtocol.Http1 }],
        }));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        Assert.Equal(["empty"], SotwClient.Clusters(await client.Next()));
        await client.Send(ResourceType.Endpoints, names: "empty");
        var assignment = Assert.Single((await client.Next()).Resources).Unpack<Envoy.Config.Endpoint.V3.ClusterLoadAssignment>();
        Assert.Equal(("empty", 0), (assignment.ClusterName, assignment.Endpoints.Sum(e => e.LbEndpoints.Count)));
    }

    [Fact]
    public async Task D9_ChangedListener_ItsTableIsNotSentAgain_AndANewTableIs()
    {
        await using var host = await Start();
        host.Cache.Publish(Round(1));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Listener);
        await client.Ack(await client.Next());
        await client.Send(ResourceType.RouteTable, names: "t1");
        var table = await client.Next();
        await client.Ack(table, "t1");
        host.Cache.Publish(Round(2));
        var listener = await client.Next();
        Assert.Equal(ResourceType.Listener.TypeUrl, listener.TypeUrl);
        await client.Ack(listener);
        await client.Ack(table, "t1", "t2");
        var second = await client.Next();
        Assert.Equal("t2", Assert.Single(second.Resources).Unpack<RouteConfiguration>().Name);

        static Snapshot Round(int n) => Xds.Snapshot.Of("fleet",
        [
            Resource.Of(ResourceType.Listener, "l", new EnvoyListener { Name = "l", StatPrefix = $"v{n}" }, []),
            Resource.Of(ResourceType.RouteTable, "t1", new RouteConfiguration { Name = "t1" }, []),
            Resource.Of(ResourceType.RouteTable, "t2", new RouteConfiguration { Name = "t2" }, []),
        ]);
    }
}
