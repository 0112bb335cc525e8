using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PolicyEngine.Ir;

/// <summary>
/// The identity of content: 64 lower-case hex digits, the SHA-256 of canonical bytes. Two things are equal exactly when their
/// revisions are; no clock, counter or random number ever takes part.
/// </summary>
public readonly record struct Revision : IComparable<Revision>
{
    private readonly string? _hex;

    private Revision(string hex) => _hex = hex;

    /// <summary>The revision of nothing: what stands before the first promotion.</summary>
    public static Revision None => default;

    public bool IsNone => _hex is null;

    /// <summary>The first twelve digits, as people are shown it.</summary>
    public string Short => _hex is null ? "none" : _hex[..12];

    public static Revision Of(ReadOnlySpan<byte> canonicalBytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(canonicalBytes, hash);
        return new Revision(Convert.ToHexStringLower(hash));
    }

    public static Revision Of(string canonicalText) => Of(Encoding.UTF8.GetBytes(canonicalText));

    /// <summary>
    /// The revision of a sequence of named parts. Each part is length-prefixed, so no two sequences share a form; the caller
    /// supplies a canonical order.
    /// </summary>
    public static Revision Combine(IEnumerable<(string Name, Revision Revision)> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new ArrayBufferWriter<byte>(256);
        foreach (var (name, revision) in parts)
        {
            buffer.ResetWrittenCount();
            Append(buffer, name);
            Append(buffer, revision.ToString());
            hash.AppendData(buffer.WrittenSpan);
        }
        return new Revision(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Reads what <see cref="ToString"/> wrote. Throws <see cref="FormatException"/> for anything else.</summary>
    public static Revision Parse(string text) =>
        TryParse(text, out var revision) ? revision : throw new FormatException($"'{text}' is not a revision (64 hex digits)");

    public static bool TryParse(string? text, out Revision revision)
    {
        revision = default;
        if (text == "none") return true;
        if (text is null || text.Length != 2 * SHA256.HashSizeInBytes || text.Any(c => !char.IsAsciiHexDigitLower(c))) return false;
        revision = new Revision(text);
        return true;
    }

    public int CompareTo(Revision other) => string.CompareOrdinal(_hex, other._hex);

    public override string ToString() => _hex ?? "none";

    private static void Append(ArrayBufferWriter<byte> buffer, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteInt32BigEndian(buffer.GetSpan(4), length);
        buffer.Advance(4);
        Encoding.UTF8.GetBytes(text, buffer.GetSpan(length));
        buffer.Advance(length);
    }
}
