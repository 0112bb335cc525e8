using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.OnDemand.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using EnvoyListener = Envoy.Config.Listener.V3.Listener;
using EnvoyRoute = Envoy.Config.Route.V3.Route;
using Resource = PolicyEngine.Xds.Resource;
using VirtualHost = Envoy.Config.Route.V3.VirtualHost;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>A real Envoy that takes all on one stream, hosts on demand included, for more than one table.</summary>
public sealed class AdsHostsEnvoyTests
{
    /// <summary>Well before Envoy gives up waiting for a first answer, which it does after 15 s.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(12);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task E9_TwoListenersWithHostsOnDemand_OverAds(bool atOnce)
    {
        EnvoyBinary.Require();
        await using var host = await XdsHost.Start();
        await using var shop = await Backend.Start("shop");
        var (one, two) = (FreePorts.Next(), FreePorts.Next());
        var first = Table("one", one);
        host.Cache.Publish(Served(shop, atOnce ? [.. first, .. Table("two", two)] : first));
        await using var envoy = await EnvoyProcess.Start(NodeBootstrap.Write("envoy", "fleet", "127.0.0.1", host.Port));
        await Answers(one, "one.test", envoy);
        if (!atOnce) host.Cache.Publish(Served(shop, [.. first, .. Table("two", two)]));
        await Answers(two, "two.test", envoy);
        // The name below one table is nobody's below the other.
        Assert.Equal(404, (await Load.Send(two, "/", 1, "one.test")).Keys.Single().Status);
        Assert.Equal(200, (await Load.Send(one, "/", 1, "one.test")).Keys.Single().Status);
    }

    private static Task Answers(int port, string host, EnvoyProcess envoy) =>
        Waiting.Until(async () => (await Load.Send(port, "/", 1, host)).Keys.Single() == (200, "shop"), $"an answer of {host}\n{envoy.Log}", Soon);

    private static Snapshot Served(Backend shop, Resource[] more) => Snapshot.Of("fleet",
    [
        Resource.Of(ResourceType.Cluster, "shop", new EnvoyCluster
        {
            Name = "shop",
            Type = EnvoyCluster.Types.DiscoveryType.Static,
            LoadAssignment = new ClusterLoadAssignment { ClusterName = "shop", Endpoints = { new LocalityLbEndpoints { LbEndpoints = { new LbEndpoint { Endpoint = HealthDiscoveryStatements.Endpoint(shop.Port) } } } } },
        }, []),
        .. more,
    ]);

    private static Resource[] Table(string name, int port) =>
    [
        Resource.Of(ResourceType.Listener, name, new EnvoyListener
        {
            Name = name,
            Address = HealthDiscoveryStatements.Endpoint(port).Address,
            FilterChains =
            {
                new FilterChain
                {
                    Filters =
                    {
                        new Filter
                        {
                            Name = "hcm",
                            TypedConfig = Canonical.Pack(new HttpConnectionManager
                            {
                                StatPrefix = name,
                                Rds = new Rds { ConfigSource = Ads, RouteConfigName = name },
                                HttpFilters = { new HttpFilter { Name = "on-demand", TypedConfig = Canonical.Pack(new OnDemand()) }, new HttpFilter { Name = "router", TypedConfig = Canonical.Pack(new Router()) } },
                            }),
                        },
                    },
                },
            },
        }, []),
        Resource.Of(ResourceType.RouteTable, name, new RouteConfiguration { Name = name, Vhds = new Vhds { ConfigSource = Ads } }, []),
        Resource.Of(ResourceType.VirtualHost, $"{name}/shop", new VirtualHost
        {
            Name = "shop",
            Domains = { $"{name}.test" },
            Routes = { new EnvoyRoute { Match = new RouteMatch { Prefix = "/" }, Route_ = new RouteAction { Cluster = "shop" } } },
        }, []),
    ];

    private static ConfigSource Ads => new() { ResourceApiVersion = ApiVersion.V3, Ads = new AggregatedConfigSource() };
}
