using System.Buffers.Binary;
using System.IO.Compression;

namespace PolicyEngine.Planning.Learned;

/// <summary>
/// What was learnt: a weight a feature, by its hash, in ascending order. <c>reader.bin</c> is gzip: the SHA-256 of the sentences (32 bytes), how many
/// weights (4), their hashes (4 each), the weights (2 each, IEEE half).
/// </summary>
internal sealed class Weights
{
    private static readonly Lazy<Weights> Learnt = new(Load);
    private readonly uint[] _hashes;
    private readonly float[] _weights;

    private Weights(string data, uint[] hashes, float[] weights) => (Data, _hashes, _weights) = (data, hashes, weights);

    public static Weights Default => Learnt.Value;

    /// <summary>SHA-256, in hex, of the sentences that it was learnt from.</summary>
    public string Data { get; }

    public int Count => _hashes.Length;

    public static Weights Of(string data, IEnumerable<KeyValuePair<uint, float>> weights)
    {
        var sorted = weights.OrderBy(w => w.Key).ToArray();
        return new Weights(data, [.. sorted.Select(w => w.Key)], [.. sorted.Select(w => (float)(Half)w.Value)]);
    }

    public double Sum(IEnumerable<uint> features)
    {
        var sum = 0.0;
        foreach (var feature in features)
            if (Array.BinarySearch(_hashes, feature) is var at and >= 0) sum += _weights[at];
        return sum;
    }

    public void Save(string path)
    {
        var bytes = new byte[36 + 6 * Count];
        Convert.FromHexString(Data).CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(32), Count);
        for (var i = 0; i < Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(36 + 4 * i), _hashes[i]);
            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(36 + 4 * Count + 2 * i), (Half)_weights[i]);
        }
        using var packed = new GZipStream(File.Create(path), CompressionLevel.SmallestSize);
        packed.Write(bytes);
    }

    private static Weights Load()
    {
        using var packed = typeof(Weights).Assembly.GetManifestResourceStream("reader.bin");
        if (packed is null) return new Weights("", [], []);
        using var buffer = new MemoryStream();
        using (var plain = new GZipStream(packed, CompressionMode.Decompress)) plain.CopyTo(buffer);
        var bytes = buffer.ToArray().AsSpan();
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]);
        var (hashes, weights) = (new uint[count], new float[count]);
        for (var i = 0; i < count; i++)
        {
            hashes[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(36 + 4 * i)..]);
            weights[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(36 + 4 * count + 2 * i)..]);
        }
        return new Weights(Convert.ToHexStringLower(bytes[..32]), hashes, weights);
    }
}
