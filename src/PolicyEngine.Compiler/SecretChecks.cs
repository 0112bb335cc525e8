using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Catalog;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Compiler;

/// <summary>A listener shows a certificate, and checks clients against an authority: the secrets that it names are there, and are that.</summary>
internal static class SecretChecks
{
    public static IEnumerable<Diagnostic> Of(Document document, GatewaySpec gateway, ServiceCatalog catalog)
    {
        for (var i = 0; i < gateway.Listeners.Length; i++)
        {
            if (gateway.Listeners[i].Tls is not { } tls) continue;
            if (Missing(tls.Secret, "secret with a certificate", s => s.Certificate is not null, "secret") is { } certificate) yield return certificate;
            if (tls.ClientCa is { } ca && Missing(ca, "secret with an authority", s => s.Ca is not null, "clientCa") is { } authority) yield return authority;

            Diagnostic? Missing(string name, string what, Func<SecretSpec, bool> isThat, string field) =>
                catalog.Secrets.TryGetValue(name, out var secret) && isThat(secret)
                    ? null
                    : Names.Unknown(what, name, catalog.Secrets.Where(s => isThat(s.Value)).Select(s => s.Key), document, $"spec.listeners[{i}].tls.{field}");
        }
    }
}
