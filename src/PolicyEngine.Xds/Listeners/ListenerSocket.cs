using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using PolicyEngine.Ir;

namespace PolicyEngine.Xds.Listeners;

/// <summary>TLS of a listener. It names its secrets; a node asks for them on the stream that it has the listener from, so a new certificate drains nothing.</summary>
internal static class ListenerSocket
{
    public static TransportSocket Of(ListenerTls tls)
    {
        var context = new DownstreamTlsContext
        {
            CommonTlsContext = new CommonTlsContext
            {
                TlsParams = new TlsParameters { TlsMinimumProtocolVersion = TlsParameters.Types.TlsProtocol.Tlsv12 },
                TlsCertificateSdsSecretConfigs = { Named(tls.Secret) },
                AlpnProtocols = { "h2", "http/1.1" },
            },
        };
        if (tls.ClientCa is { } ca)
        {
            context.CommonTlsContext.ValidationContextSdsSecretConfig = Named(ca);
            context.RequireClientCertificate = true;
        }
        return new TransportSocket { Name = "envoy.transport_sockets.tls", TypedConfig = Canonical.Pack(context) };
    }

    private static SdsSecretConfig Named(string secret) => new() { Name = secret, SdsConfig = Protos.Ads };
}
