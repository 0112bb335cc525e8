using System.Text.Json;
using PolicyEngine.Ir;

namespace PolicyEngine.Changes.Journal;

/// <summary>
/// A line of the journal. Its hash covers its content and the hash before it, so that no record can be altered, dropped or put in without the
/// chain showing where.
/// </summary>
public sealed record JournalRecord(long Sequence, DateTimeOffset At, string Actor, string ChangeId, string Payload, Revision Previous, Revision Hash)
{
    public ChangeEvent Event => JsonSerializer.Deserialize<ChangeEvent>(Payload, JournalJson.Options) ?? throw new InvalidDataException($"record {Sequence} of the journal is empty");

    public static JournalRecord Of(long sequence, DateTimeOffset at, string actor, string changeId, ChangeEvent happened, Revision previous)
    {
        var payload = JsonSerializer.Serialize(happened, JournalJson.Options);
        return new JournalRecord(sequence, at, actor, changeId, payload, previous, HashOf(sequence, at, actor, changeId, payload, previous));
    }

    public bool IsSound => Hash == HashOf(Sequence, At, Actor, ChangeId, Payload, Previous);

    private static Revision HashOf(long sequence, DateTimeOffset at, string actor, string changeId, string payload, Revision previous) =>
        Revision.Of(JsonSerializer.Serialize<object[]>([sequence, at.UtcTicks, actor, changeId, payload, previous.ToString()]));
}

/// <summary>What is wrong with a journal, and at which record; null sequence: all is well.</summary>
public sealed record JournalVerdict(long Records, Revision Head, long? FirstBad, string? Problem)
{
    public bool IsSound => FirstBad is null;

    public static JournalVerdict Of(IEnumerable<JournalRecord> records)
    {
        var (count, head) = (0L, Revision.None);
        foreach (var record in records)
        {
            if (record.Sequence != count + 1) return new(count, head, count + 1, $"record {count + 1} is missing");
            if (record.Previous != head) return new(count, head, record.Sequence, $"record {record.Sequence} does not follow the one before it");
            if (!record.IsSound) return new(count, head, record.Sequence, $"record {record.Sequence} was altered");
            (count, head) = (record.Sequence, record.Hash);
        }
        return new(count, head, null, null);
    }
}
