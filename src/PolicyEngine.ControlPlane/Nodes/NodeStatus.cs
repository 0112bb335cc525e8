using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Nodes;

/// <summary>Where a node stands with a type: never asked; sent and not answered; acknowledged; refused.</summary>
public enum SyncState { NotSent, Sent, Synced, Rejected }

/// <summary>A refusal, as the node worded it (bounded, never interpreted), with the documents that may be behind it.</summary>
public sealed record Rejection(DateTimeOffset At, Revision Version, string Message, ImmutableArray<string> Suspects);

public sealed record TypeStatus(ResourceType Type, SyncState State, Revision Sent, Revision Acknowledged, Rejection? Rejection);

public sealed record NodeStatus
{
    public const string Delta = "delta";
    public const string StateOfTheWorld = "state-of-the-world";

    /// <summary>Unique among the streams of this process.</summary>
    public required long Stream { get; init; }

    public required NodeIdentity Node { get; init; }

    /// <summary>Null while no fleet wants the node.</summary>
    public string? Fleet { get; init; }

    public required DateTimeOffset ConnectedAt { get; init; }

    /// <summary><c>delta</c> or <c>state-of-the-world</c>.</summary>
    public required string Protocol { get; init; }

    public ImmutableArray<TypeStatus> Types { get; init; } = [];

    /// <summary>Rejected if any type is; synced if all that were asked for are.</summary>
    public SyncState State =>
        Types.Any(t => t.State == SyncState.Rejected) ? SyncState.Rejected
        : Types.IsEmpty || Types.All(t => t.State == SyncState.NotSent) ? SyncState.NotSent
        : Types.Any(t => t.State == SyncState.Sent) ? SyncState.Sent
        : SyncState.Synced;
}

/// <summary>Something that a node did. <see cref="Rejection"/> is set where it refused.</summary>
public sealed record NodeEvent(NodeEventKind Kind, string NodeId, string? Fleet, ResourceType? Type, Revision Version, Rejection? Rejection = null);

public enum NodeEventKind { Connected, Disconnected, Acknowledged, Rejected }
