using System.Buffers.Binary;

namespace PolicyEngine.ControlPlane.Tests.Fuzz;

/// <summary>
/// Makes hostile conversations of recorded ones, by a seed. Most changes are to messages (their gRPC prefix kept right), so that a connection
/// lives on and what is behind the framing is reached; the others are to frames, of which the first wrong one often ends the connection.
/// </summary>
public sealed class Mutator(IReadOnlyList<IReadOnlyList<Frame>> recordings, int seed)
{
    /// <summary>Bytes that mean something at edges: of varints, of tags, of lengths.</summary>
    private static readonly byte[] Edges = [0x00, 0x01, 0x02, 0x07, 0x0a, 0x12, 0x7f, 0x80, 0xfe, 0xff];

    private readonly Random _random = new(seed);

    public List<Frame> Next()
    {
        var frames = new List<Frame>();
        foreach (var frame in Any(recordings))
        {
            if (frame.Type != Frame.Data || frame.Length == 0)
            {
                frames.Add(_random.Next(60) == 0 ? Broken(frame) : frame);
                continue;
            }
            // Several messages where there was one, and only the last may end the stream.
            for (var i = _random.Next(1, 24); i > 0; i--) frames.Add(_random.Next(80) == 0 ? Broken(frame) : Message(frame) with { Flags = 0 });
            frames.Add(frame);
        }
        if (_random.Next(8) == 0) frames.RemoveRange(_random.Next(frames.Count), 1);
        if (_random.Next(8) == 0) (frames[0], frames[^1]) = (frames[^1], frames[0]);
        return frames;
    }

    private Frame Message(Frame frame)
    {
        var message = Bytes(frame.Payload.AsSpan(Math.Min(5, frame.Payload.Length)).ToArray());
        var payload = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(1), message.Length);
        message.CopyTo(payload, 5);
        return frame.With(payload);
    }

    private Frame Broken(Frame frame) => _random.Next(7) switch
    {
        0 => frame with { Length = _random.Next(1 << 15) },
        1 => frame with { Type = (byte)_random.Next(12) },
        2 => frame with { Flags = (byte)_random.Next(256) },
        3 => frame with { Stream = (uint)_random.Next(12) },
        4 => frame.With(Bytes(frame.Payload)),
        5 => frame.With(Random(_random.Next(200))),
        _ => Any(Any(recordings)),
    };

    private byte[] Bytes(byte[] bytes)
    {
        var changed = bytes.ToList();
        for (var i = _random.Next(1, 5); i > 0; i--)
        {
            var at = _random.Next(changed.Count + 1);
            switch (_random.Next(6))
            {
                case 0 when at < changed.Count: changed[at] ^= (byte)(1 << _random.Next(8)); break;
                case 1 when at < changed.Count: changed[at] = Any(Edges); break;
                case 2: changed.RemoveRange(at, _random.Next(changed.Count - at + 1)); break;
                case 3: changed.InsertRange(at, Random(_random.Next(1, 40))); break;
                case 4: changed.InsertRange(at, Enumerable.Repeat(Any(Edges), _random.Next(1, 200))); break;
                default:
                    var other = Any(Any(recordings)).Payload;
                    changed.InsertRange(at, other.Skip(_random.Next(other.Length + 1)).Take(300));
                    break;
            }
        }
        return [.. changed];
    }

    private byte[] Random(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private T Any<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];
}
