using System.Collections.Immutable;
using Grpc.Core;
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
    Wire.EncodedResponse? Next(Snapshot snapshot, DateTimeOffset now = default);

    /// <summary>When <see cref="Next"/> has something to say though nothing happens; null for never.</summary>
    DateTimeOffset? NextHeartbeat { get; }

    /// <summary>A response that is owed whatever is served, also to a client that no fleet wants; null where there is none.</summary>
    Wire.EncodedResponse? NextOfNoFleet() => null;

    ImmutableArray<TypeStatus> Status { get; }

    /// <summary>What the client was sent, by type.</summary>
    ImmutableArray<TypeHolding> Holdings { get; }
}

internal static class Limits
{
    /// <summary>Longest error_detail that is kept.</summary>
    public const int MostErrorText = 4096;

    private const int MostQuotedText = 16 * MostErrorText;

    /// <summary>Most names of one type that a stream may subscribe to.</summary>
    public const int MostNames = 100_000;

    /// <summary>Most hosts that a stream may ask for on demand.</summary>
    public const int MostHosts = 10_000;

    /// <summary>Text of others as it may be kept: keys and certificates that it quotes are taken out before it is cut.</summary>
    public static string Bounded(string text)
    {
        var shown = KeyMaterial.Hidden(text.Length <= MostQuotedText ? text : text[..MostQuotedText]);
        return shown.Length <= MostErrorText ? shown : shown[..MostErrorText] + "…";
    }

    public static RpcException Exceeded(string what) => new(new Grpc.Core.Status(StatusCode.ResourceExhausted, what));
}
