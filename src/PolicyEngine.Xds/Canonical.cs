using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace PolicyEngine.Xds;

/// <summary>
/// The one serialiser. Protobuf's own leaves map order to the insertion order, and <c>Any.Pack</c> freezes such bytes where no later
/// setting reaches them; equal messages must give equal bytes, on every replica and every run (DESIGN promise 4).
/// </summary>
public static class Canonical
{
    public const string TypeUrlPrefix = "type.googleapis.com/";

    public static byte[] Bytes(IMessage message)
    {
        var bytes = new byte[message.CalculateSize()];
        using var output = new CodedOutputStream(bytes) { Deterministic = true };
        message.WriteTo(output);
        output.CheckNoSpaceLeft();
        return bytes;
    }

    public static ByteString ByteString(IMessage message) => UnsafeByteOperations.UnsafeWrap(Bytes(message));

    public static Any Pack(IMessage message) => new() { TypeUrl = TypeUrlPrefix + message.Descriptor.FullName, Value = ByteString(message) };
}
