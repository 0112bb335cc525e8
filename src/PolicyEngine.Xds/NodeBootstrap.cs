namespace PolicyEngine.Xds;

/// <summary>The bootstrap with which an Envoy joins: who it is, where its configuration comes from (ADS over plain HTTP/2), and where its loads go (LRS).</summary>
public static class NodeBootstrap
{
    /// <summary>YAML. The cluster is what the fleet's node selector asks for; names must be plain, as they stand in quotes of their own.</summary>
    public static string Write(string node, string cluster, string address, int port, bool delta = true) => $$$"""
        node: {id: "{{{Plain(node)}}}", cluster: "{{{Plain(cluster)}}}"}
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0} } }
        cluster_manager: {load_stats_config: {api_type: GRPC, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: policyengine} }]} }
        dynamic_resources:
          ads_config: {api_type: {{{(delta ? "DELTA_GRPC" : "GRPC")}}}, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: policyengine} }]}
          cds_config: {ads: {}, resource_api_version: V3}
          lds_config: {ads: {}, resource_api_version: V3}
        static_resources:
          clusters:
            - name: policyengine
              type: STATIC
              typed_extension_protocol_options:
                envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                  "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                  explicit_http_config: {http2_protocol_options: {connection_keepalive: {interval: 30s, timeout: 5s} } }
              load_assignment:
                cluster_name: policyengine
                endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: "{{{Plain(address)}}}", port_value: {{{port}}} } } } }]}]
        """;

    private static string Plain(string text) => text.Length is > 0 and <= 253 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':')
        ? text
        : throw new ArgumentException($"'{(text.Length <= 40 ? text : text[..40] + "…")}' is no plain name: letters, digits, '.', '-', '_' and ':'", nameof(text));
}
