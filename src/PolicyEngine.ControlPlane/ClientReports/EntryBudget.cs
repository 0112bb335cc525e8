using PolicyEngine.ControlPlane.Admission;

namespace PolicyEngine.ControlPlane.ClientReports;

/// <summary>
/// How many entries of access logs are read a second, of one peer and in all, so that none crowds out others or whatever else the server does. Who
/// has had its share waits and reads on; what a node cannot send meanwhile, it drops itself.
/// </summary>
internal sealed class EntryBudget(ControlPlaneOptions options, TimeProvider time)
{
    private readonly Pace _all = new(options.ClientEntriesPerSecond);
    private readonly Dictionary<string, (Pace Pace, int Streams)> _peers = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>A stream's part in the budget of its peer, given back when disposed.</summary>
    public Part Enter(Peer peer)
    {
        lock (_gate)
        {
            var (pace, streams) = _peers.TryGetValue(peer.Key, out var known) ? known : (new Pace(options.ClientEntriesPerSecondOfPeer), 0);
            _peers[peer.Key] = (pace, streams + 1);
            return new Part(this, peer.Key, pace);
        }
    }

    private void Leave(string peer)
    {
        lock (_gate)
        {
            var (pace, streams) = _peers[peer];
            if (streams == 1) _peers.Remove(peer);
            else _peers[peer] = (pace, streams - 1);
        }
    }

    public sealed class Part(EntryBudget budget, string peer, Pace own) : IDisposable
    {
        /// <summary>Waits until it is the turn of so many entries.</summary>
        public async ValueTask Wait(int entries, CancellationToken cancellation)
        {
            var now = budget.Time.GetUtcNow();
            var wait = own.Take(entries, now);
            // Only who may go on stands in the queue of all: one that waits for itself holds up nobody.
            if (wait > TimeSpan.Zero) await Task.Delay(wait, budget.Time, cancellation);
            wait = budget._all.Take(entries, budget.Time.GetUtcNow());
            if (wait > TimeSpan.Zero) await Task.Delay(wait, budget.Time, cancellation);
        }

        public void Dispose() => budget.Leave(peer);
    }

    private TimeProvider Time => time;
}
