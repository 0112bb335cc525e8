using PolicyEngine.Agent.Staging;
using PolicyEngine.ControlPlane.Collections;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Ir;
using PolicyEngine.Protos.Collections.V1;

namespace PolicyEngine.Agent.Upstream;

/// <summary>What an agent says to its server.</summary>
internal static class Requests
{
    /// <summary>A server takes requests of twice that size.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    // With names as long as they usually are, about as many bytes as a request may have.
    private const int MostVersions = 150_000;

    /// <summary>All collections, as differences to what is held where that is told. What is held in very many versions is told by its hash alone.</summary>
    public static WatchRequest Subscribe(AgentOptions options, AppliedVersion? held)
    {
        var subscription = new Subscription { Node = new Node { Id = options.Node, Cluster = options.Cluster, Metadata = { options.Metadata } }, Incremental = true };
        var versions = 0;
        foreach (var set in held?.Snapshot.Sets ?? [])
        {
            var told = new Held { Hash = set.Version.ToString() };
            if ((versions += set.Resources.Count) <= MostVersions) told.Versions.Add(set.Resources.ToDictionary(r => r.Key, r => r.Value.Revision.Short));
            subscription.Held.Add(CollectionNames.Of(set.Type), told);
        }
        return new WatchRequest { Subscription = subscription };
    }

    public static WatchRequest Answer(string nonce, Verdict.Refused? refused) => new()
    {
        Answer = new Answer { Nonce = nonce, Refusal = refused is null ? null : new Refusal { Message = refused.Message, Collection = refused.Collection } },
    };

    /// <summary>The Envoys that are connected here, and what they acknowledged and refused; as many as go into a request.</summary>
    public static WatchRequest Report(IEnumerable<NodeStatus> nodes)
    {
        var bytes = 0;
        return new WatchRequest { Report = new NodeReport { Nodes = { nodes.Take(CollectionLimits.MostReportedNodes).Select(Node).TakeWhile(n => (bytes += n.CalculateSize()) <= MostBytes) } } };
    }

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
