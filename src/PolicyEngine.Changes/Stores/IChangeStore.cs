using System.Collections.Immutable;
using PolicyEngine.Changes.Journal;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Xds;

namespace PolicyEngine.Changes.Stores;

/// <summary>What is served: a policy set and a snapshot a fleet, by revision.</summary>
public sealed record Head(Revision Policies, ImmutableSortedDictionary<string, Revision> Snapshots)
{
    public static readonly Head Empty = new(Revision.None, ImmutableSortedDictionary<string, Revision>.Empty.WithComparers(StringComparer.Ordinal));
}

/// <summary>Moves the head from one policy revision to a whole new state, or not at all.</summary>
public sealed record HeadMove(Revision From, PolicySet Policies, IReadOnlyCollection<Snapshot> Snapshots);

/// <summary>
/// Keeps the journal, and what the head names. A step is one transaction: its record, and the head's move with it, or nothing. Throws
/// <see cref="StoreUnavailableException"/> where the store cannot be read or written.
/// </summary>
public interface IChangeStore : IDisposable
{
    IReadOnlyList<JournalRecord> Journal();

    Head Head();

    /// <summary>The documents of a policy set that was once the head, as one YAML or JSON text each.</summary>
    PolicySet? Policies(Revision revision);

    /// <summary>Throws <see cref="InvalidDataException"/> when what is kept is not what its revision says.</summary>
    Snapshot? Snapshot(Revision revision);

    /// <summary>Appends a step; gives null, and writes nothing, when a move's <see cref="HeadMove.From"/> is not the head any more.</summary>
    JournalRecord? Append(string changeId, ChangeEvent happened, Actor actor, DateTimeOffset at, HeadMove? move = null);
}

public sealed class StoreUnavailableException(string message, Exception inner) : Exception(message, inner);
