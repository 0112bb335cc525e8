using System.Threading.RateLimiting;
using Grpc.Core;
using PolicyEngine.ControlPlane.Streams;

namespace PolicyEngine.ControlPlane.Admission;

/// <summary>
/// Who may come in: so many calls in all, so many of a peer, and new ones at a bounded rate, so that a fleet that reconnects at once is
/// served in its turn and not all at once (F7). Those over the rate wait; those for whom there is no room to wait are sent away, and come again.
/// </summary>
internal sealed class StreamGate(ControlPlaneOptions options) : IDisposable
{
    private const int TicksPerSecond = 10;

    private readonly Dictionary<string, int> _byPeer = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly TokenBucketRateLimiter _rate = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = options.StreamBurst,
        TokensPerPeriod = Math.Max(1, options.StreamsPerSecond / TicksPerSecond),
        ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / TicksPerSecond),
        QueueLimit = options.StreamBurst,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    private int _all;

    /// <summary>A place, given back when disposed. Throws <see cref="RpcException"/> where there is none.</summary>
    public async ValueTask<Place> Enter(Peer peer, CancellationToken cancellation)
    {
        using (var lease = await _rate.AcquireAsync(1, cancellation))
            if (!lease.IsAcquired) throw Refused("rate", StatusCode.Unavailable, $"too many new streams at once (more than {options.StreamsPerSecond} a second): come again later");
        lock (_gate)
        {
            var of = _byPeer.GetValueOrDefault(peer.Key);
            if (_all >= options.MostStreams) throw Refused("all", StatusCode.ResourceExhausted, $"this server has its {options.MostStreams} streams already");
            if (of >= options.MostStreamsPerPeer) throw Refused("peer", StatusCode.ResourceExhausted, $"{peer} has its {options.MostStreamsPerPeer} streams already");
            _all++;
            _byPeer[peer.Key] = of + 1;
        }
        return new Place(this, peer.Key);
    }

    public void Dispose() => _rate.Dispose();

    private static RpcException Refused(string limit, StatusCode code, string why)
    {
        Meters.Refused.Add(1, new KeyValuePair<string, object?>("limit", limit));
        return new RpcException(new Status(code, why));
    }

    private void Leave(string peer)
    {
        lock (_gate)
        {
            _all--;
            if (--_byPeer[peer] == 0) _byPeer.Remove(peer);
        }
    }

    public sealed class Place(StreamGate gate, string peer) : IDisposable
    {
        public void Dispose() => gate.Leave(peer);
    }
}
