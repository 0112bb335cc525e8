using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using EnvoyListener = Envoy.Config.Listener.V3.Listener;
using EnvoyRoute = Envoy.Config.Route.V3.Route;
using Resource = PolicyEngine.Xds.Resource;
using VirtualHost = Envoy.Config.Route.V3.VirtualHost;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>A real Envoy that knows nothing but REST over HTTP/1.1.</summary>
public sealed class RestEnvoyTests
{
    [Fact]
    public async Task F4_RealEnvoy_TakesClustersEndpointsListenersAndRoutesByRest_OverHttp11()
    {
        EnvoyBinary.Require();
        await using var host = await XdsHost.Start();
        await using var shop = await Backend.Start("shop");
        await using var other = await Backend.Start("other");
        var port = FreePorts.Next();
        host.Cache.Publish(Served(port, ("shop", shop.Port)));
        await using var envoy = await EnvoyProcess.Start(Bootstrap(host.RestPort));
        await Answers(port, "shop", envoy);
        Assert.Contains("shop::", await envoy.Admin("/clusters"), StringComparison.Ordinal);

        host.Cache.Publish(Served(port, ("other", other.Port)));
        await Answers(port, "other", envoy);
        await Waiting.Until(async () => !(await envoy.Admin("/clusters")).Contains("shop::", StringComparison.Ordinal), "the first cluster to be gone");
        foreach (var stats in new[] { "cluster_manager.cds", "listener_manager.lds" }) Assert.Equal(0, await envoy.Stat(stats + ".update_rejected"));
    }

    private static Task Answers(int port, string version, EnvoyProcess envoy) =>
        Waiting.Until(async () => (await Load.Send(port, "/", 1)).Keys.Single() == (200, version), $"an answer of {version}\n{envoy.Log}");

    private static Snapshot Served(int port, (string Name, int Port) to) => Snapshot.Of("fleet",
    [
        Resource.Of(ResourceType.Cluster, to.Name, new EnvoyCluster { Name = to.Name, Type = EnvoyCluster.Types.DiscoveryType.Eds, EdsClusterConfig = new() { EdsConfig = Rest } }, []),
        Resource.Of(ResourceType.Endpoints, to.Name, new ClusterLoadAssignment
        {
            ClusterName = to.Name,
            Endpoints = { new LocalityLbEndpoints { LbEndpoints = { new LbEndpoint { Endpoint = HealthDiscoveryStatements.Endpoint(to.Port) } } } },
        }, []),
        Resource.Of(ResourceType.Listener, "edge", new EnvoyListener
        {
            Name = "edge",
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
                                StatPrefix = "edge",
                                Rds = new Rds { ConfigSource = Rest, RouteConfigName = "web" },
                                HttpFilters = { new HttpFilter { Name = "router", TypedConfig = Canonical.Pack(new Router()) } },
                            }),
                        },
                    },
                },
            },
        }, []),
        Resource.Of(ResourceType.RouteTable, "web", new RouteConfiguration
        {
            Name = "web",
            VirtualHosts = { new VirtualHost { Name = "all", Domains = { "*" }, Routes = { new EnvoyRoute { Match = new RouteMatch { Prefix = "/" }, Route_ = new RouteAction { Cluster = to.Name } } } } },
        }, []),
    ]);

    private static ConfigSource Rest => new()
    {
        ResourceApiVersion = ApiVersion.V3,
        ApiConfigSource = new ApiConfigSource { ApiType = ApiConfigSource.Types.ApiType.Rest, TransportApiVersion = ApiVersion.V3, ClusterNames = { "xds" }, RefreshDelay = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(200)) },
    };

    private static string Bootstrap(int port) => $$$"""
        node: {id: envoy, cluster: fleet}
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0} } }
        dynamic_resources:
          cds_config: {resource_api_version: V3, api_config_source: {api_type: REST, transport_api_version: V3, cluster_names: [xds], refresh_delay: 0.2s} }
          lds_config: {resource_api_version: V3, api_config_source: {api_type: REST, transport_api_version: V3, cluster_names: [xds], refresh_delay: 0.2s} }
        static_resources:
          clusters:
            - name: xds
              type: STATIC
              load_assignment: {cluster_name: xds, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: {{{port}}} } } } }]}]}
        """;
}
