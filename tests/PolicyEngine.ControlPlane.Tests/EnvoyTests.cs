using System.Net;
using System.Net.Sockets;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.HeaderMutation.V3;
using Envoy.Extensions.Filters.Http.OnDemand.V3;
using Envoy.Extensions.Filters.Http.Router.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Service.Runtime.V3;
using Google.Protobuf.WellKnownTypes;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using EnvoyListener = Envoy.Config.Listener.V3.Listener;
using EnvoyRoute = Envoy.Config.Route.V3.Route;
using Resource = PolicyEngine.Xds.Resource;
using VirtualHost = Envoy.Config.Route.V3.VirtualHost;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>A real Envoy that takes every type from a service of its own, in whichever variant: streams of both sorts, REST, hosts and clusters on demand.</summary>
public sealed class EnvoyTests
{
    private static readonly ConfigSource Grpc = Source(ApiConfigSource.Types.ApiType.Grpc);
    private static readonly ConfigSource Delta = Source(ApiConfigSource.Types.ApiType.DeltaGrpc);

    [Fact]
    public async Task Envoy_TakesEachTypeFromItsOwnService_AndAsksForHostsAndClustersOnDemand()
    {
        EnvoyBinary.Require();
        await using var host = await XdsHost.Start();
        await using var shop = await Backend.Start("shop");
        await using var late = await Backend.Start("late");
        var port = FreePorts.Next();
        host.Cache.Publish(Snapshot(port, shop.Port, late.Port, hosts: ["shop"]));
        await using var envoy = await EnvoyProcess.Start(Bootstrap(host.Port));
        try
        {
            await Follow(host, envoy, port, shop, late);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n{string.Join('\n', host.Nodes.Nodes.SelectMany(n => n.Types))}\n{envoy.Log}", e);
        }
    }

    private static async Task Follow(XdsHost host, EnvoyProcess envoy, int port, Backend shop, Backend late)
    {
        await envoy.WaitForListener("edge");
        await Waiting.Until(async () => await envoy.Stat("server.state") == 0 && Connects(port), "Envoy to be ready, well before it gives up waiting for a first answer", TimeSpan.FromSeconds(12));

        Assert.Equal((HttpStatusCode.OK, "shop /", "yes"), await Get(port, "shop.test"));
        Assert.Equal(HttpStatusCode.NotFound, (await Get(port, "late.test")).Status);
        host.Cache.Publish(Snapshot(port, shop.Port, late.Port, hosts: ["shop", "late"]));
        await Waiting.Until(async () => (await Get(port, "late.test")).Status == HttpStatusCode.OK, $"the late host to be there");
        Assert.Contains("from-rest", await envoy.Admin("/runtime"), StringComparison.Ordinal);

        // A cluster that only a header names is fetched when the first request needs it.
        Assert.DoesNotContain("on-demand::", await envoy.Admin("/clusters"), StringComparison.Ordinal);
        await Waiting.Until(async () => (await Get(port, "shop.test", "on-demand")).Body == "late /", $"the cluster on demand");

        foreach (var type in new[] { ResourceType.Cluster, ResourceType.Endpoints, ResourceType.Listener, ResourceType.RouteTable, ResourceType.VirtualHost, ResourceType.Secret, ResourceType.ExtensionConfig })
            await Waiting.Until(() => host.Nodes.Nodes.SelectMany(n => n.Types).Any(t => t.Type == type && t.State == SyncState.Synced), $"{type} to be acknowledged");
        Assert.DoesNotContain(host.Nodes.Nodes.SelectMany(n => n.Types), t => t.State == SyncState.Rejected);
    }

    private static Snapshot Snapshot(int port, int shop, int late, string[] hosts) => Xds.Snapshot.Of("fleet",
    [
        Eds("shop"), Eds("late"), Eds("on-demand"),
        Assignment("shop", shop), Assignment("late", late), Assignment("on-demand", late),
        Resource.Of(ResourceType.Listener, "edge", Edge(port), []),
        Resource.Of(ResourceType.RouteTable, "web", new RouteConfiguration { Name = "web", Vhds = new Vhds { ConfigSource = Delta } }, []),
        .. hosts.Select(name => Resource.Of(ResourceType.VirtualHost, $"web/{name}", new VirtualHost
        {
            Name = name,
            Domains = { $"{name}.test" },
            Routes =
            {
                new EnvoyRoute { Match = new RouteMatch { Prefix = "/", Headers = { new HeaderMatcher { Name = "x-cluster", PresentMatch = true } } }, Route_ = new RouteAction { ClusterHeader = "x-cluster" } },
                new EnvoyRoute { Match = new RouteMatch { Prefix = "/" }, Route_ = new RouteAction { Cluster = name } },
            },
        }, [])),
        Resource.Of(ResourceType.Secret, "roots", new Secret { Name = "roots", ValidationContext = new CertificateValidationContext { MaxVerifyDepth = 3 } }, []),
        Resource.Of(ResourceType.Runtime, "rest", new Runtime { Name = "rest", Layer = new Struct { Fields = { ["from-rest"] = Value.ForNumber(7) } } }, []),
        Resource.Of(ResourceType.ExtensionConfig, "mark", new TypedExtensionConfig
        {
            Name = "mark",
            TypedConfig = Canonical.Pack(new HeaderMutation
            {
                Mutations = new Mutations { ResponseMutations = { new Envoy.Config.Common.MutationRules.V3.HeaderMutation { Append = new HeaderValueOption { Header = new HeaderValue { Key = "x-marked", Value = "yes" } } } } },
            }),
        }, []),
    ]);

    private static EnvoyListener Edge(int port) => new()
    {
        Name = "edge",
        Address = new Address { SocketAddress = new Envoy.Config.Core.V3.SocketAddress { Address = "127.0.0.1", PortValue = (uint)port } },
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
                            Rds = new Rds { ConfigSource = Grpc, RouteConfigName = "web" },
                            HttpFilters =
                            {
                                new HttpFilter { Name = "on-demand", TypedConfig = Canonical.Pack(new OnDemand { Odcds = new Envoy.Extensions.Filters.Http.OnDemand.V3.OnDemandCds { Source = Delta, Timeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(5)) } }) },
                                new HttpFilter { Name = "mark", ConfigDiscovery = new ExtensionConfigSource { ConfigSource = Delta, TypeUrls = { "type.googleapis.com/" + HeaderMutation.Descriptor.FullName } } },
                                new HttpFilter { Name = "router", TypedConfig = Canonical.Pack(new Router()) },
                            },
                        }),
                    },
                },
            },
        },
    };

    private static Resource Eds(string name) => Resource.Of(ResourceType.Cluster, name, new EnvoyCluster
    {
        Name = name,
        Type = EnvoyCluster.Types.DiscoveryType.Eds,
        EdsClusterConfig = new() { EdsConfig = name == "late" ? Grpc : Delta },
        // Never used, as no endpoint asks for TLS; but the cluster warms with its secret.
        TransportSocketMatches =
        {
            new EnvoyCluster.Types.TransportSocketMatch
            {
                Name = "tls",
                Match = new Struct { Fields = { ["tls"] = Value.ForBool(true) } },
                TransportSocket = new TransportSocket { Name = "tls", TypedConfig = Canonical.Pack(new UpstreamTlsContext { CommonTlsContext = new CommonTlsContext { ValidationContextSdsSecretConfig = new SdsSecretConfig { Name = "roots", SdsConfig = Delta } } }) },
            },
        },
    }, []);

    private static Resource Assignment(string name, int port) => Resource.Of(ResourceType.Endpoints, name, new ClusterLoadAssignment
    {
        ClusterName = name,
        Endpoints = { new LocalityLbEndpoints { LbEndpoints = { new LbEndpoint { Endpoint = new Endpoint { Address = new Address { SocketAddress = new Envoy.Config.Core.V3.SocketAddress { Address = "127.0.0.1", PortValue = (uint)port } } } } } } },
    }, []);

    private static ConfigSource Source(ApiConfigSource.Types.ApiType type) => new()
    {
        ResourceApiVersion = ApiVersion.V3,
        ApiConfigSource = new ApiConfigSource { ApiType = type, TransportApiVersion = ApiVersion.V3, GrpcServices = { new GrpcService { EnvoyGrpc = new GrpcService.Types.EnvoyGrpc { ClusterName = "xds" } } } },
    };

    /// <summary>No clusters are asked for at the start: each comes when a route first needs it. Runtime comes by REST.</summary>
    private static string Bootstrap(int port) => $$$"""
        node: {id: envoy, cluster: fleet}
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0} } }
        dynamic_resources:
          lds_config: {resource_api_version: V3, api_config_source: {api_type: DELTA_GRPC, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: xds} }]} }
        layered_runtime:
          layers:
            - {name: rest, rtds_layer: {name: rest, rtds_config: {resource_api_version: V3, api_config_source: {api_type: REST, transport_api_version: V3, cluster_names: [xds], refresh_delay: 0.2s} } } }
        static_resources:
          clusters:
            - name: xds
              type: STATIC
              typed_extension_protocol_options:
                envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                  "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                  explicit_http_config: {http2_protocol_options: {} }
              load_assignment: {cluster_name: xds, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: {{{port}}} } } } }]}]}
        """;

    private static async Task<(HttpStatusCode Status, string Body, string? Marked)> Get(int port, string host, string? cluster = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{port}/")) { Headers = { Host = host } };
        if (cluster is not null) request.Headers.Add("x-cluster", cluster);
        using var response = await client.SendAsync(request).WithTimeout();
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.TryGetValues("x-marked", out var marked) ? marked.First() : null);
    }

    private static bool Connects(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
