using System.Buffers.Binary;

namespace PolicyEngine.ControlPlane.Tests.Fuzz;

/// <summary>An HTTP/2 frame (RFC 9113 §4.1): nine bytes of header, and a payload whose length the header may lie about.</summary>
public sealed record Frame(int Length, byte Type, byte Flags, uint Stream, byte[] Payload)
{
    public const byte Data = 0, Headers = 1, Settings = 4;

    public const byte EndsStream = 1;

    /// <summary>The frames of what a client wrote after the preface; an unfinished one at the end is left out.</summary>
    public static List<Frame> Parse(ReadOnlySpan<byte> bytes)
    {
        var frames = new List<Frame>();
        while (bytes.Length >= 9 && (bytes[0] << 16 | bytes[1] << 8 | bytes[2]) is var length && bytes.Length >= 9 + length)
        {
            frames.Add(new Frame(length, bytes[3], bytes[4], BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]), bytes.Slice(9, length).ToArray()));
            bytes = bytes[(9 + length)..];
        }
        return frames;
    }

    public void WriteTo(Stream stream)
    {
        Span<byte> header = stackalloc byte[9];
        BinaryPrimitives.WriteUInt32BigEndian(header, (uint)Length << 8);
        (header[3], header[4]) = (Type, Flags);
        BinaryPrimitives.WriteUInt32BigEndian(header[5..], Stream);
        stream.Write(header);
        stream.Write(Payload);
    }

    public Frame With(byte[] payload) => this with { Payload = payload, Length = payload.Length };
}
