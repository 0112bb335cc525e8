using PolicyEngine.Changes.Stores;
using PolicyEngine.Planning;
using PolicyEngine.Policies;
using PolicyEngine.Xds;

namespace PolicyEngine.Engine;

/// <summary>Takes a snapshot to whoever serves it. Called after the promotion is on the record, never before.</summary>
public interface ISnapshotPublisher
{
    void Publish(Snapshot snapshot);
}

/// <summary>For commands that serve nobody.</summary>
public sealed class NoPublisher : ISnapshotPublisher
{
    public void Publish(Snapshot snapshot)
    {
    }
}

/// <summary>What the use cases stand on.</summary>
public sealed record EngineParts(IChangeStore Store, IPlanner Planner, ISnapshotPublisher Publisher, TimeProvider Time)
{
    /// <summary>How long after a promotion a node's refusal takes it back.</summary>
    public TimeSpan RefusalWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The policies of a first start.</summary>
    public PolicySet Initial { get; init; } = PolicySet.Empty;
}

/// <summary>Words, or edits for who has them already.</summary>
public sealed record Submission(string Intent, string Channel = "api")
{
    public IReadOnlyList<PolicyEdit> Edits { get; init; } = [];
}

/// <summary>Something happened to a change.</summary>
public sealed record ChangeNotice(string Change, string Event, Changes.ChangeState State, string Actor, DateTimeOffset At);
