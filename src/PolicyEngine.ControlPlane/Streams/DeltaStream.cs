using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Wire;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>An incremental stream: xDS protocol, section "Incremental xDS".</summary>
internal sealed class DeltaStream(ResponseEncoder encoder, ResourceType? only) : IStreamState<DeltaDiscoveryRequest>
{
    private readonly StreamTypes _types = new(only);

    public ImmutableArray<TypeStatus> Status => _types.Status;

    public StreamNews? Receive(DeltaDiscoveryRequest request, DateTimeOffset now)
    {
        if (_types.Of(request.TypeUrl) is not { } type) return null;
        var state = _types.Open(type, out var first);
        // A nonce says what is answered; subscription changes hold whatever it is (a stale one included).
        var news = first ? null : StreamTypes.Answered(state, request.ResponseNonce, request.ErrorDetail, now);
        var named = request.ResourceNamesSubscribe.Count + request.ResourceLocatorsSubscribe.Count > 0;
        var owed = state.Subscribe(s => s.Change(request.ResourceNamesSubscribe, request.ResourceNamesUnsubscribe, first, !named && Limits.IsWholeState(type)));
        if (first)
        {
            foreach (var (name, version) in request.InitialResourceVersions)
                if (state.Subscription.Wants(name)) state.Holding.Set(name, version);
            state.MustAnswer = state.Subscription.IsWildcard;
        }
        // What a reconnecting client lists in initial_resource_versions it has; only later subscriptions are always answered.
        state.Owe(first ? owed.Where(n => state.Holding.Version(n) is null) : owed);
        return news;
    }

    public EncodedResponse? Next(Snapshot snapshot)
    {
        foreach (var state in _types.All.Values)
            if (Next(state, snapshot) is { } response) return response;
        return null;
    }

    private EncodedResponse? Next(TypeState state, Snapshot snapshot)
    {
        if (state.MustWait) return null;
        var set = snapshot[state.Type];
        var (ready, waiting) = MakeBeforeBreak.Split(state.Pending(set), state, _types.All, snapshot);
        if (ready.IsNothing && !state.MustAnswer)
        {
            if (waiting.Count == 0) state.Settle(set, []);
            return null;
        }
        var response = new EncodedResponse(encoder.Delta(set, ready.Key, ready.Resources, ready.Removed), _types.NextNonce());
        state.Record(set, response.Nonce, ready, waiting);
        _types.Sent(state, ready.Resources, atOnce: true);
        return response;
    }
}
