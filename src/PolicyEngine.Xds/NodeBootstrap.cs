using System.Net;
using System.Text.Json;

namespace PolicyEngine.Xds;

/// <summary>PEM files on the node's machine: who signed the control plane's certificate, and the node's own certificate and key.</summary>
public sealed record NodeTls(string Authority, string Certificate, string Key);

/// <summary>Whether a node checks endpoints for others (HDS), beside its own work or instead of any.</summary>
public enum Checking { No, Also, Only }

/// <summary>The bootstrap with which an Envoy joins: who it is, where its configuration comes from (ADS over HTTP/2, with mutual TLS where files for it are given), where its loads go (LRS), and who tells it what to check for others (HDS).</summary>
public static class NodeBootstrap
{
    /// <summary>The cluster by which a node reaches its control plane.</summary>
    public const string Cluster = "policyengine";

    /// <summary>YAML. The cluster is what the fleet's node selector asks for; names must be plain, as they stand in quotes of their own.</summary>
    public static string Write(string node, string cluster, string address, int port, bool delta = true, NodeTls? tls = null, Checking checking = Checking.No) => $$$"""
        node: {id: "{{{Plain(node)}}}", cluster: "{{{Plain(cluster)}}}"}
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0} } }
        {{{(checking == Checking.Only ? "" : Work(delta))}}}{{{(checking == Checking.No ? "" : Checks)}}}static_resources:
          clusters:
            - name: {{{Cluster}}}
              type: {{{(IPAddress.TryParse(address, out _) ? "STATIC" : "STRICT_DNS")}}}
              typed_extension_protocol_options:
                envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                  "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                  explicit_http_config: {http2_protocol_options: {connection_keepalive: {interval: 30s, timeout: 5s} } }
              load_assignment:
                cluster_name: {{{Cluster}}}
                endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: "{{{Plain(address)}}}", port_value: {{{port}}} } } } }]}]{{{Secured(address, tls)}}}
        """;

    private const string Checks = "hds_config: {api_type: GRPC, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: " + Cluster + "} }]}\n";

    private static string Work(bool delta) => $$$"""
        cluster_manager: {load_stats_config: {api_type: GRPC, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: {{{Cluster}}}} }]} }
        dynamic_resources:
          ads_config: {api_type: {{{(delta ? "DELTA_GRPC" : "GRPC")}}}, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: {{{Cluster}}}} }]}
          cds_config: {ads: {}, resource_api_version: V3}
          lds_config: {ads: {}, resource_api_version: V3}

        """;

    /// <summary>The files are watched: what is put in their place counts for the next connection.</summary>
    private static string Secured(string address, NodeTls? tls) => tls is null ? "" : $$$"""

              transport_socket:
                name: envoy.transport_sockets.tls
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext{{{(IPAddress.TryParse(address, out _) ? "" : $"\n          sni: \"{Plain(address)}\"")}}}
                  common_tls_context:
                    alpn_protocols: [h2]
                    tls_params: {tls_minimum_protocol_version: TLSv1_2}
                    tls_certificates: [{certificate_chain: {filename: {{{Quoted(tls.Certificate)}}} }, private_key: {filename: {{{Quoted(tls.Key)}}} } }]
                    validation_context:
                      trusted_ca: {filename: {{{Quoted(tls.Authority)}}} }
                      match_typed_subject_alt_names: [{san_type: {{{(IPAddress.TryParse(address, out _) ? "IP_ADDRESS" : "DNS")}}}, matcher: {exact: "{{{Plain(address)}}}"} }]
        """;

    /// <summary>JSON, which YAML contains.</summary>
    private static string Quoted(string path) => path.Any(char.IsControl) ? throw new ArgumentException("a path with control characters", nameof(path)) : JsonSerializer.Serialize(path);

    private static string Plain(string text) => text.Length is > 0 and <= 253 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':')
        ? text
        : throw new ArgumentException($"'{(text.Length <= 40 ? text : text[..40] + "…")}' is no plain name: letters, digits, '.', '-', '_' and ':'", nameof(text));
}
