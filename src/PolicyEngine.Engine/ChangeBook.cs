using System.Collections.Immutable;
using PolicyEngine.Changes;
using PolicyEngine.Changes.Journal;
using PolicyEngine.Changes.Stores;

namespace PolicyEngine.Engine;

/// <summary>All changes, as the journal adds up to; every step goes through the state machine, then the store, then here.</summary>
internal sealed class ChangeBook(IChangeStore store, TimeProvider time, Notices<ChangeNotice> notices)
{
    private ImmutableSortedDictionary<long, Change> _changes = ImmutableSortedDictionary<long, Change>.Empty;

    public IEnumerable<Change> All => _changes.Values;

    public Change? Find(string id) => Number(id) is { } n ? _changes.GetValueOrDefault(n) : null;

    /// <summary>What the journal says, through the same machine that made it.</summary>
    public void Replay(IEnumerable<JournalRecord> journal)
    {
        foreach (var record in journal)
        {
            if (record.Event is RemedyNoted) continue;
            var (change, refusal) = ChangeMachine.Apply(Find(record.ChangeId), record.ChangeId, record.Event, record.Actor, record.At);
            if (change is null) throw new InvalidDataException($"record {record.Sequence} of the journal cannot be: {refusal}");
            Keep(change);
        }
    }

    public string NextId() => $"c-{(_changes.IsEmpty ? 0 : _changes.Keys.Last()) + 1}";

    /// <summary>Records a step, or says why it may not be. With a move that lost the race, the refusal is a conflict.</summary>
    public Outcome<Change> Step(string id, ChangeEvent happened, Actor actor, HeadMove? move = null)
    {
        var now = time.GetUtcNow();
        var (change, refusal) = ChangeMachine.Apply(Find(id), id, happened, actor.Name, now);
        if (change is null) return new Refusal(Find(id) is null ? RefusalKind.NotFound : RefusalKind.Conflict, refusal!);
        try
        {
            if (store.Append(id, happened, actor, now, move) is null) return new Refusal(RefusalKind.Conflict, "something else was promoted in the meantime");
        }
        catch (StoreUnavailableException e)
        {
            return new Refusal(RefusalKind.Unavailable, e.Message);
        }
        Keep(change);
        notices.Tell(new ChangeNotice(id, happened.GetType().Name, change.State, actor.Name, now));
        return change;
    }

    private void Keep(Change change) => _changes = _changes.SetItem(Number(change.Id) ?? throw new InvalidDataException($"'{change.Id}' is no change id"), change);

    private static long? Number(string id) => id.StartsWith("c-", StringComparison.Ordinal) && long.TryParse(id.AsSpan(2), out var n) && n > 0 && id == $"c-{n}" ? n : null;
}
