using System.Collections.Immutable;
using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using PolicyEngine.ControlPlane.Admission;

namespace PolicyEngine.ControlPlane.Nodes;

/// <summary>Who a client says it is: the node of its first request.</summary>
public sealed record NodeIdentity(string Id, string Cluster, ImmutableSortedDictionary<string, string> Metadata, string UserAgent)
{
    /// <summary>Who it is found to be: the other end of its connection.</summary>
    public Peer? Peer { get; init; }

    /// <summary>Text values of the metadata only: what fleets select by.</summary>
    public static NodeIdentity Of(Node node, Peer peer) => new(
        node.Id,
        node.Cluster,
        (node.Metadata?.Fields.AsEnumerable() ?? [])
            .Where(f => f.Value.KindCase == Value.KindOneofCase.StringValue)
            .ToImmutableSortedDictionary(f => f.Key, f => f.Value.StringValue, StringComparer.Ordinal),
        Agent(node))
    {
        Peer = peer,
    };

    private static string Agent(Node node)
    {
        var version = node.UserAgentBuildVersion?.Version is { } v ? $"{v.MajorNumber}.{v.MinorNumber}.{v.Patch}" : node.UserAgentVersion;
        return $"{node.UserAgentName} {version}".Trim();
    }
}

/// <summary>Which fleet a node belongs to; null where none wants it (its stream then waits).</summary>
public interface IFleetSelector
{
    string? FleetOf(NodeIdentity node);

    /// <summary>Why a peer may not be the node that it claims to be; null where it may (F10).</summary>
    string? Objection(NodeIdentity node) => null;
}
