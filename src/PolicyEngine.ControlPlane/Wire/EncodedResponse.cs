using System.Text;
using Grpc.Core;

namespace PolicyEngine.ControlPlane.Wire;

/// <summary>
/// A discovery response: a body that all streams share, and a nonce of the stream's own (none for a fetch). The nonce is field 5 of both the state-of-the-world
/// and the delta response, and a protobuf message may be written in pieces.
/// </summary>
public sealed record EncodedResponse(ReadOnlyMemory<byte> Body, string Nonce)
{
    private const byte NonceTag = (5 << 3) | 2;

    public static Marshaller<EncodedResponse> Marshaller { get; } = new(Serialize, _ => throw new NotSupportedException("responses are only written here"));

    private static void Serialize(EncodedResponse response, SerializationContext context)
    {
        if (response.Nonce.Length == 0)
        {
            context.SetPayloadLength(response.Body.Length);
            System.Buffers.BuffersExtensions.Write(context.GetBufferWriter(), response.Body.Span);
            context.Complete();
            return;
        }
        var nonce = Encoding.ASCII.GetByteCount(response.Nonce);
        context.SetPayloadLength(response.Body.Length + 2 + nonce);
        var writer = context.GetBufferWriter();
        System.Buffers.BuffersExtensions.Write(writer, response.Body.Span);
        var span = writer.GetSpan(2 + nonce);
        span[0] = NonceTag;
        span[1] = (byte)nonce;
        Encoding.ASCII.GetBytes(response.Nonce, span[2..]);
        writer.Advance(2 + nonce);
        context.Complete();
    }
}
