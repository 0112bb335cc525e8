using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Ir;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>One type on a state-of-the-world stream.</summary>
internal sealed class SotwType(ResourceType type)
{
    private readonly HashSet<string> _owed = new(StringComparer.Ordinal);
    private Dictionary<string, Resource> _sent = new(StringComparer.Ordinal);

    public ResourceType Type { get; } = type;

    public Subscription Subscription { get; } = new();

    public string LastNonce { get; set; } = "";

    /// <summary>Whether the client wants an answer even where nothing changed.</summary>
    public bool MustAnswer { get; set; }

    public bool Awaiting { get; private set; }

    public Revision SentVersion { get; private set; }

    public Revision AcknowledgedVersion { get; private set; }

    /// <summary>The content that was refused; it is not sent again.</summary>
    public string? ParkedKey { get; private set; }

    public string? SentKey { get; private set; }

    public Rejection? Rejection { get; private set; }

    public IReadOnlyDictionary<string, Resource> Sent => _sent;

    /// <summary>Names that were asked for anew and are sent although the client may have them.</summary>
    public IReadOnlySet<string> Owed => _owed;

    public TypeStatus Status => new(
        Type,
        Rejection is not null && ParkedKey is not null ? SyncState.Rejected : SentKey is null ? SyncState.NotSent : Awaiting ? SyncState.Sent : SyncState.Synced,
        SentVersion,
        AcknowledgedVersion,
        Rejection);

    public void Owe(IEnumerable<string> names)
    {
        foreach (var name in names) _owed.Add(name);
        MustAnswer |= _owed.Count > 0;
    }

    public void Forget()
    {
        foreach (var name in _sent.Keys.Where(n => !Subscription.Wants(n)).ToList()) _sent.Remove(name);
    }

    public void Acknowledge()
    {
        Awaiting = false;
        AcknowledgedVersion = SentVersion;
        Rejection = null;
        ParkedKey = null;
    }

    public void Reject(Rejection rejection)
    {
        Awaiting = false;
        Rejection = rejection;
        ParkedKey = SentKey;
    }

    /// <summary>Nothing that this client asked for is missing: it has this version too.</summary>
    public void Settle(Revision version)
    {
        if (SentKey is not null && !Awaiting && ParkedKey is null) (SentVersion, AcknowledgedVersion) = (version, version);
    }

    /// <summary>Whether the client has acknowledged exactly this content.</summary>
    public bool Has(string key) => !Awaiting && ParkedKey is null && SentKey == key && _owed.Count == 0;

    public void Record(string key, Revision version, string nonce, IEnumerable<Resource> resources)
    {
        (SentKey, SentVersion, LastNonce, Awaiting, MustAnswer) = (key, version, nonce, true, false);
        if (Limits.IsWholeState(Type)) _sent.Clear();
        foreach (var resource in resources) _sent[resource.Name] = resource;
        _owed.Clear();
    }
}
