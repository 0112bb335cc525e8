using System.Buffers.Binary;
using System.Text;

namespace PolicyEngine.Benchmarks;

/// <summary>As much of MessagePack as circuits speak: nil, booleans, whole numbers, texts, bytes, arrays, maps.</summary>
internal static class Pack
{
    /// <summary>An invocation without an answer, with its length before it, as the hub protocol frames it.</summary>
    public static byte[] Call(string target, params object?[] arguments)
    {
        var body = new List<byte> { 0x95, 1, 0x80, 0xc0 };
        Write(body, target);
        body.Add((byte)(0x90 + arguments.Length));
        foreach (var argument in arguments) Write(body, argument);
        var framed = new List<byte>();
        for (var length = body.Count; ; length >>= 7)
        {
            framed.Add((byte)(length & 0x7f | (length > 0x7f ? 0x80 : 0)));
            if (length <= 0x7f) break;
        }
        framed.AddRange(body);
        return [.. framed];
    }

    /// <summary>The value at the position, which moves behind it.</summary>
    public static object? Read(ReadOnlySpan<byte> data, ref int at)
    {
        var head = data[at++];
        switch (head)
        {
            case <= 0x7f: return (long)head;
            case >= 0xe0: return (long)(sbyte)head;
            case <= 0x8f: return Items(data, ref at, 2 * (head & 0x0f));
            case <= 0x9f: return Items(data, ref at, head & 0x0f);
            case <= 0xbf: return Text(data, ref at, head & 0x1f);
            case 0xc0: return null;
            case 0xc2 or 0xc3: return head == 0xc3;
            case 0xc4 or 0xc5 or 0xc6: return Bytes(data, ref at, (int)Number(data, ref at, 1 << (head - 0xc4)));
            case >= 0xcc and <= 0xcf: return Number(data, ref at, 1 << (head - 0xcc));
            case >= 0xd0 and <= 0xd3: return Number(data, ref at, 1 << (head - 0xd0));
            case 0xd9 or 0xda or 0xdb: return Text(data, ref at, (int)Number(data, ref at, 1 << (head - 0xd9)));
            case 0xdc or 0xdd: return Items(data, ref at, (int)Number(data, ref at, 2 << (head - 0xdc)));
            case 0xde or 0xdf: return Items(data, ref at, 2 * (int)Number(data, ref at, 2 << (head - 0xde)));
            default: throw new InvalidDataException($"0x{head:x2} is nothing that a circuit sends");
        }
    }

    private static void Write(List<byte> to, object? value)
    {
        switch (value)
        {
            case null: to.Add(0xc0); break;
            case bool yes: to.Add(yes ? (byte)0xc3 : (byte)0xc2); break;
            case long number:
                to.Add(0xd3);
                to.AddRange(Big(number, 8));
                break;
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                to.Add(0xdb);
                to.AddRange(Big(bytes.Length, 4));
                to.AddRange(bytes);
                break;
            default: throw new ArgumentException($"{value.GetType()} is not sent", nameof(value));
        }
    }

    private static byte[] Big(long value, int bytes)
    {
        var big = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(big, value);
        return big[(8 - bytes)..];
    }

    /// <summary>Ids and counts only, so the sign plays no part.</summary>
    private static long Number(ReadOnlySpan<byte> data, ref int at, int bytes)
    {
        var value = 0L;
        for (var i = 0; i < bytes; i++) value = value << 8 | data[at++];
        return value;
    }

    private static string Text(ReadOnlySpan<byte> data, ref int at, int length) => Encoding.UTF8.GetString(Bytes(data, ref at, length));

    private static byte[] Bytes(ReadOnlySpan<byte> data, ref int at, int length) => data[at..(at += length)].ToArray();

    private static object?[] Items(ReadOnlySpan<byte> data, ref int at, int count)
    {
        var items = new object?[count];
        for (var i = 0; i < count; i++) items[i] = Read(data, ref at);
        return items;
    }
}
