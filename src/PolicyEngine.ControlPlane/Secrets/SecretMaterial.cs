using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Envoy.Config.Core.V3;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Secrets;

/// <summary>
/// A secret as nodes get it, and what may be told of it. Only what belongs there is taken from a text: a file of certificates that holds a key too
/// does not get the key into a field that is shown.
/// </summary>
internal sealed record SecretMaterial(Xds.Resource Resource, CertificateFacts Facts)
{
    private const int FewestRsaBits = 2048;
    private const string CertificateLabel = "CERTIFICATE";
    private static readonly string[] KeyLabels = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];

    /// <summary>Throws <see cref="SecretException"/> for what an Envoy could not use.</summary>
    public static SecretMaterial Read(SecretPlace place, SecretFolder folder)
    {
        var certificates = (place.Certificate ?? place.Authority)!;
        var chain = Certificates(folder.Read(certificates), certificates);
        try
        {
            var secret = new Secret { Name = place.Name };
            var pem = ByteString.CopyFromUtf8(string.Concat(chain.Select(c => c.ExportCertificatePem() + "\n")));
            if (place.Key is { } at) secret.TlsCertificate = new TlsCertificate { CertificateChain = new DataSource { InlineBytes = pem }, PrivateKey = new DataSource { InlineBytes = Key(folder.Read(at), at, chain[0], certificates) } };
            else secret.ValidationContext = new CertificateValidationContext { TrustedCa = new DataSource { InlineBytes = pem } };
            var first = place.Key is null ? chain.MinBy(c => c.NotAfter)! : chain[0];
            return new SecretMaterial(Xds.Resource.Of(ResourceType.Secret, place.Name, secret, [$"Secret/{place.Name}"]), CertificateFacts.Of(first));
        }
        finally
        {
            foreach (var certificate in chain) certificate.Dispose();
        }
    }

    private static List<X509Certificate2> Certificates(string text, MaterialPlace at)
    {
        var found = new List<X509Certificate2>();
        try
        {
            foreach (var (label, block) in Blocks(text))
                if (label == CertificateLabel) found.Add(X509Certificate2.CreateFromPem(block));
        }
        catch (CryptographicException)
        {
            found.ForEach(c => c.Dispose());
            throw new SecretException($"{at}: its certificate number {found.Count + 1} cannot be read");
        }
        return found.Count > 0 ? found : throw new SecretException($"{at}: it holds no whole certificate (PEM)");
    }

    private static ByteString Key(string text, MaterialPlace at, X509Certificate2 certificate, MaterialPlace certificateAt)
    {
        var blocks = Blocks(text).ToList();
        if (blocks.Exists(b => b.Label == "ENCRYPTED PRIVATE KEY")) throw new SecretException($"{at}: the key is encrypted");
        if (blocks.Find(b => KeyLabels.Contains(b.Label)).Block is not { } key) throw new SecretException($"{at}: it holds no whole private key (PEM)");
        if (!Suits(key, certificate, at)) throw new SecretException($"{at}: the key is not that of the certificate in {certificateAt}");
        return ByteString.CopyFromUtf8(key + "\n");
    }

    private static bool Suits(string key, X509Certificate2 certificate, MaterialPlace at)
    {
        try
        {
            using var rsa = certificate.GetRSAPublicKey();
            if (rsa is { KeySize: < FewestRsaBits }) throw new SecretException($"{at}: an RSA key of {rsa.KeySize} bits is less than Envoy takes ({FewestRsaBits})");
            using var ec = certificate.GetECDsaPublicKey();
            AsymmetricAlgorithm? mine = rsa is not null ? RSA.Create() : ec is not null ? ECDsa.Create() : null;
            if (mine is null) throw new SecretException($"{at}: Envoy takes RSA and ECDSA keys only");
            using (mine)
            {
                mine.ImportFromPem(key);
                return mine.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(((AsymmetricAlgorithm?)rsa ?? ec)!.ExportSubjectPublicKeyInfo());
            }
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static IEnumerable<(string Label, string Block)> Blocks(string text)
    {
        for (var rest = text; PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
            yield return (rest[fields.Label], rest[fields.Location]);
    }
}
