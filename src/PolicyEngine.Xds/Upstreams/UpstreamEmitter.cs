using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using PolicyEngine.Ir;
using PolicyEngine.Xds.HealthChecks;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using EnvoyEndpoint = Envoy.Config.Endpoint.V3.Endpoint;
using HttpProtocolOptions = Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;
using IPAddress = System.Net.IPAddress;

namespace PolicyEngine.Xds.Upstreams;

/// <summary>A cluster and its endpoints: two resources, so that an instance that comes or goes moves nothing but endpoints.</summary>
internal static class UpstreamEmitter
{
    private const string HttpOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    public static EnvoyCluster Cluster(Upstream upstream)
    {
        var cluster = new EnvoyCluster { Name = upstream.Name };
        if (IsNamed(upstream))
        {
            cluster.Type = EnvoyCluster.Types.DiscoveryType.StrictDns;
            cluster.LoadAssignment = Endpoints(upstream);
        }
        else
        {
            cluster.Type = EnvoyCluster.Types.DiscoveryType.Eds;
            cluster.EdsClusterConfig = new EnvoyCluster.Types.EdsClusterConfig { EdsConfig = Protos.Ads };
        }
        if (upstream.ConnectTimeout is { } connect) cluster.ConnectTimeout = connect.ToProto();
        if (upstream.Protocol != UpstreamProtocol.Http1)
            cluster.TypedExtensionProtocolOptions.Add(HttpOptions, Canonical.Pack(new HttpProtocolOptions
            {
                ExplicitHttpConfig = new HttpProtocolOptions.Types.ExplicitHttpConfig { Http2ProtocolOptions = new Http2ProtocolOptions() },
            }));
        if (upstream.HealthCheck is { By: null } own) cluster.HealthChecks.Add(HealthCheckEmitter.Emit(own, upstream.Protocol));
        if (upstream.HealthCheck is { By: { } by } delegated && !IsNamed(upstream)) cluster.Metadata = new DelegatedCheck(by, HealthCheckEmitter.Emit(delegated, upstream.Protocol)).ToMetadata();
        return cluster;
    }

    /// <summary>Endpoint discovery takes IP addresses only; where one is a host name, Envoy resolves the names of the cluster itself.</summary>
    public static bool IsNamed(Upstream upstream) => upstream.Endpoints.Any(e => !IPAddress.TryParse(e.Address, out _));

    public static ClusterLoadAssignment Endpoints(Upstream upstream)
    {
        var assignment = new ClusterLoadAssignment { ClusterName = upstream.Name };
        foreach (var group in upstream.Endpoints.GroupBy(e => (e.Region, e.Zone)).OrderBy(g => g.Key.Region ?? "", StringComparer.Ordinal).ThenBy(g => g.Key.Zone ?? "", StringComparer.Ordinal))
        {
            // gRPC clients leave out a locality without a weight, and refuse endpoints without a locality, be it a nameless one (gRFC A27).
            var locality = new LocalityLbEndpoints
            {
                Locality = new Locality { Region = group.Key.Region ?? "", Zone = group.Key.Zone ?? "" },
                LoadBalancingWeight = (uint)group.Sum(e => e.Weight ?? 1),
            };
            locality.LbEndpoints.AddRange(group.Select(Endpoint));
            assignment.Endpoints.Add(locality);
        }
        return assignment;
    }

    private static LbEndpoint Endpoint(Ir.Endpoint endpoint)
    {
        var target = new LbEndpoint
        {
            Endpoint = new EnvoyEndpoint { Address = new Address { SocketAddress = new SocketAddress { Address = endpoint.Address, PortValue = (uint)endpoint.Port } } },
            HealthStatus = endpoint.Health switch
            {
                EndpointHealth.Draining => HealthStatus.Draining,
                EndpointHealth.Unhealthy => HealthStatus.Unhealthy,
                _ => HealthStatus.Unknown,
            },
        };
        if (endpoint.Weight is { } weight) target.LoadBalancingWeight = (uint)weight;
        return target;
    }
}
