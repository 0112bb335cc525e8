using PolicyEngine.Changes.Stores;
using PolicyEngine.Planning;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Approvals;
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

    /// <summary>Who must approve what; asked each time, as the file may change.</summary>
    public Func<ApprovalSpec> Approval { get; init; } = () => ApprovalSpec.Default;

    /// <summary>How many users there are now.</summary>
    public Func<int> People { get; init; } = () => 1;

    /// <summary>The policies of a first start.</summary>
    public PolicySet Initial { get; init; } = PolicySet.Empty;
}

/// <summary>Words, or edits for who has them already.</summary>
public sealed record Submission(string Intent, string Channel = "api")
{
    public IReadOnlyList<PolicyEdit> Edits { get; init; } = [];

    /// <summary>The conversation that it is a turn of; null for none.</summary>
    public string? Conversation { get; init; }

    /// <summary>Whether it begins a conversation, which then bears the id of its first change.</summary>
    public bool StartsConversation { get; init; }
}

/// <summary>Something happened to a change, or a planner works on it: then the detail says what it is doing.</summary>
public sealed record ChangeNotice(string Change, string Event, Changes.ChangeState State, string Actor, DateTimeOffset At, string? Detail = null);
