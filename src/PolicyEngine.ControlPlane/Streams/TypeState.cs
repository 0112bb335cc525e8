using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Ir;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>One type on one stream, whichever variant of the protocol: what the client wants, has, refused and is owed.</summary>
internal sealed class TypeState(ResourceType type)
{
    /// <summary>A client that answers nothing gets so many responses of a type, and no more until it does.</summary>
    private const int MostUnanswered = 32;

    private HashSet<string>? _owed;
    private HashSet<string>? _due;
    private Dictionary<string, string>? _refused;
    private List<Response>? _unanswered;
    private Heartbeats? _heartbeats;

    private readonly Running _running = new();

    private (HashSet<string> Names, Revision Refused)? _leftover;

    public ResourceType Type { get; } = type;

    public Subscription Subscription { get; } = new();

    public Holding Holding { get; } = new();

    public string LastNonce { get; private set; } = "";

    /// <summary>A first wildcard request is answered even where there is nothing, so that the client can go on.</summary>
    public bool MustAnswer { get; set; }

    public bool OwesNames => _owed is { Count: > 0 };

    public bool Owes(string name) => _owed?.Contains(name) == true;

    public bool Awaiting => _unanswered is not null;

    public bool MustWait => _unanswered?.Count >= MostUnanswered;

    public Revision SentVersion { get; private set; }

    public Revision AcknowledgedVersion { get; private set; }

    /// <summary>The version of the last response that the client took: what it has, in its own words.</summary>
    public Revision TakenVersion { get; private set; }

    public Rejection? Rejection { get; private set; }

    /// <summary>What the client may run now: what it took, and what is on its way; null before it acknowledged any.</summary>
    public IEnumerable<Resource>? Running => _running.IsKnown ? _running.Resources.Concat(_unanswered?.SelectMany(u => u.Resources) ?? []) : null;

    /// <summary>Whether the client runs something that there is a later version of, or that is gone.</summary>
    public bool IsLeftBehind => _running.IsBehind(Subscription);

    /// <summary>Whether the client acknowledged all of a set.</summary>
    public bool Runs(ResourceSet set) => _running.Has(set);

    /// <summary>Whether the client acknowledged a resource of this name, in whichever version, and nothing on its way takes it.</summary>
    public bool Runs(string name) => _running.Find(name) is not null && _unanswered?.TrueForAll(u => u.Set.Resources.ContainsKey(name)) != false;

    public TypeStatus Status => new(
        Type,
        Rejection is not null ? SyncState.Rejected : SentVersion.IsNone ? SyncState.NotSent : Awaiting ? SyncState.Sent : SyncState.Synced,
        SentVersion,
        AcknowledgedVersion,
        Rejection);

    /// <summary>What the client was sent by this process and has a use for, and its answer to it.</summary>
    public TypeHolding Held => new(Status,
    [
        .. Holding.Names.Where(Subscription.Wants).Order(StringComparer.Ordinal).Select(Holding.Resource).OfType<Resource>().Select(r => new HeldResource(
            r,
            _refused is not null && _refused.TryGetValue(r.Name, out var refused) && refused == r.Revision.Short ? SyncState.Rejected
            : _unanswered?.Exists(u => u.Resources.Contains(r)) == true ? SyncState.Sent
            : SyncState.Synced)),
    ]);

    /// <summary>Changes what is wanted; gives the names (or <c>*</c>) that must be answered.</summary>
    public IReadOnlyList<string> Subscribe(Func<Subscription, IReadOnlyList<string>> change)
    {
        List<string>? before = Subscription.IsWildcard ? null : Subscription.HasGlobs ? [.. Subscription.Names, .. Holding.Names.Where(Subscription.InGlob)] : [.. Subscription.Names];
        var answer = change(Subscription);
        if (Subscription.Names.Count > Limits.MostNames) throw Limits.Exceeded($"more than {Limits.MostNames} names of one type on a stream");
        if (before is not null && Subscription.IsWildcard)
        {
            Holding.Only(before);
            _running.Only(before);
            // Whether it kept what is on its way depends on what it wanted when that arrived.
            foreach (var resource in _unanswered?.SelectMany(u => u.Resources) ?? [])
                if (!before.Contains(resource.Name)) Holding.Set(resource.Name, Holding.Unsure);
        }
        // The same holds for members of a glob that is wanted anew: they may arrive after that, though the set has them no more.
        List<string> globs = [.. answer.Where(XdstpName.IsGlob)];
        if (globs.Count > 0)
            foreach (var resource in _unanswered?.SelectMany(u => u.Resources) ?? [])
                if (globs.Exists(g => XdstpName.Matches(g, resource.Name))) Holding.Set(resource.Name, Holding.Unsure);
        return answer;
    }

    /// <summary>The client says at the start of a stream that it has this.</summary>
    public void Brought(string name, string version)
    {
        Holding.Set(name, version);
        _running.Brought(name, version);
    }

    /// <summary>These names are sent although the client may have them; of a glob its members, unless it is the first request that tells what the client has.</summary>
    public void Owe(IEnumerable<string> names, bool first = false)
    {
        foreach (var name in names)
        {
            if (name == "*") continue;
            (_owed ??= new(StringComparer.Ordinal)).Add(name);
            if (!first && XdstpName.IsGlob(name)) _owed.UnionWith(Holding.Names.Where(n => XdstpName.Matches(name, n)));
        }
    }

    /// <summary>
    /// Names whose parent was sent anew: a client that warms the parent waits for them, though they are unchanged. State of the world owes them
    /// with the client's next request, delta at once.
    /// </summary>
    public void Due(IEnumerable<string> names, bool atOnce)
    {
        var wanted = names.Where(n => Subscription.Wants(n) && Holding.Version(n) is { Length: > 0 }).ToList();
        if (atOnce) Owe(wanted);
        else if (wanted.Count > 0) (_due ??= new(StringComparer.Ordinal)).UnionWith(wanted);
    }

    public void Asked()
    {
        if (_due is null) return;
        Owe(_due.Where(Subscription.Wants));
        _due = null;
    }

    /// <summary>The client answered a response; gives it, or null where the nonce is of none that is open. Answers come in order.</summary>
    public Response? Answered(string nonce)
    {
        if (_unanswered is null || _unanswered.FindIndex(u => u.Nonce == nonce) is var at && at < 0) return null;
        var response = _unanswered[at];
        // Those that it passed over without a word it did not refuse.
        foreach (var passed in _unanswered.Take(at)) _running.Take(passed, Subscription);
        _unanswered.RemoveRange(0, at + 1);
        if (_unanswered.Count == 0) _unanswered = null;
        return response;
    }

    public void Acknowledge(Response response)
    {
        (AcknowledgedVersion, TakenVersion) = (response.Set.Version, response.Set.Version);
        _running.Take(response, Subscription);
        // A refusal stands until something newer than what was refused is acknowledged; no later response was refused if this one was taken.
        Rejection = null;
    }

    public void Reject(Response response, Rejection rejection)
    {
        Rejection = rejection;
        foreach (var resource in response.Resources)
            if (Holding.Version(resource.Name) == resource.Revision.Short) (_refused ??= new(StringComparer.Ordinal))[resource.Name] = resource.Revision.Short;
        if (response.Removed.Count > 0) _leftover = ([.. response.Removed, .. _leftover?.Names ?? []], response.Set.Version);
    }

    public Pending Pending(ResourceSet set)
    {
        var pending = Unsent(set);
        if (_leftover is not { } leftover || leftover.Refused == set.Version) return pending;
        // Names that are gone, said in a response that was refused: said again when there is a set newer than the refused one.
        return Streams.Pending.Of(pending.Resources, [.. pending.Removed.Union(leftover.Names.Where(n => !set.Resources.ContainsKey(n)), StringComparer.Ordinal)]);
    }

    private Pending Unsent(ResourceSet set)
    {
        if (OwesNames || _refused is not null || Holding.HasExceptions || Holding.Shared is not { } from) return ByName(set);
        if (ReferenceEquals(from, set)) return Streams.Pending.Nothing;
        var diff = SetDiff.Between(from, set);
        if (Subscription.IsWildcard) return new(diff.Changed, diff.Removed, diff.Key);
        List<Resource> changed = [.. diff.Changed.Where(r => Subscription.Wants(r.Name))];
        List<string> removed = [.. diff.Removed.Where(Subscription.Wants)];
        return changed.Count == diff.Changed.Length && removed.Count == diff.Removed.Length ? new(changed, removed, diff.Key) : Streams.Pending.Of(changed, removed);
    }

    /// <summary>A response went out. Of the names that are <paramref name="waiting"/> the client was told nothing new.</summary>
    /// <param name="isWhole">Whether the response lists all that is wanted, what is <paramref name="waiting"/> included.</param>
    public void Record(ResourceSet set, string nonce, Pending sent, IReadOnlyCollection<string> waiting, bool isWhole)
    {
        (SentVersion, LastNonce, MustAnswer, Rejection, _owed) = (set.Version, nonce, false, null, null);
        (_unanswered ??= []).Add(new Response(nonce, set, sent, isWhole ? waiting.ToDictionary(n => n, Holding.Resource, StringComparer.Ordinal) : null));
        // Sent after its parent, for whatever reason: that is what the parent's warming waits for.
        _due?.ExceptWith(sent.Resources.Select(r => r.Name));
        // What was refused of the same set is not said again with the rest of it.
        if (_leftover is { Names: var unsaid })
        {
            unsaid.ExceptWith(sent.Removed);
            unsaid.ExceptWith(sent.Resources.Select(r => r.Name));
            if (unsaid.Count == 0) _leftover = null;
        }
        if (_refused is not null)
        {
            // What was taken from the client may come back: what it refused then was beside what it had.
            foreach (var name in sent.Names) _refused.Remove(name);
            if (_refused.Count == 0) _refused = null;
        }
        Holding.Adopt(set, waiting);
    }

    /// <summary>Nothing of this set is missing: the client has this version, and <paramref name="kept"/> beside it.</summary>
    public void Settle(ResourceSet set, IReadOnlyCollection<string> kept)
    {
        if (Awaiting || Rejection is not null || MustAnswer) return;
        if (SentVersion.IsNone && Holding.Shared is null && !Holding.HasExceptions && Subscription is { IsWildcard: false, Names.Count: > 0 }) return;
        _running.Settle(set, Subscription);
        Holding.Adopt(set, kept);
        (SentVersion, AcknowledgedVersion) = (set.Version, set.Version);
    }

    /// <summary>When the client must hear again of a resource; null where of none, or where it has not answered yet.</summary>
    public DateTimeOffset? NextHeartbeat => Awaiting ? null : _heartbeats?.Next;

    /// <summary>The client, which can tell time, was told of these.</summary>
    public void Told(IReadOnlyCollection<Resource> resources, DateTimeOffset now)
    {
        if (_heartbeats is null && resources.All(r => r.Ttl is null)) return;
        (_heartbeats ??= new Heartbeats()).Told(resources, now);
    }

    /// <summary>The client says that it has this; how long it may use it still, only it knows.</summary>
    public void Kept(string name, DateTimeOffset now) => (_heartbeats ??= new Heartbeats()).Unsure(name, now);

    /// <summary>What the client has and must hear of again now. What it refused it does not have.</summary>
    public IReadOnlyList<Resource> DueHeartbeats(DateTimeOffset now)
    {
        if (_heartbeats is null || Awaiting || _heartbeats.Next > now) return [];
        var due = new List<Resource>();
        foreach (var name in _heartbeats.Due(now))
        {
            if (Subscription.Wants(name) && _refused?.ContainsKey(name) != true && Holding.Resource(name) is { Ttl: not null } resource) due.Add(resource);
            else _heartbeats.Forget(name);
        }
        _heartbeats.Told(due, now);
        return due;
    }

    /// <summary>A response went out that says nothing new: the next request answers it.</summary>
    public void Beat(string nonce) => LastNonce = nonce;

    private Pending ByName(ResourceSet set)
    {
        var (resources, removed) = (new List<Resource>(), new List<string>());
        IEnumerable<string> named = _owed is null ? [] : _owed;
        if (Subscription.IsWildcard)
        {
            foreach (var resource in set.Resources.Values)
                if (IsNews(resource)) resources.Add(resource);
            foreach (var name in Holding.Names)
                if (!set.Resources.ContainsKey(name)) removed.Add(name);
        }
        else
        {
            named = named.Union(Subscription.Names, StringComparer.Ordinal);
            if (Subscription.HasGlobs) named = named.Union(set.Resources.Keys.Concat(Holding.Names).Where(Subscription.InGlob), StringComparer.Ordinal);
        }
        var gone = removed.ToHashSet(StringComparer.Ordinal);
        foreach (var name in named.Order(StringComparer.Ordinal))
        {
            if (!set.Resources.TryGetValue(name, out var resource))
            {
                // A glob is gone when it has no member; that is said to who asks, and the members' own removals otherwise.
                var unsaid = XdstpName.IsGlob(name) ? _owed?.Contains(name) == true && !set.Resources.Keys.Any(k => XdstpName.Matches(name, k)) : _owed?.Contains(name) == true || Holding.Version(name) != Holding.Absent;
                if (unsaid && gone.Add(name)) removed.Add(name);
            }
            else if (!Subscription.IsWildcard && Subscription.Wants(name) && IsNews(resource)) resources.Add(resource);
        }
        return resources.Count == 0 && removed.Count == 0 ? Streams.Pending.Nothing : Streams.Pending.Of(resources, removed);
    }

    private bool IsNews(Resource resource)
    {
        if (_refused is not null && _refused.TryGetValue(resource.Name, out var refused) && refused == resource.Revision.Short) return false;
        return _owed?.Contains(resource.Name) == true || Holding.Version(resource.Name) != resource.Revision.Short;
    }
}
