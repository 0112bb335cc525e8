using System.Buffers;
using System.Text;
using Google.Protobuf;

namespace PolicyEngine.ControlPlane.Wire;

/// <summary>Protobuf fields by hand, where a message is put together from parts that are encoded already.</summary>
internal static class ProtoWriter
{
    public static void Text(IBufferWriter<byte> target, int field, string text)
    {
        if (text.Length == 0) return;
        var length = Encoding.UTF8.GetByteCount(text);
        Head(target, field, length);
        Encoding.UTF8.GetBytes(text, target.GetSpan(length));
        target.Advance(length);
    }

    public static void Bytes(IBufferWriter<byte> target, int field, ReadOnlySpan<byte> bytes)
    {
        Head(target, field, bytes.Length);
        target.Write(bytes);
    }

    public static void Message(IBufferWriter<byte> target, int field, IMessage message)
    {
        var bytes = Xds.Canonical.Bytes(message);
        Bytes(target, field, bytes);
    }

    private static void Head(IBufferWriter<byte> target, int field, int length)
    {
        var span = target.GetSpan(10);
        var at = Varint(span, WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited));
        at += Varint(span[at..], (uint)length);
        target.Advance(at);
    }

    private static int Varint(Span<byte> target, uint value)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7) target[at++] = (byte)(value | 0x80);
        target[at++] = (byte)value;
        return at;
    }
}
