using System.Security.Cryptography;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf;
using PolicyEngine.Ir;

namespace PolicyEngine.Xds;

/// <summary>
/// A revision is shown everywhere, so that of a secret must tell nothing of its key: it is an authentication code of all the rest, made with the
/// key. It still moves with every byte, and is the same wherever it is worked out.
/// </summary>
internal static class SecretRevision
{
    public static Revision Of(ReadOnlyMemory<byte> body)
    {
        Secret secret;
        try
        {
            secret = Secret.Parser.ParseFrom(body.Span);
        }
        catch (InvalidProtocolBufferException)
        {
            // Whoever parses it says so; until then it is bytes.
            return Revision.Of(body.Span);
        }
        if (secret.TlsCertificate?.PrivateKey?.InlineBytes is not { IsEmpty: false } key) return Revision.Of(body.Span);
        secret.TlsCertificate.PrivateKey = null;
        return Revision.Of(HMACSHA256.HashData(key.Span, Canonical.Bytes(secret)));
    }
}
