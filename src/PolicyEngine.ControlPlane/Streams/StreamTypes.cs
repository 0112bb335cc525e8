using System.Collections.Immutable;
using System.Globalization;
using Envoy.Config.Core.V3;
using Grpc.Core;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Xds;
using Resource = PolicyEngine.Xds.Resource;
using Status = Grpc.Core.Status;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>The types of one stream, in the order in which they are sent: clusters, endpoints, listeners, routes.</summary>
internal sealed class StreamTypes(ResourceType? only, bool isDelta)
{
    private long _nonce;
    private bool _greeted;

    /// <summary>Whether the client lets resources end by themselves, and so must hear of them in time.</summary>
    public bool SupportsTtl { get; private set; }

    public DateTimeOffset? NextHeartbeat => SupportsTtl ? All.Values.Min(t => t.NextHeartbeat) : null;

    /// <summary>The first request says what the client can. State of the world needs resources in their wrapper beside.</summary>
    public void Greet(Node? node)
    {
        if (_greeted) return;
        _greeted = true;
        SupportsTtl = node is not null && Can(node, "supports-resource-ttl") && (isDelta || Can(node, "supports-resource-in-sotw"));
    }

    // One text of the protocol writes xds, another envoy.
    private static bool Can(Node node, string feature) => node.ClientFeatures.Any(f => f == "xds.config." + feature || f == "envoy.config." + feature);

    public SortedDictionary<int, TypeState> All { get; } = [];

    public ImmutableArray<TypeStatus> Status => [.. All.Values.Select(t => t.Status)];

    public ImmutableArray<TypeHolding> Holdings => [.. All.Values.Select(t => t.Held)];

    /// <summary>The type that a request is about; null where this server has nothing of it. On a stream of all types it must be named.</summary>
    public ResourceType? Of(string typeUrl)
    {
        if (typeUrl.Length == 0 && only is null) throw new RpcException(new Status(StatusCode.InvalidArgument, "a request on an aggregated stream must have a type_url"));
        var type = typeUrl.Length == 0 ? only : ResourceType.Of(typeUrl);
        return (only is not null && type != only) || (!isDelta && type is { IsDeltaOnly: true }) ? null : type;
    }

    public TypeState Open(ResourceType type, out bool first)
    {
        first = !All.TryGetValue(type.Order, out var state);
        if (first) All[type.Order] = state = new TypeState(type);
        return state!;
    }

    public string NextNonce() => (++_nonce).ToString(CultureInfo.InvariantCulture);

    /// <summary>What an acknowledgement or a refusal says; null where it answers nothing that is open.</summary>
    public static StreamNews? Answered(TypeState state, string nonce, Google.Rpc.Status? error, DateTimeOffset now)
    {
        if (nonce.Length == 0 || state.Answered(nonce) is not { } response) return null;
        if (error is null)
        {
            state.Acknowledge(response);
            return new StreamNews(state.Type, response.Set.Version, null);
        }
        var message = Limits.Bounded(error.Message);
        var rejection = new Rejection(now, response.Set.Version, message, Suspects.Of(message, response.Resources));
        state.Reject(response, rejection);
        return new StreamNews(state.Type, response.Set.Version, rejection);
    }

    /// <summary>Clusters were sent: a client that warms one waits for its endpoints, though they are unchanged (xDS protocol, "Resource warming").</summary>
    public void Sent(TypeState state, IEnumerable<Resource> changed, bool atOnce)
    {
        if (state.Type != ResourceType.Cluster || !All.TryGetValue(ResourceType.Endpoints.Order, out var endpoints)) return;
        endpoints.Due(changed.SelectMany(r => r.References.Value).Where(r => r.Type == ResourceType.Endpoints).Select(r => r.Name), atOnce);
    }
}
