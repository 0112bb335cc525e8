using System.Collections.Immutable;
using System.Globalization;
using Grpc.Core;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.Ir;
using PolicyEngine.Protos.Collections.V1;
using PolicyEngine.Xds;
using Status = Grpc.Core.Status;
using Subscription = PolicyEngine.Protos.Collections.V1.Subscription;

namespace PolicyEngine.ControlPlane.Collections;

/// <summary>What a stream is to do now: send something, or wait; <see cref="Until"/> is set where it is time alone that it waits for.</summary>
internal readonly record struct Turn(WatchResponse? Response, DateTimeOffset? Until);

/// <summary>
/// One stream of collections, without effects. One version is under way at a time, and it is sent to its end before anything newer: the client
/// gets the changed collections, the completion, and then the newest snapshot once it has answered. A refused version is not sent again.
/// </summary>
internal sealed class CollectionStream(TimeSpan interval)
{
    private const int MostNames = 64;

    private readonly Dictionary<ResourceType, HeldCollection> _held = [];
    private ImmutableArray<ResourceType> _watched = [];
    private bool _incremental;
    private ulong _subscriptions;
    private long _nonce;
    private Flight? _flight;
    private Identity? _applied;
    private Identity? _refused;
    private (ResourceType Type, Rejection Rejection)? _rejection;
    private DateTimeOffset? _began;

    /// <summary>One for each watched collection. What the client says that it brought along counts when it has acknowledged a version here.</summary>
    public ImmutableArray<TypeStatus> Status => [.. _watched.Select(StatusOf)];

    /// <summary>Begins anew. Throws <see cref="RpcException"/> for collections that do not exist.</summary>
    public void Subscribe(Subscription wish)
    {
        if (wish.Collections.Count > MostNames) throw Wrong($"a subscription names {MostNames} collections at the most");
        var unknown = wish.Collections.FirstOrDefault(n => CollectionNames.Find(n) is null);
        if (unknown is not null) throw Wrong($"there is no collection '{Limits.Bounded(unknown)}'; there are {string.Join(", ", ResourceType.All.Select(CollectionNames.Of))}");
        _watched = [.. ResourceType.All.Where(t => wish.Collections.Count == 0 || wish.Collections.Contains(CollectionNames.Of(t)))];
        _held.Clear();
        foreach (var type in _watched)
            if (wish.Held.TryGetValue(CollectionNames.Of(type), out var held)) _held[type] = new HeldCollection(held.Hash, null, held.Versions);
        (_incremental, _flight, _applied, _refused, _rejection) = (wish.Incremental, null, null, null, null);
        _subscriptions++;
    }

    /// <summary>Takes an answer; gives what it says of each collection that was sent. An answer to nothing that is under way says nothing.</summary>
    public IReadOnlyList<StreamNews> Receive(Answer answer, DateTimeOffset now)
    {
        if (_flight is not { } flight || !flight.Nonces.TryGetValue(answer.Nonce, out var about)) return [];
        if (answer.Refusal is { } refusal) return [Refuse(flight, refusal, about, now)];
        if (about is not null) return [];
        foreach (var type in _watched) _held[type] = HeldCollection.Of(flight.Snapshot[type]);
        (_flight, _applied, _rejection) = (null, Identity.Of(flight.Snapshot), null);
        return [.. flight.Changed.Select(s => new StreamNews(s.Type, s.Version, null))];
    }

    public Turn Next(Snapshot snapshot, DateTimeOffset now)
    {
        if (_subscriptions == 0) return default;
        if (_flight is null)
        {
            if (Identity.Of(snapshot) is var identity && (identity == _applied || identity == _refused)) return default;
            if (_began is { } began && began + interval > now) return new(null, began + interval);
            _began = now;
            _flight = new Flight(snapshot, [.. _watched.Select(t => snapshot[t]).Where(s => !Has(s))]);
        }
        if (_flight.IsSent) return default;
        var response = new WatchResponse { Nonce = (++_nonce).ToString(CultureInfo.InvariantCulture), Subscription = _subscriptions };
        if (_flight.NextUnsent(response.Nonce) is { } set) response.Collection = Encode(set, _flight.Snapshot.Revision);
        else response.Completion = Complete(_flight.Snapshot);
        return new(response, null);
    }

    /// <summary>Who has nothing has all of an empty set.</summary>
    private bool Has(ResourceSet set) => _held.TryGetValue(set.Type, out var held) ? held.Hash == set.Version.ToString() : set.Resources.IsEmpty;

    private Collection Encode(ResourceSet set, Revision version) =>
        _incremental && _held.GetValueOrDefault(set.Type) is { IsKnownByName: true } held
            ? CollectionEncoder.Difference(held, set, version, interval)
            : CollectionEncoder.Whole(set, version, interval);

    private Completion Complete(Snapshot snapshot) => new()
    {
        Version = snapshot.Revision.ToString(),
        Fleet = snapshot.Fleet,
        Collections = { _watched.Select(t => new CollectionState { Name = CollectionNames.Of(t), Hash = snapshot[t].Version.ToString() }) },
    };

    private StreamNews Refuse(Flight flight, Refusal refusal, ResourceType? about, DateTimeOffset now)
    {
        var type = about ?? CollectionNames.Find(refusal.Collection) ?? (flight.Changed.Length > 0 ? flight.Changed[0].Type : _watched[0]);
        var set = flight.Snapshot[type];
        var message = Limits.Bounded(refusal.Message);
        var rejection = new Rejection(now, set.Version, message, Suspects.Of(message, set.Resources.Values));
        (_flight, _refused, _rejection) = (null, Identity.Of(flight.Snapshot), (type, rejection));
        return new StreamNews(type, set.Version, rejection);
    }

    private TypeStatus StatusOf(ResourceType type)
    {
        var acknowledged = _held.GetValueOrDefault(type)?.Set?.Version ?? Revision.None;
        if (_rejection is { } r && r.Type == type) return new(type, SyncState.Rejected, r.Rejection.Version, acknowledged, r.Rejection);
        var sent = _flight is null ? acknowledged : _flight.Snapshot[type].Version;
        return new(type, sent.IsNone ? SyncState.NotSent : sent == acknowledged ? SyncState.Synced : SyncState.Sent, sent, acknowledged, null);
    }

    private static RpcException Wrong(string what) => new(new Status(StatusCode.InvalidArgument, what));

    /// <summary>Two fleets may be served the same content.</summary>
    private readonly record struct Identity(string Fleet, Revision Revision)
    {
        public static Identity Of(Snapshot snapshot) => new(snapshot.Fleet, snapshot.Revision);
    }

    /// <summary>A version on its way.</summary>
    private sealed class Flight(Snapshot snapshot, ImmutableArray<ResourceSet> changed)
    {
        private int _sent;

        public Snapshot Snapshot { get; } = snapshot;

        public ImmutableArray<ResourceSet> Changed { get; } = changed;

        /// <summary>Of what was sent, and which collection it was; null for the completion.</summary>
        public Dictionary<string, ResourceType?> Nonces { get; } = new(StringComparer.Ordinal);

        public bool IsSent => _sent > Changed.Length;

        /// <summary>The next collection; null where the completion is next.</summary>
        public ResourceSet? NextUnsent(string nonce)
        {
            var set = _sent < Changed.Length ? Changed[_sent] : null;
            Nonces[nonce] = set?.Type;
            _sent++;
            return set;
        }
    }
}
