using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PolicyEngine.Agent.Upstream;

/// <summary>The agent's certificate and key, and who signs the server's, as PEM files. Each handshake reads them, so what is exchanged is used with the next connection.</summary>
public sealed record UpstreamTls(string Authority, string Certificate, string Key)
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";

    /// <summary>Throws <see cref="InvalidOperationException"/> where they cannot be used now.</summary>
    public SslClientAuthenticationOptions Options()
    {
        Load().Dispose();
        Trusted();
        return new SslClientAuthenticationOptions
        {
            LocalCertificateSelectionCallback = (_, _, _, _, _) => Load(),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None && certificate is X509Certificate2 server && IsTrusted(server, chain),
        };
    }

    private bool IsTrusted(X509Certificate2 server, X509Chain? shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Trusted());
        if (shown is not null) chain.ChainPolicy.ExtraStore.AddRange(shown.ChainPolicy.ExtraStore);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerUse));
        return chain.Build(server);
    }

    private X509Certificate2 Load() => Read("--tls-cert, --tls-key", Certificate, () => X509Certificate2.CreateFromPemFile(Certificate, Key));

    private X509Certificate2Collection Trusted() => Read("--tls-ca", Authority, () =>
    {
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPemFile(Authority);
        return trusted.Count > 0 ? trusted : throw new CryptographicException("it holds no certificate");
    });

    private static T Read<T>(string option, string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidOperationException($"{option}: '{file}' cannot be used: {e.Message}", e);
        }
    }
}
