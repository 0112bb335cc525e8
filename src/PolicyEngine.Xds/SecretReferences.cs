using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;

namespace PolicyEngine.Xds;

/// <summary>The secrets that a TLS socket takes from the stream that its owner came by. Secrets from elsewhere (files, another server) are none of a snapshot's.</summary>
internal static class SecretReferences
{
    public static IEnumerable<ResourceReference> Of(TransportSocket? socket)
    {
        if (socket?.TypedConfig is not { } any) return [];
        if (any.TryUnpack<UpstreamTlsContext>(out var upstream)) return Named(Of(upstream.CommonTlsContext));
        return any.TryUnpack<DownstreamTlsContext>(out var downstream) ? Named(Of(downstream.CommonTlsContext).Append(downstream.SessionTicketKeysSdsSecretConfig)) : [];
    }

    private static IEnumerable<SdsSecretConfig?> Of(CommonTlsContext? tls) => tls is null
        ? []
        : tls.TlsCertificateSdsSecretConfigs.Append(tls.ValidationContextSdsSecretConfig).Append(tls.CombinedValidationContext?.ValidationContextSdsSecretConfig);

    private static IEnumerable<ResourceReference> Named(IEnumerable<SdsSecretConfig?> secrets) =>
        secrets.OfType<SdsSecretConfig>().Where(s => s.SdsConfig?.Ads is not null).Select(s => new ResourceReference(ResourceType.Secret, s.Name, "sds_secret_config"));
}
