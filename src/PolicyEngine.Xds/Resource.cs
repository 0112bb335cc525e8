using System.Collections.Immutable;
using Google.Protobuf;
using PolicyEngine.Ir;

namespace PolicyEngine.Xds;

/// <summary>One xDS resource, immutable: canonical bytes, their revision, the names it refers to, and the documents behind it.</summary>
public sealed class Resource
{
    private readonly ReadOnlyMemory<byte> _body;
    private readonly Lazy<IMessage> _message;
    private readonly Lazy<ImmutableArray<string>> _origins;

    private Resource(ResourceType type, string name, ReadOnlyMemory<byte> body, Lazy<ImmutableArray<string>> origins, IMessage? message)
    {
        (Type, Name, _body, _origins) = (type, XdstpName.Canonical(name), body, origins);
        Revision = type == ResourceType.Secret ? SecretRevision.Of(body) : Revision.Of(body.Span);
        _message = new Lazy<IMessage>(() => message ?? EnvoyTypes.Parse(type.TypeUrl, body));
        References = new Lazy<ImmutableArray<ResourceReference>>(() => ResourceReferences.Of(_message.Value));
    }

    private Resource(Resource other) =>
        (Type, Name, _body, _origins, Revision, _message, References, Ttl) = (other.Type, other.Name, other._body, other._origins, other.Revision, other._message, other.References, other.Ttl);

    public ResourceType Type { get; }

    public string Name { get; }

    /// <summary>SHA-256 of <see cref="Body"/> (of a secret: what <see cref="SecretRevision"/> makes of it; and of the time to live, where there is one); the resource's version on the wire is its <see cref="Revision.Short"/> form.</summary>
    public Revision Revision { get; private init; }

    /// <summary>Canonical serialisation, without the Any around it.</summary>
    public ReadOnlyMemory<byte> Body => _body;

    /// <summary>The documents that shaped it, as <c>Kind/name</c>, sorted.</summary>
    public ImmutableArray<string> Origins => _origins.Value;

    /// <summary>The message, parsed on first use. Shared: never change it.</summary>
    public IMessage Message => _message.Value;

    /// <summary>What else must be in the snapshot for this to work.</summary>
    public Lazy<ImmutableArray<ResourceReference>> References { get; private init; }

    /// <summary>How long a client may use it without hearing of it again; null: for ever. Whole milliseconds.</summary>
    public TimeSpan? Ttl { get; private init; }

    /// <summary>The IR object that it was made from, where this process made it.</summary>
    internal object? Source { get; private init; }

    /// <summary>Its parts by the IR objects they were made from, for a cheap successor, lint and diff; null where it is one piece.</summary>
    internal IReadOnlyDictionary<object, Routes.TablePart>? Parts { get; private init; }

    public static Resource Of(ResourceType type, string name, IMessage message, ImmutableArray<string> origins) =>
        new(type, name, Canonical.Bytes(message), new(() => origins), message);

    public static Resource FromBytes(ResourceType type, string name, ReadOnlyMemory<byte> body, ImmutableArray<string> origins) =>
        new(type, name, body, new(() => origins), null);

    /// <summary>The same with a time to live (more than zero). It is part of the revision: a client that has the resource for ever is told that it ends.</summary>
    public Resource WithTtl(TimeSpan ttl) => ttl > TimeSpan.Zero && Ttl is null
        ? new(this) { Ttl = ttl, Revision = Revision.Combine([(FormattableString.Invariant($"ttl {ttl.TotalMilliseconds}"), Revision)]) }
        : throw new ArgumentOutOfRangeException(nameof(ttl), ttl, "a time to live is given once and is more than zero");

    internal Resource From(object source) => new(this) { Source = source };

    /// <summary>Put together from parts; what it refers to and where it comes from is asked of them when somebody wants to know.</summary>
    internal static Resource OfParts(ResourceType type, string name, ReadOnlyMemory<byte> body, object source, IReadOnlyDictionary<object, Routes.TablePart> parts, Func<ImmutableArray<string>> origins) =>
        new(type, name, body, new(origins), null)
        {
            Source = source,
            Parts = parts,
            References = new(() => [.. parts.Values.SelectMany(p => p.References)]),
        };

    public override string ToString() => $"{Type} {Name} @{Revision.Short}";
}

/// <summary>A name that a resource needs to be in the snapshot, and the field that says so.</summary>
public sealed record ResourceReference(ResourceType Type, string Name, string Field);
