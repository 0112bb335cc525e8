using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace PolicyEngine.ControlPlane.Admission;

/// <summary>Who is at the other end of a connection: an address, and where it showed a certificate that was checked, the names in it.</summary>
/// <param name="Names">SPIFFE ids and DNS names of the certificate (RFC 5280, subject alternative names); null where the connection has none.</param>
public sealed record Peer(string Address, ImmutableArray<string>? Names)
{
    private const string SubjectAlternativeNames = "2.5.29.17";
    private const int MostNames = 16;
    private static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    /// <summary>Whose streams are counted together. A whole fleet may bear one name, so the address is part of it.</summary>
    public string Key => Names is { IsEmpty: false } names ? $"{Address} {names[0]}" : Address;

    public static Peer Of(HttpContext http) =>
        new(http.Connection.RemoteIpAddress?.ToString() ?? "", http.Connection.ClientCertificate is { } certificate ? NamesOf(certificate) : null);

    public override string ToString() => Names is { } names ? names.IsEmpty ? "a certificate without names" : string.Join(", ", names) : Address;

    private static ImmutableArray<string> NamesOf(X509Certificate2 certificate)
    {
        try
        {
            return [.. certificate.Extensions.Where(e => e.Oid?.Value == SubjectAlternativeNames).SelectMany(e => Read(e.RawData)).Take(MostNames)];
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            // What cannot be read names nobody.
            return [];
        }
    }

    private static List<string> Read(byte[] extension)
    {
        var names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        var found = new List<string>();
        while (names.HasData)
        {
            var tag = names.PeekTag();
            if (tag.HasSameClassAndValue(Dns)) found.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, Dns));
            else if (tag.HasSameClassAndValue(Uri)) found.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, Uri));
            else names.ReadEncodedValue();
        }
        return found;
    }
}
