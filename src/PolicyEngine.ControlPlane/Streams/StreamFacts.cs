using System.Collections.Immutable;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Ir;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>What a stream state wants told: an acknowledgement or a refusal of what was sent.</summary>
public sealed record StreamNews(ResourceType Type, Revision Version, Rejection? Rejection);

/// <summary>
/// The state of one stream: requests go in, and whenever the stream is free to write, <see cref="Next"/> says what to send, computed from
/// the snapshot of that moment. So nothing queues up: however much is published while a client stalls, it gets the last state once.
/// </summary>
internal interface IStreamState<in TRequest>
{
    /// <summary>Takes a request; gives what it says about an earlier response, if anything.</summary>
    StreamNews? Receive(TRequest request, DateTimeOffset now);

    /// <summary>The next response for this snapshot, or null when the client has all that it wants.</summary>
    Wire.EncodedResponse? Next(Snapshot snapshot);

    /// <summary>A response that is owed whatever is served, also to a client that no fleet wants; null where there is none.</summary>
    Wire.EncodedResponse? NextOfNoFleet() => null;

    ImmutableArray<TypeStatus> Status { get; }
}

internal static class Limits
{
    /// <summary>Longest error_detail that is kept.</summary>
    public const int MostErrorText = 4096;

    public static string Bounded(string text) => text.Length <= MostErrorText ? text : text[..MostErrorText] + "…";

    /// <summary>LDS and CDS: a response holds all that is wanted, an absence is a removal, and an empty first request wants everything.</summary>
    public static bool IsWholeState(ResourceType type) => type == ResourceType.Listener || type == ResourceType.Cluster;
}
