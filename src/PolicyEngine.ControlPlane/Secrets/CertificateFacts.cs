using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using PolicyEngine.ControlPlane.Admission;

namespace PolicyEngine.ControlPlane.Secrets;

/// <summary>What of a certificate everybody may know.</summary>
/// <param name="Names">DNS names, URIs and addresses of its subject.</param>
/// <param name="Fingerprint">SHA-256 of the certificate, in hex.</param>
public sealed record CertificateFacts(string Subject, ImmutableArray<string> Names, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Fingerprint)
{
    internal static CertificateFacts Of(X509Certificate2 certificate) => new(
        certificate.Subject,
        [.. Peer.NamesOf(certificate), .. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateIPAddresses()).Select(a => a.ToString())],
        certificate.NotBefore.ToUniversalTime(),
        certificate.NotAfter.ToUniversalTime(),
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(certificate.RawData)));
}
