using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PolicyEngine.Testing;

/// <summary>A certificate authority of a test, and what it signs, as PEM files in a folder of their own.</summary>
public sealed class Authority : IDisposable
{
    private readonly X509Certificate2 _root;

    public Authority(string name = "test authority")
    {
        Folder = Directory.CreateTempSubdirectory("policyengine-tls-").FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(Root, _root.ExportCertificatePem());
    }

    public string Folder { get; }

    public string Root => Path.Combine(Folder, "ca.pem");

    /// <summary>Writes NAME.pem and NAME.key; names with <c>://</c> are URIs, the others DNS names or addresses.</summary>
    public (string Certificate, string Key) Sign(string name, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var san = new SubjectAlternativeNameBuilder();
        foreach (var n in names)
        {
            if (n.Contains("://", StringComparison.Ordinal)) san.AddUri(new Uri(n));
            else if (IPAddress.TryParse(n, out var address)) san.AddIpAddress(address);
            else san.AddDnsName(n);
        }
        if (names.Length > 0) request.CertificateExtensions.Add(san.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var signed = request.Create(_root, TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(12), RandomNumberGenerator.GetBytes(8));
        var (certificate, privateKey) = (Path.Combine(Folder, $"{name}.pem"), Path.Combine(Folder, $"{name}.key"));
        File.WriteAllText(certificate, signed.ExportCertificatePem());
        File.WriteAllText(privateKey, key.ExportPkcs8PrivateKeyPem());
        return (certificate, privateKey);
    }

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
