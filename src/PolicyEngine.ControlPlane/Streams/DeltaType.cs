using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Ir;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>One type on a delta stream: what the client has, by name, and what it is owed.</summary>
internal sealed class DeltaType(ResourceType type)
{
    /// <summary>A name that the client was told does not exist.</summary>
    private const string Absent = "";

    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _rejected = new(StringComparer.Ordinal);
    private readonly HashSet<string> _owed = new(StringComparer.Ordinal);
    private List<Resource> _inFlight = [];

    public ResourceType Type { get; } = type;

    public Subscription Subscription { get; } = new();

    public string LastNonce { get; private set; } = "";

    /// <summary>A first wildcard request is answered even where there is nothing, so that the client can go on.</summary>
    public bool MustAnswer { get; private set; }

    public bool Awaiting { get; private set; }

    public Revision SentVersion { get; private set; }

    public Revision AcknowledgedVersion { get; private set; }

    public Rejection? Rejection { get; private set; }

    public IReadOnlyList<Resource> InFlight => _inFlight;

    public TypeStatus Status => new(
        Type,
        Rejection is not null ? SyncState.Rejected : SentVersion.IsNone ? SyncState.NotSent : Awaiting ? SyncState.Sent : SyncState.Synced,
        SentVersion,
        AcknowledgedVersion,
        Rejection);

    public void Begin(IEnumerable<KeyValuePair<string, string>> initialVersions, bool wildcard)
    {
        foreach (var (name, version) in initialVersions) _known[name] = version;
        MustAnswer = wildcard;
    }

    public void Owe(IEnumerable<string> names, bool first)
    {
        foreach (var name in names)
        {
            // What a reconnecting client lists in initial_resource_versions it has; only later subscriptions are always answered.
            if (name != "*" && !(first && _known.ContainsKey(name))) _owed.Add(name);
        }
        foreach (var name in _known.Keys.Where(n => !Subscription.Wants(n) && !_owed.Contains(n)).ToList()) _known.Remove(name);
    }

    public void Acknowledge()
    {
        (Awaiting, Rejection) = (false, null);
        AcknowledgedVersion = SentVersion;
        _inFlight = [];
    }

    public void Reject(Rejection rejection)
    {
        (Awaiting, Rejection) = (false, rejection);
        foreach (var resource in _inFlight) _rejected[resource.Name] = resource.Revision.Short;
        _inFlight = [];
    }

    /// <summary>What is to be sent of a set; removals only where <paramref name="mayRemove"/>.</summary>
    public (List<Resource> Resources, List<string> Removed) Pending(ResourceSet set, bool mayRemove)
    {
        var resources = new List<Resource>();
        var removed = new List<string>();
        if (Subscription.IsWildcard)
        {
            foreach (var resource in set.Resources.Values)
                if (IsNews(resource)) resources.Add(resource);
        }
        foreach (var name in _owed.Concat(Subscription.IsWildcard ? [] : Subscription.Names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (set.Resources.GetValueOrDefault(name) is not { } resource) Gone(name);
            else if (Subscription.Wants(name) && !resources.Contains(resource) && IsNews(resource)) resources.Add(resource);
        }
        if (Subscription.IsWildcard)
            foreach (var name in _known.Keys)
                if (!set.Resources.ContainsKey(name) && !removed.Contains(name)) Gone(name);
        return (resources, removed);

        void Gone(string name)
        {
            var told = _known.TryGetValue(name, out var version) && version == Absent;
            if ((!told || _owed.Contains(name)) && (mayRemove || !_known.ContainsKey(name))) removed.Add(name);
        }
    }

    public void Record(Revision version, string nonce, List<Resource> resources, List<string> removed)
    {
        (SentVersion, LastNonce, Awaiting, MustAnswer, _inFlight) = (version, nonce, true, false, resources);
        foreach (var resource in resources)
        {
            _known[resource.Name] = resource.Revision.Short;
            _rejected.Remove(resource.Name);
            _owed.Remove(resource.Name);
        }
        foreach (var name in removed)
        {
            if (Subscription.Names.Contains(name)) _known[name] = Absent;
            else _known.Remove(name);
            _owed.Remove(name);
        }
        Rejection = null;
    }

    /// <summary>Nothing was sent because nothing was missing: the client has this version.</summary>
    public void Settle(Revision version)
    {
        if (!Awaiting && Rejection is null && !MustAnswer) (SentVersion, AcknowledgedVersion) = (version, version);
    }

    private bool IsNews(Resource resource)
    {
        if (_rejected.TryGetValue(resource.Name, out var refused) && refused == resource.Revision.Short) return false;
        return _owed.Contains(resource.Name) || !_known.TryGetValue(resource.Name, out var version) || version != resource.Revision.Short;
    }
}
