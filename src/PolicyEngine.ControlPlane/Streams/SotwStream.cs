using System.Collections.Immutable;
using Envoy.Service.Discovery.V3;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Wire;
using PolicyEngine.Xds;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>A state-of-the-world stream (ADS, or of one type): xDS protocol, sections "ACK and NACK" to "Deleting resources".</summary>
internal sealed class SotwStream(ResponseEncoder encoder, ResourceType? only) : IStreamState<DiscoveryRequest>
{
    private readonly SortedDictionary<int, SotwType> _types = [];
    private long _nonce;

    public ImmutableArray<TypeStatus> Status => [.. _types.Values.Select(t => t.Status)];

    public StreamNews? Receive(DiscoveryRequest request, DateTimeOffset now)
    {
        var typeUrl = request.TypeUrl.Length == 0 && only is not null ? only.TypeUrl : request.TypeUrl;
        if (ResourceType.Of(typeUrl) is not { } type || only is not null && type != only) return null;
        var first = !_types.TryGetValue(type.Order, out var state);
        if (first) _types[type.Order] = state = new SotwType(type);
        // A nonce of another stream on a first request means nothing; later, a nonce that is not the last one is stale.
        if (!first && request.ResponseNonce.Length > 0 && request.ResponseNonce != state!.LastNonce) return null;
        var news = first || request.ResponseNonce.Length == 0 ? null : Answered(state!, request, now);
        state!.Owe(state.Subscription.Replace(request.ResourceNames, Limits.IsWholeState(type)));
        if (first && Limits.IsWholeState(type)) state.MustAnswer = true;
        state.Forget();
        return news;
    }

    public EncodedResponse? Next(Snapshot snapshot)
    {
        foreach (var state in _types.Values)
            if (Next(state, snapshot) is { } response) return response;
        return null;
    }

    private static StreamNews Answered(SotwType state, DiscoveryRequest request, DateTimeOffset now)
    {
        if (request.ErrorDetail is not { } error)
        {
            state.Acknowledge();
            return new StreamNews(state.Type, state.AcknowledgedVersion, null);
        }
        var message = Limits.Bounded(error.Message);
        var rejection = new Rejection(now, state.SentVersion, message, Suspects.Of(message, state.Sent.Values));
        state.Reject(rejection);
        return new StreamNews(state.Type, state.SentVersion, rejection);
    }

    private EncodedResponse? Next(SotwType state, Snapshot snapshot)
    {
        var set = snapshot[state.Type];
        var wanted = Wanted(state, set, snapshot, out var key);
        if (key == state.ParkedKey) return null;
        List<Resource> send;
        if (Limits.IsWholeState(state.Type))
        {
            if (!state.MustAnswer && key == state.SentKey) return null;
            send = wanted;
        }
        else
        {
            send = [.. wanted.Where(r => state.Owed.Contains(r.Name) || state.Owed.Contains("*") || !state.Sent.TryGetValue(r.Name, out var old) || old.Revision != r.Revision)];
            if (send.Count == 0)
            {
                state.Settle(set.Version);
                return null;
            }
        }
        var response = new EncodedResponse(encoder.Full(set, send.Count == wanted.Count ? key : Key(send), send), (++_nonce).ToString(System.Globalization.CultureInfo.InvariantCulture));
        state.Record(key, set.Version, response.Nonce, send);
        return response;
    }

    /// <summary>
    /// What the client should have, and a key that is equal for equal content. Clusters that it was sent and that the snapshot no longer has
    /// stay until it has acknowledged the listeners and routes that stopped using them (make before break).
    /// </summary>
    private List<Resource> Wanted(SotwType state, ResourceSet set, Snapshot snapshot, out string key)
    {
        var whole = state.Subscription.IsWildcard;
        List<Resource> wanted = whole
            ? [.. set.Resources.Values]
            : [.. state.Subscription.Names.Order(StringComparer.Ordinal).Select(n => set.Resources.GetValueOrDefault(n)).OfType<Resource>()];
        var held = state.Type == ResourceType.Cluster && !Switched(snapshot)
            ? state.Sent.Values.Where(r => !set.Resources.ContainsKey(r.Name) && state.Subscription.Wants(r.Name)).OrderBy(r => r.Name, StringComparer.Ordinal).ToList()
            : [];
        key = whole && held.Count == 0 ? set.Version.ToString() : Key(wanted.Concat(held));
        wanted.AddRange(held);
        return wanted;
    }

    /// <summary>Whether the client has acknowledged this snapshot's listeners and routes (those it asked for).</summary>
    private bool Switched(Snapshot snapshot) => new[] { ResourceType.Listener, ResourceType.RouteTable }.All(type =>
    {
        if (!_types.TryGetValue(type.Order, out var state)) return true;
        _ = Wanted(state, snapshot[type], snapshot, out var key);
        return state.Has(key) || !state.Awaiting && state.ParkedKey is null && state.SentKey is null && !state.MustAnswer;
    });

    private static string Key(IEnumerable<Resource> resources) => Ir.Revision.Combine(resources.Select(r => (r.Name, r.Revision))).ToString();
}
