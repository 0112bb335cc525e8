using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Wire;
using PolicyEngine.Xds;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>A state-of-the-world stream (ADS, or of one type): xDS protocol, sections "ACK and NACK" to "Deleting resources".</summary>
/// <param name="errors">Whether it is said of names that there is none.</param>
internal sealed class SotwStream(ResponseEncoder encoder, ResourceType? only, bool errors = false) : IStreamState<DiscoveryRequest>
{
    private readonly StreamTypes _types = new(only, isDelta: false);
    private readonly ConfigurationKinds _kinds = new();

    public ImmutableArray<TypeStatus> Status => _types.Status;

    public ImmutableArray<TypeHolding> Holdings => _types.Holdings;

    public DateTimeOffset? NextHeartbeat => _types.NextHeartbeat;

    public StreamNews? Receive(DiscoveryRequest request, DateTimeOffset now)
    {
        _types.Greet(request.Node);
        if (_types.Of(request.TypeUrl) is not { } type)
        {
            if (only is null) _kinds.Ask(request.TypeUrl);
            return null;
        }
        var state = _types.Open(type, out var first);
        // A nonce of another stream on a first request means nothing. Later, what answers an older response is news of that response, but its
        // names are of the past: the answer to the last one brings those of today.
        var news = first ? null : StreamTypes.Answered(state, request.ResponseNonce, request.ErrorDetail, now);
        if (!first && request.ResponseNonce.Length > 0 && request.ResponseNonce != state.LastNonce) return news;
        var whole = type.IsWholeState;
        var owed = state.Subscribe(s => s.Replace(Names.Canonical(request.ResourceNames), whole && request.ResourceLocators.Count == 0));
        state.Owe(owed);
        state.Asked();
        state.MustAnswer |= whole && (first || owed.Count > 0);
        return news;
    }

    public EncodedResponse? Next(Snapshot snapshot, DateTimeOffset now = default)
    {
        foreach (var state in _types.All.Values)
            if (Next(state, snapshot, now) is { } response) return response;
        return _types.SupportsTtl ? Heartbeat(now) : null;
    }

    private EncodedResponse? Heartbeat(DateTimeOffset now)
    {
        foreach (var state in _types.All.Values)
        {
            if (state.DueHeartbeats(now) is not { Count: > 0 } due) continue;
            var response = new EncodedResponse(encoder.Heartbeat(state.Type, state.TakenVersion.Short, due), _types.NextNonce());
            state.Beat(response.Nonce);
            return response;
        }
        return null;
    }

    public EncodedResponse? NextOfNoFleet() => _kinds.Next() is { } kind ? new EncodedResponse(encoder.Nothing(kind), _types.NextNonce()) : null;

    private EncodedResponse? Next(TypeState state, Snapshot snapshot, DateTimeOffset now)
    {
        if (state.MustWait) return null;
        var set = snapshot[state.Type];
        var (ready, waiting) = MakeBeforeBreak.Split(state.Pending(set), state, _types.All, snapshot);
        return state.Type.IsWholeState ? Whole(state, set, ready, waiting, now) : Named(state, set, ready, waiting, now);
    }

    /// <summary>Routes and endpoints: only what changed. What is gone can be said as an error only; else the client keeps it as long as it wants it.</summary>
    private EncodedResponse? Named(TypeState state, ResourceSet set, Pending ready, IReadOnlyCollection<string> waiting, DateTimeOffset now)
    {
        if (errors && ready.Removed.Count > 0) return Send(state, set, "of " + ready.Key, ready.Resources, ready, waiting, now);
        List<string> kept = [.. ready.Removed.Where(n => state.Holding.Version(n) is { Length: > 0 })];
        if (ready.Resources.Count > 0) return Send(state, set, "of " + ready.Key, ready.Resources, Pending.Of(ready.Resources, []), [.. waiting, .. kept], now);
        if (waiting.Count == 0) state.Settle(set, kept);
        return null;
    }

    /// <summary>
    /// Clusters and listeners: always all that is wanted; what is not there any more is gone. What waits is on the list as the client has it.
    /// </summary>
    private EncodedResponse? Whole(TypeState state, ResourceSet set, Pending ready, IReadOnlyCollection<string> waiting, DateTimeOffset now)
    {
        if (ready.IsNothing && !state.MustAnswer)
        {
            if (waiting.Count == 0) state.Settle(set, []);
            return null;
        }
        var wanted = state.Subscription.Of(set);
        List<Resource> list = waiting.Count == 0 ? [.. wanted] : [.. wanted.Where(r => !waiting.Contains(r.Name)), .. waiting.Select(state.Holding.Resource).OfType<Resource>().OrderBy(r => r.Name, StringComparer.Ordinal)];
        var key = state.Subscription.IsWildcard && waiting.Count == 0 ? "all" : Ir.Revision.Combine(list.Select(r => (r.Name, r.Revision))).ToString();
        return Send(state, set, key, list, ready, waiting, now);
    }

    private EncodedResponse Send(TypeState state, ResourceSet set, string key, IReadOnlyCollection<Resource> resources, Pending changed, IReadOnlyCollection<string> waiting, DateTimeOffset now)
    {
        var response = new EncodedResponse(encoder.Full(set, key, resources, _types.SupportsTtl, errors ? ResourceErrors.Of(changed, state) : null), _types.NextNonce());
        state.Record(set, response.Nonce, changed, waiting, state.Type.IsWholeState);
        if (_types.SupportsTtl) state.Told(resources, now);
        _types.Sent(state, changed.Resources, atOnce: false);
        return response;
    }
}
