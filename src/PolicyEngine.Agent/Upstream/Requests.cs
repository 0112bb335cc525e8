using PolicyEngine.Agent.Staging;
using PolicyEngine.ControlPlane.Collections;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Ir;
using PolicyEngine.Protos.Collections.V1;

namespace PolicyEngine.Agent.Upstream;

/// <summary>What an agent says to its server.</summary>
internal static class Requests
{
    /// <summary>All collections, as differences to what is held where that is told.</summary>
    public static WatchRequest Subscribe(AgentOptions options, AppliedVersion? held)
    {
        var subscription = new Subscription { Node = new Node { Id = options.Node, Cluster = options.Cluster, Metadata = { options.Metadata } }, Incremental = true };
        foreach (var set in held?.Snapshot.Sets ?? [])
            subscription.Held.Add(CollectionNames.Of(set.Type), new Held { Hash = set.Version.ToString(), Versions = { set.Resources.ToDictionary(r => r.Key, r => r.Value.Revision.Short) } });
        return new WatchRequest { Subscription = subscription };
    }

    public static WatchRequest Answer(string nonce, Verdict.Refused? refused) => new()
    {
        Answer = new Answer { Nonce = nonce, Refusal = refused is null ? null : new Refusal { Message = refused.Message, Collection = refused.Collection } },
    };

    /// <summary>The Envoys that are connected here, and what they acknowledged and refused.</summary>
    public static WatchRequest Report(IEnumerable<NodeStatus> nodes) => new() { Report = new NodeReport { Nodes = { nodes.Take(CollectionLimits.MostReportedNodes).Select(Node) } } };

    private static ReportedNode Node(NodeStatus node) => new()
    {
        Stream = node.Stream,
        Node = new Node { Id = node.Node.Id, Cluster = node.Node.Cluster, Metadata = { node.Node.Metadata } },
        UserAgent = node.Node.UserAgent,
        Protocol = node.Protocol,
        Served = node.Fleet is not null,
        Collections = { node.Types.Select(Collection) },
    };

    private static ReportedCollection Collection(TypeStatus type) => new()
    {
        Name = CollectionNames.Of(type.Type),
        State = type.State switch
        {
            SyncState.Sent => ReportedCollection.Types.State.Sent,
            SyncState.Synced => ReportedCollection.Types.State.Synced,
            SyncState.Rejected => ReportedCollection.Types.State.Rejected,
            _ => ReportedCollection.Types.State.NotSent,
        },
        Sent = Text(type.Sent),
        Acknowledged = Text(type.Acknowledged),
        Refusal = type.Rejection is { } rejection ? new ReportedRefusal { Hash = Text(rejection.Version), Message = rejection.Message, Suspects = { rejection.Suspects } } : null,
    };

    private static string Text(Revision revision) => revision.IsNone ? "" : revision.ToString();
}
