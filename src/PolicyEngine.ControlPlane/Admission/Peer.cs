using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using PolicyEngine.Xds;

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

    /// <summary>Whether nobody can listen in: TLS, or the same machine.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Throws <see cref="RpcException"/> where secrets would go out for all to read.</summary>
    internal void MayBeGiven(Snapshot snapshot, IEnumerable<ResourceType> types)
    {
        if (!IsPrivate && !snapshot[ResourceType.Secret].Resources.IsEmpty && types.Contains(ResourceType.Secret))
            throw new RpcException(new Status(StatusCode.PermissionDenied, $"secrets go over TLS or to the same machine only, and the connection of {this} is neither"));
    }

    public static Peer Of(HttpContext http) =>
        new(http.Connection.RemoteIpAddress?.ToString() ?? "", http.Connection.ClientCertificate is { } certificate ? NamesOf(certificate) : null)
        {
            IsPrivate = http.Features.Get<ITlsHandshakeFeature>() is not null || http.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address),
        };

    public override string ToString() => Names is { } names ? names.IsEmpty ? "a certificate without names" : string.Join(", ", names) : Address;

    internal static ImmutableArray<string> NamesOf(X509Certificate2 certificate)
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
