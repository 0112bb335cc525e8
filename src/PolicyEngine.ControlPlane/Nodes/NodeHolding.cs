using System.Collections.Immutable;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Nodes;

/// <summary>A resource as it was sent to a client, and what the client said to it.</summary>
public sealed record HeldResource(Resource Resource, SyncState State);

/// <summary>All of a type that a client was sent on a stream.</summary>
public sealed record TypeHolding(TypeStatus Status, ImmutableArray<HeldResource> Resources);

/// <summary>A connected stream, to those that look on.</summary>
internal interface INodeStream
{
    NodeIdentity Identity { get; }

    NodeStatus Status { get; }

    ImmutableArray<TypeHolding> Holdings { get; }
}

/// <summary>One of which no more is known than how it stands.</summary>
internal sealed class StatusOnly(Func<NodeStatus> status) : INodeStream
{
    public NodeIdentity Identity => Status.Node;

    public NodeStatus Status => status();

    public ImmutableArray<TypeHolding> Holdings => [];
}
