using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies;

namespace PolicyEngine.Planning.Models.Judging;

/// <summary>A reading that somebody was shown, by the hash of its effect.</summary>
internal sealed record KnownReading(ImmutableArray<PolicyEdit> Edits, ModelProvenance Provenance);

/// <summary>The readings of the last questions, so that an answer need not ask the model again; the oldest go first.</summary>
internal sealed class KnownReadings
{
    private const int Most = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<Revision, KnownReading> _readings = [];
    private readonly Queue<Revision> _order = new();

    public void Remember(Revision hash, KnownReading reading)
    {
        lock (_gate)
        {
            if (!_readings.TryAdd(hash, reading)) return;
            _order.Enqueue(hash);
            if (_order.Count > Most) _readings.Remove(_order.Dequeue());
        }
    }

    /// <summary>The reading whose hash begins so, if its effect on these policies is still the one that was shown.</summary>
    public KnownReading? Find(string shortHash, PolicySet policies)
    {
        lock (_gate)
        {
            var (hash, reading) = _readings.FirstOrDefault(r => r.Key.Short == shortHash);
            return reading is not null && Effect.Hash(reading.Edits, policies) == hash ? reading : null;
        }
    }
}
