using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PolicyEngine.ControlPlane.Admission;

/// <summary>
/// Certificate, key and the authority of the peers, as PEM files. They are read again when a new connection finds them changed; connections
/// that stand are not dropped. What cannot be used any more is said once, and the last that could goes on.
/// </summary>
public sealed class TlsFiles
{
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly string[] _paths;
    private readonly TimeProvider _time;
    private readonly Action<string> _problem;
    private readonly Lock _gate = new();
    private Loaded _loaded;
    private DateTimeOffset _looked;
    private byte[] _refused = [];

    /// <param name="clientAuthority">Who signed the certificates of the peers, which then must show one; null where they need none.</param>
    /// <exception cref="InvalidOperationException">The files cannot be used.</exception>
    public TlsFiles(string certificate, string key, string? clientAuthority, TimeProvider time, Action<string> problem)
    {
        (_paths, _time, _problem) = (clientAuthority is null ? [certificate, key] : [certificate, key, clientAuthority], time, problem);
        _loaded = Load();
        _looked = time.GetUtcNow();
    }

    public bool IsMutual => _paths.Length > 2;

    /// <summary>What a new connection is greeted with.</summary>
    public SslServerAuthenticationOptions Options(params SslApplicationProtocol[] protocols)
    {
        var loaded = Current();
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = loaded.Certificate,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [.. protocols],
            ClientCertificateRequired = IsMutual,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => loaded.Authority is null || certificate is X509Certificate2 peer && IsTrusted(peer, loaded.Authority),
        };
    }

    private static bool IsTrusted(X509Certificate2 peer, X509Certificate2Collection authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientUse));
        return chain.Build(peer);
    }

    private Loaded Current()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            if (now - _looked < LookEvery) return _loaded;
            _looked = now;
            try
            {
                if (Stamp() is var stamp && (stamp.AsSpan().SequenceEqual(_loaded.Stamp) || stamp.AsSpan().SequenceEqual(_refused))) return _loaded;
                _refused = stamp;
                _loaded = Load();
                _refused = [];
            }
            catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
            {
                // A key is often written a moment after its certificate.
                _problem(e.Message);
            }
            return _loaded;
        }
    }

    private byte[] Stamp() => SHA256.HashData([.. _paths.SelectMany(p => SHA256.HashData(File.ReadAllBytes(p)))]);

    private Loaded Load()
    {
        var at = _paths[0];
        try
        {
            var stamp = Stamp();
            var leaf = X509Certificate2.CreateFromPemFile(_paths[0], at = _paths[1]);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(at = _paths[0]);
            X509Certificate2Collection? authority = null;
            if (IsMutual)
            {
                authority = [];
                authority.ImportFromPemFile(at = _paths[2]);
                if (authority.Count == 0) throw new CryptographicException("it holds no certificate");
            }
            return new Loaded(SslStreamCertificateContext.Create(leaf, chain, offline: true), authority, stamp);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidOperationException($"'{at}' cannot be used for TLS: {e.Message}", e);
        }
    }

    private sealed record Loaded(SslStreamCertificateContext Certificate, X509Certificate2Collection? Authority, byte[] Stamp);
}
