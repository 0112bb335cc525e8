using System.Collections.Immutable;

namespace PolicyEngine.Console.Sources;

/// <summary>Who is connected and what they acknowledged. The host knows; the console has no way to the control plane.</summary>
public interface INodes : ILiveSource
{
    IReadOnlyList<NodeView> Nodes { get; }

    /// <summary>How many nodes of each fleet have what is served now.</summary>
    IReadOnlyList<FleetStatus> Fleets { get; }

    /// <summary>The last refusals, newest first; also those that were settled since, as by a promotion that went back.</summary>
    IReadOnlyList<RefusalView> Refusals { get; }
}

public enum NodeState { Waiting, Sent, Synced, Refused }

/// <summary>A refusal in the node's own words: text, never more. <paramref name="Suspects"/> are the documents that may be behind it.</summary>
public sealed record RefusalView(string Node, string Type, DateTimeOffset At, string Version, string Message, ImmutableArray<string> Suspects);

public sealed record NodeTypeView(string Type, NodeState State, string Acknowledged, RefusalView? Refusal);

/// <param name="Stream">Unique: a node may be connected more than once.</param>
/// <param name="Fleet">Null while no fleet wants the node.</param>
public sealed record NodeView(long Stream, string Id, string Agent, string? Fleet, DateTimeOffset ConnectedAt, string Protocol, NodeState State, ImmutableArray<NodeTypeView> Types);

public sealed record FleetStatus(string Fleet, string Revision, int Nodes, int Acknowledged, int Refused)
{
    public int Pending => Math.Max(0, Nodes - Acknowledged - Refused);
}
