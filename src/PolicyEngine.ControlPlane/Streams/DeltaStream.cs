using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Wire;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>An incremental stream: xDS protocol, section "Incremental xDS".</summary>
/// <param name="onDemand">Types of which an empty first request wants nothing.</param>
/// <param name="errors">Whether it is said of names that there is none.</param>
internal sealed class DeltaStream(ResponseEncoder encoder, ResourceType? only, IReadOnlySet<ResourceType>? onDemand = null, bool errors = false) : IStreamState<DeltaDiscoveryRequest>
{
    private const string Star = "*";

    private readonly StreamTypes _types = new(only, isDelta: true);
    private readonly HostTables _tables = new();
    private OnDemandHosts? _hosts;

    public ImmutableArray<TypeStatus> Status => _types.Status;

    public ImmutableArray<TypeHolding> Holdings => _types.Holdings;

    public DateTimeOffset? NextHeartbeat => _types.NextHeartbeat;

    public StreamNews? Receive(DeltaDiscoveryRequest request, DateTimeOffset now)
    {
        _types.Greet(request.Node);
        if (_types.Of(request.TypeUrl) is not { } type) return null;
        var state = _types.Open(type, out var first);
        // A nonce says what is answered; subscription changes hold whatever it is (a stale one included).
        var news = first ? null : StreamTypes.Answered(state, request.ResponseNonce, request.ErrorDetail, now);
        var (subscribe, unsubscribe) = (Names.Canonical(request.ResourceNamesSubscribe), Names.Canonical(request.ResourceNamesUnsubscribe));
        if (type == ResourceType.RouteTable) _tables.Forget(subscribe.Concat(unsubscribe));
        if (type == ResourceType.VirtualHost) (subscribe, unsubscribe) = Hosts(subscribe, unsubscribe, first ? request.InitialResourceVersions.Keys : []);
        var everything = type.IsWholeState && request.ResourceLocatorsSubscribe.Count == 0 && onDemand?.Contains(type) != true;
        var owed = state.Subscribe(s => s.Change(subscribe, unsubscribe, first, everything));
        if (first)
        {
            foreach (var (listed, version) in request.InitialResourceVersions)
            {
                var name = XdstpName.Canonical(listed);
                if (!state.Subscription.Wants(name)) continue;
                state.Brought(name, version);
                if (_types.SupportsTtl) state.Kept(name, now);
            }
            // Envoy waits for the first answer of VHDS although it asks for nothing yet.
            state.MustAnswer = state.Subscription.IsWildcard || type == ResourceType.VirtualHost;
        }
        // What a reconnecting client lists in initial_resource_versions it has; only later subscriptions are always answered.
        state.Owe(first ? owed.Where(n => state.Holding.Version(n) is null) : owed, first);
        return news;
    }

    public EncodedResponse? Next(Snapshot snapshot, DateTimeOffset now = default)
    {
        foreach (var state in _types.All.Values)
            if (Next(state, snapshot, now) is { } response) return response;
        return _types.SupportsTtl ? Heartbeat(snapshot, now) : null;
    }

    private EncodedResponse? Next(TypeState state, Snapshot snapshot, DateTimeOffset now)
    {
        if (state.MustWait) return null;
        var set = snapshot[state.Type];
        var hosts = state.Type == ResourceType.VirtualHost ? _hosts : null;
        if (hosts is not null) Look(hosts, state, snapshot);
        IReadOnlyCollection<string> unknown = hosts?.Unknown ?? [];
        var (ready, waiting) = MakeBeforeBreak.Split(state.Pending(set), state, _types.All, snapshot);
        IReadOnlyCollection<string> kept = [];
        if (state.Type == ResourceType.ExtensionConfig) (ready, kept) = Keep(ready, state);
        // Names of which the client hears, that it may go on, and that are nothing to remember.
        List<string> greetings = hosts is null ? [] : [.. (state.MustAnswer ? HostTables.All(snapshot) : []).Union(_tables.Open, StringComparer.Ordinal)];
        if (ready.IsNothing && unknown.Count == 0 && greetings.Count == 0 && !state.MustAnswer)
        {
            if (waiting.Count == 0) state.Settle(set, kept);
            return null;
        }
        var body = hosts is null
            ? encoder.Delta(set, ready.Key, ready.Resources, ready.Removed, _types.SupportsTtl, errors ? ResourceErrors.Of(ready, state) : null)
            : encoder.Hosts(set, ready.Resources, [.. ready.Removed, .. greetings], hosts.Aliases, unknown);
        var response = new EncodedResponse(body, _types.NextNonce());
        hosts?.Answered();
        if (hosts is not null) _tables.Told();
        if (state.Type == ResourceType.RouteTable) _tables.Sent(ready.Resources);
        state.Record(set, response.Nonce, ready, kept.Count == 0 ? waiting : [.. waiting, .. kept], isWhole: false);
        if (_types.SupportsTtl) state.Told(ready.Resources, now);
        _types.Sent(state, ready.Resources, atOnce: true);
        return response;
    }

    private EncodedResponse? Heartbeat(Snapshot snapshot, DateTimeOffset now)
    {
        foreach (var state in _types.All.Values)
        {
            if (state.DueHeartbeats(now) is not { Count: > 0 } due) continue;
            var response = new EncodedResponse(encoder.DeltaHeartbeat(snapshot[state.Type], due), _types.NextNonce());
            state.Beat(response.Nonce);
            return response;
        }
        return null;
    }

    /// <summary>
    /// A filter's configuration that is gone is not said to be: a listener that drains may use it still, and a client gives it up by itself with
    /// the last listener that names it. To who asks for it anew, it is absent.
    /// </summary>
    private static (Pending Ready, IReadOnlyCollection<string> Kept) Keep(Pending ready, TypeState state)
    {
        List<string> kept = [.. ready.Removed.Where(n => !state.Owes(n) && state.Holding.Version(n) is { Length: > 0 })];
        return kept.Count == 0 ? (ready, kept) : (Pending.Of(ready.Resources, [.. ready.Removed.Except(kept)]), kept);
    }

    /// <summary>Hosts are asked for by names of their own; what is subscribed to are the virtual hosts found for them.</summary>
    private (IReadOnlyCollection<string> Subscribe, IReadOnlyCollection<string> Unsubscribe) Hosts(IReadOnlyCollection<string> subscribe, IReadOnlyCollection<string> unsubscribe, IEnumerable<string> has)
    {
        _hosts ??= new OnDemandHosts();
        _hosts.Ask(subscribe.Where(n => n != Star));
        var gone = _hosts.GiveUp(unsubscribe.Where(n => n != Star));
        return ([.. subscribe.Where(n => n == Star), .. has], [.. gone, .. unsubscribe.Where(n => n == Star)]);
    }

    private void Look(OnDemandHosts hosts, TypeState state, Snapshot snapshot)
    {
        var owed = hosts.Look(snapshot, _types.All.GetValueOrDefault(ResourceType.RouteTable.Order));
        if (owed.Count == 0) return;
        var reconnected = state.SentVersion.IsNone;
        state.Subscribe(s => s.Change(owed, [], first: false, emptyMeansWildcard: false));
        state.Owe(reconnected ? owed.Where(n => state.Holding.Version(n) is null) : owed);
    }
}
