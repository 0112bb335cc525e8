using System.Collections.Immutable;

namespace PolicyEngine.ControlPlane.HealthChecks;

/// <summary>Whether an endpoint is well, and since when that is so.</summary>
internal sealed record Verdict(bool IsHealthy, DateTimeOffset Since);

/// <summary>
/// What checkers said, and what follows from it. It holds as much as was assigned to who is connected, whatever is reported. What is known of
/// an endpoint is kept until nobody is to check it any more.
/// </summary>
internal sealed class HealthBook(TimeProvider time)
{
    private readonly Dictionary<long, Checker> _checkers = [];
    private readonly Lock _gate = new();
    private HealthPlan _plan = HealthPlan.Empty;
    private volatile ImmutableDictionary<string, ImmutableDictionary<EndpointKey, Verdict>> _verdicts = ImmutableDictionary<string, ImmutableDictionary<EndpointKey, Verdict>>.Empty;

    /// <summary>After a verdict changed. Raised on the stream of the checker that tipped it.</summary>
    public event Action? Changed;

    /// <summary>By cluster. What did not change is the same object.</summary>
    public ImmutableDictionary<string, ImmutableDictionary<EndpointKey, Verdict>> Verdicts => _verdicts;

    /// <summary>Goes by the plan of the moment, and gives it. What is checked by nobody any more is forgotten.</summary>
    public HealthPlan Follow(HealthPlans plans)
    {
        lock (_gate)
        {
            // Asked for under the lock, so that a plan never follows a newer one.
            var plan = plans.Current;
            if (ReferenceEquals(plan, _plan)) return plan;
            _plan = plan;
            foreach (var (cluster, verdicts) in _verdicts)
            {
                var left = verdicts.RemoveRange(verdicts.Keys.Where(k => !plan.Endpoints.ContainsKey(k)));
                if (!ReferenceEquals(left, verdicts)) _verdicts = left.IsEmpty ? _verdicts.Remove(cluster) : _verdicts.SetItem(cluster, left);
            }
            return plan;
        }
    }

    /// <summary>What a stream's checker checks from now on.</summary>
    public void Assign(long stream, string node, string fleet, Assignment assignment)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (!_checkers.TryGetValue(stream, out var checker)) _checkers[stream] = checker = new Checker(node, fleet, now);
            checker.Assign(assignment, now);
        }
    }

    /// <summary>A report, as a whole: what it does not speak of stays as it was said before, and has a vote again if its checker had fallen silent.</summary>
    public void Report(long stream, IEnumerable<(EndpointKey Endpoint, bool IsHealthy)> said)
    {
        var changed = false;
        lock (_gate)
        {
            if (!_checkers.TryGetValue(stream, out var checker)) return;
            var now = time.GetUtcNow();
            checker.LastReport = now;
            foreach (var (endpoint, isHealthy) in said) checker.Say(endpoint, isHealthy, now);
            foreach (var endpoint in checker.Said.Keys) changed |= Decide(endpoint, now);
        }
        if (changed) Changed?.Invoke();
    }

    /// <summary>The stream ended: its checker has no vote any more.</summary>
    public void Leave(long stream)
    {
        var changed = false;
        lock (_gate)
        {
            if (!_checkers.Remove(stream, out var checker)) return;
            foreach (var endpoint in checker.Said.Keys) changed |= Decide(endpoint, time.GetUtcNow());
        }
        if (changed) Changed?.Invoke();
    }

    /// <summary>All that is checked, and who said what of it.</summary>
    public HealthView View()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            return new HealthView(
                [.. _plan.Endpoints.OrderBy(e => e.Key.Cluster, StringComparer.Ordinal).ThenBy(e => e.Key.Address, StringComparer.Ordinal).ThenBy(e => e.Key.Port).Select(e => View(e.Key, e.Value, now))],
                [.. _checkers.Values.OrderBy(c => c.Node, StringComparer.Ordinal).Select(c => new CheckerView(c.Node, c.Fleet, c.Since, c.LastReport, c.LastReport is { } at && new Vote(true, at, c.Interval).Counts(now)))]);
        }
    }

    private EndpointView View(EndpointKey endpoint, string fleet, DateTimeOffset now)
    {
        var verdict = Known(endpoint);
        return new EndpointView(endpoint.Cluster, endpoint.Address, endpoint.Port, fleet, verdict?.IsHealthy, verdict?.Since,
            [.. Voters(endpoint).OrderBy(c => c.Node, StringComparer.Ordinal).Select(c => new VoteView(c.Node, c.Said[endpoint], c.LastReport!.Value, c.Vote(endpoint).Counts(now)))]);
    }

    private bool Decide(EndpointKey endpoint, DateTimeOffset now)
    {
        var last = Known(endpoint);
        if (!_plan.Endpoints.ContainsKey(endpoint) || Ballot.Verdict(Voters(endpoint).Select(c => c.Vote(endpoint)), last?.IsHealthy, now) is not { } verdict || verdict == last?.IsHealthy) return false;
        var cluster = _verdicts.GetValueOrDefault(endpoint.Cluster, ImmutableDictionary<EndpointKey, Verdict>.Empty);
        _verdicts = _verdicts.SetItem(endpoint.Cluster, cluster.SetItem(endpoint, new Verdict(verdict, now)));
        return true;
    }

    private Verdict? Known(EndpointKey endpoint) => _verdicts.TryGetValue(endpoint.Cluster, out var cluster) ? cluster.GetValueOrDefault(endpoint) : null;

    /// <summary>A node has one vote, on however many streams it speaks: the last one counts.</summary>
    private IEnumerable<Checker> Voters(EndpointKey endpoint) =>
        _checkers.Values.Where(c => c.Said.ContainsKey(endpoint)).GroupBy(c => c.Node, StringComparer.Ordinal).Select(n => n.MaxBy(c => c.LastReport)!);

    private sealed class Checker(string node, string fleet, DateTimeOffset since)
    {
        private Assignment _assignment = Assignment.Nothing;
        private Dictionary<EndpointKey, DateTimeOffset> _assigned = [];

        public string Node { get; } = node;

        public string Fleet { get; } = fleet;

        public DateTimeOffset Since { get; } = since;

        public DateTimeOffset? LastReport { get; set; }

        public Dictionary<EndpointKey, bool> Said { get; } = [];

        public TimeSpan Interval => _assignment.Interval;

        public Vote Vote(EndpointKey endpoint) => new(Said[endpoint], LastReport!.Value, Interval);

        public void Assign(Assignment assignment, DateTimeOffset now)
        {
            _assigned = assignment.Endpoints.Keys.ToDictionary(k => k, k => _assigned.GetValueOrDefault(k, now));
            _assignment = assignment;
            foreach (var gone in Said.Keys.Where(k => !_assigned.ContainsKey(k)).ToList()) Said.Remove(gone);
        }

        /// <summary>It counts if the endpoint is one of its own, and it had the time to look.</summary>
        public void Say(EndpointKey endpoint, bool isHealthy, DateTimeOffset now)
        {
            if (!_assigned.TryGetValue(endpoint, out var since)) return;
            if (isHealthy || Said.ContainsKey(endpoint) || now - since >= _assignment.Endpoints[endpoint]) Said[endpoint] = isHealthy;
        }
    }
}
