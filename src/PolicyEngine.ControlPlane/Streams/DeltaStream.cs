using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Wire;
using PolicyEngine.Xds;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>An incremental stream: xDS protocol, section "Incremental xDS".</summary>
internal sealed class DeltaStream(ResponseEncoder encoder, ResourceType? only) : IStreamState<DeltaDiscoveryRequest>
{
    private readonly SortedDictionary<int, DeltaType> _types = [];
    private long _nonce;

    public ImmutableArray<TypeStatus> Status => [.. _types.Values.Select(t => t.Status)];

    public StreamNews? Receive(DeltaDiscoveryRequest request, DateTimeOffset now)
    {
        var typeUrl = request.TypeUrl.Length == 0 && only is not null ? only.TypeUrl : request.TypeUrl;
        if (ResourceType.Of(typeUrl) is not { } type || only is not null && type != only) return null;
        var first = !_types.TryGetValue(type.Order, out var state);
        if (first) _types[type.Order] = state = new DeltaType(type);
        // A nonce says what is answered; subscription changes hold whatever it is (a stale one included).
        var news = !first && request.ResponseNonce.Length > 0 && request.ResponseNonce == state!.LastNonce ? Answered(state, request, now) : null;
        var owed = state!.Subscription.Change(request.ResourceNamesSubscribe, request.ResourceNamesUnsubscribe, first, Limits.IsWholeState(type));
        if (first) state.Begin(request.InitialResourceVersions, state.Subscription.IsWildcard);
        state.Owe(owed, first);
        return news;
    }

    public EncodedResponse? Next(Snapshot snapshot)
    {
        // Additions from clusters to routes; then, when the client has acknowledged those, removals.
        foreach (var state in _types.Values)
            if (Next(state, snapshot) is { } response) return response;
        return null;
    }

    private EncodedResponse? Next(DeltaType state, Snapshot snapshot)
    {
        var set = snapshot[state.Type];
        var mayRemove = state.Type != ResourceType.Cluster && state.Type != ResourceType.Endpoints || Switched(snapshot);
        var (resources, removed) = state.Pending(set, mayRemove);
        if (resources.Count == 0 && removed.Count == 0 && !state.MustAnswer)
        {
            state.Settle(set.Version);
            return null;
        }
        var nonce = (++_nonce).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var body = encoder.Delta(set, Key(resources, removed), resources, removed);
        state.Record(set.Version, nonce, resources, removed);
        return new EncodedResponse(body, nonce);
    }

    private static StreamNews Answered(DeltaType state, DeltaDiscoveryRequest request, DateTimeOffset now)
    {
        if (request.ErrorDetail is not { } error)
        {
            state.Acknowledge();
            return new StreamNews(state.Type, state.AcknowledgedVersion, null);
        }
        var message = Limits.Bounded(error.Message);
        var rejection = new Rejection(now, state.SentVersion, message, Suspects.Of(message, state.InFlight));
        state.Reject(rejection);
        return new StreamNews(state.Type, state.SentVersion, rejection);
    }

    private bool Switched(Snapshot snapshot) => new[] { ResourceType.Listener, ResourceType.RouteTable }.All(type =>
    {
        if (!_types.TryGetValue(type.Order, out var state)) return true;
        var (resources, removed) = state.Pending(snapshot[type], true);
        return resources.Count == 0 && removed.Count == 0 && !state.Awaiting && state.Rejection is null;
    });

    private static string Key(List<Resource> resources, List<string> removed) => Ir.Revision.Combine(
        resources.Select(r => (r.Name, r.Revision)).Concat(removed.Select(n => ("-" + n, Ir.Revision.None)))).ToString();
}
