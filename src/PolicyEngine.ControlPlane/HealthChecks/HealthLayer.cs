using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using PolicyEngine.ControlPlane.Live;
using PolicyEngine.Xds;
using PolicyEngine.Xds.HealthChecks;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.ControlPlane.HealthChecks;

/// <summary>
/// What checkers found lies over the endpoints of the clusters that are checked for others. Who was taken out by the catalog stays out. Changes
/// are gathered, and told once a second at the most: hosts that come and go together are one answer, and one that flaps is no storm.
/// </summary>
internal sealed class HealthLayer : ILiveLayer, IDisposable
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConditionalWeakTable<Resource, Laid> _laid = [];
    private readonly HealthBook _book;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private DateTimeOffset _told = DateTimeOffset.MinValue;
    private bool _waits;

    public HealthLayer(HealthBook book, TimeProvider time)
    {
        (_book, _time) = (book, time);
        _timer = time.CreateTimer(_ => Tell(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        book.Changed += Gather;
    }

    public event Action? Changed;

    public Snapshot Over(Snapshot snapshot)
    {
        var verdicts = _book.Verdicts;
        if (verdicts.IsEmpty || !verdicts.Keys.Any(c => IsChecked(snapshot, c))) return snapshot;
        return snapshot.With(ResourceType.Endpoints, snapshot[ResourceType.Endpoints].Resources.Values.Select(e =>
            verdicts.TryGetValue(e.Name, out var of) && IsChecked(snapshot, e.Name) ? Lay(e, of) : e));
    }

    public void Dispose()
    {
        _book.Changed -= Gather;
        _timer.Dispose();
    }

    private static bool IsChecked(Snapshot snapshot, string cluster) => snapshot.Find(ResourceType.Cluster, cluster) is { } resource && DelegatedCheck.Of(resource) is not null;

    private void Gather()
    {
        lock (_gate)
        {
            if (_waits) return;
            _waits = true;
            var left = _told + Pause - _time.GetUtcNow();
            _timer.Change(left > Gathering ? left : Gathering, Timeout.InfiniteTimeSpan);
        }
    }

    private void Tell()
    {
        lock (_gate) (_waits, _told) = (false, _time.GetUtcNow());
        Changed?.Invoke();
    }

    private Resource Lay(Resource endpoints, ImmutableDictionary<EndpointKey, Verdict> verdicts)
    {
        if (_laid.TryGetValue(endpoints, out var laid) && ReferenceEquals(laid.Verdicts, verdicts)) return laid.Over;
        var assignment = ((ClusterLoadAssignment)endpoints.Message).Clone();
        foreach (var endpoint in assignment.Endpoints.SelectMany(l => l.LbEndpoints))
            if (endpoint.HealthStatus is HealthStatus.Unknown or HealthStatus.Healthy && EndpointKey.Of(endpoints.Name, endpoint.Endpoint) is { } key && verdicts.TryGetValue(key, out var verdict))
                endpoint.HealthStatus = verdict.IsHealthy ? HealthStatus.Healthy : HealthStatus.Unhealthy;
        var over = Resource.Of(ResourceType.Endpoints, endpoints.Name, assignment, endpoints.Origins);
        _laid.AddOrUpdate(endpoints, new Laid(verdicts, over));
        return over;
    }

    private sealed record Laid(ImmutableDictionary<EndpointKey, Verdict> Verdicts, Resource Over);
}
