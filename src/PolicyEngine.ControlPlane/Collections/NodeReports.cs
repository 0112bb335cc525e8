using System.Collections.Immutable;
using Grpc.Core;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.Ir;
using PolicyEngine.Protos.Collections.V1;
using Status = Grpc.Core.Status;

namespace PolicyEngine.ControlPlane.Collections;

/// <summary>
/// The nodes behind a client, as it reports them: they stand in the registry beside those that are connected here, and what they refuse is news
/// as if they were. Texts are bounded and never interpreted.
/// </summary>
internal sealed class NodeReports(NodeRegistry registry, string agent)
{
    private const int MostSuspects = 50;

    private readonly Dictionary<long, NodeStatus> _nodes = [];

    /// <summary>Throws <see cref="RpcException"/> for a report that is too large.</summary>
    public void Take(NodeReport report, string? fleet, DateTimeOffset now)
    {
        if (report.Nodes.Count > CollectionLimits.MostReportedNodes) throw new RpcException(new Status(StatusCode.InvalidArgument, $"a report holds {CollectionLimits.MostReportedNodes} nodes at the most"));
        var reported = new HashSet<long>();
        foreach (var node in report.Nodes)
            if (reported.Add(node.Stream)) Put(node, node.Served ? fleet : null, now);
        foreach (var gone in _nodes.Keys.Where(k => !reported.Contains(k)).ToList()) Drop(gone);
    }

    /// <summary>The client went away; of its nodes nothing is known any more.</summary>
    public void Clear()
    {
        foreach (var key in _nodes.Keys.ToList()) Drop(key);
    }

    private void Put(ReportedNode node, string? fleet, DateTimeOffset now)
    {
        var before = _nodes.GetValueOrDefault(node.Stream);
        var status = new NodeStatus
        {
            Stream = before?.Stream ?? registry.NextStream(),
            Node = Identity(node.Node ?? new Node(), node.UserAgent),
            Fleet = fleet,
            ConnectedAt = before?.ConnectedAt ?? now,
            Protocol = $"{Identities.Bounded(node.Protocol)} by {agent}",
            Types = [.. node.Collections.Select(c => Type(c, before, now)).OfType<TypeStatus>().DistinctBy(t => t.Type).OrderBy(t => t.Type.Order)],
        };
        _nodes[node.Stream] = status;
        registry.Add(status.Stream, new StatusOnly(() => status));
        if (before is null) registry.Tell(new NodeEvent(NodeEventKind.Connected, status.Node.Id, fleet, null, default));
        foreach (var type in status.Types) Tell(status, before?.Types.FirstOrDefault(t => t.Type == type.Type), type);
    }

    private void Tell(NodeStatus node, TypeStatus? before, TypeStatus now)
    {
        if (now.Rejection is { } rejection && before?.Rejection != rejection)
            registry.Tell(new NodeEvent(NodeEventKind.Rejected, node.Node.Id, node.Fleet, now.Type, rejection.Version, rejection));
        if (!now.Acknowledged.IsNone && before?.Acknowledged != now.Acknowledged)
            registry.Tell(new NodeEvent(NodeEventKind.Acknowledged, node.Node.Id, node.Fleet, now.Type, now.Acknowledged));
    }

    private void Drop(long key)
    {
        if (!_nodes.Remove(key, out var node)) return;
        registry.Remove(node.Stream);
        registry.Tell(new NodeEvent(NodeEventKind.Disconnected, node.Node.Id, node.Fleet, null, default));
    }

    private static NodeIdentity Identity(Node node, string userAgent) => Identities.Of(node) with { UserAgent = Identities.Bounded(userAgent) };

    private static TypeStatus? Type(ReportedCollection reported, NodeStatus? before, DateTimeOffset now)
    {
        if (CollectionNames.Find(reported.Name) is not { } type) return null;
        Revision.TryParse(reported.Sent, out var sent);
        Revision.TryParse(reported.Acknowledged, out var acknowledged);
        var known = before?.Types.FirstOrDefault(t => t.Type == type)?.Rejection;
        var rejection = reported.Refusal is { } refusal ? Rejection(refusal, known, now) : null;
        var state = rejection is not null ? SyncState.Rejected : reported.State switch
        {
            ReportedCollection.Types.State.Sent => SyncState.Sent,
            ReportedCollection.Types.State.Synced => SyncState.Synced,
            _ => SyncState.NotSent,
        };
        return new TypeStatus(type, state, sent, acknowledged, rejection);
    }

    /// <summary>The one that is known already, where it is the same: a refusal is news once.</summary>
    private static Rejection Rejection(ReportedRefusal refusal, Rejection? known, DateTimeOffset now)
    {
        Revision.TryParse(refusal.Hash, out var version);
        var message = Limits.Bounded(refusal.Message);
        return known is not null && known.Version == version && known.Message == message
            ? known
            : new Rejection(now, version, message, [.. refusal.Suspects.Take(MostSuspects).Select(Identities.Bounded)]);
    }
}

/// <summary>Who a client says that somebody is.</summary>
internal static class Identities
{
    private const int MostText = 256;
    private const int MostMetadata = 64;

    public static NodeIdentity Of(Node node) => new(
        Bounded(node.Id), Bounded(node.Cluster),
        node.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal).Take(MostMetadata).Select(m => KeyValuePair.Create(Bounded(m.Key), Bounded(m.Value))).DistinctBy(m => m.Key)
            .ToImmutableSortedDictionary(StringComparer.Ordinal),
        "");

    public static string Bounded(string text) => text.Length <= MostText ? text : text[..MostText] + "…";
}
