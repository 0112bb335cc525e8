using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Catalog;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Policies;

/// <summary>Documents by id, in ordinal order; immutable. Its revision is a hash of its content.</summary>
public abstract class DocumentSet(ImmutableSortedDictionary<string, Document> documents)
{
    private readonly Lazy<Revision> _revision = new(() => Revision.Combine(documents.Select(d => (d.Key, d.Value.Revision))));

    public ImmutableSortedDictionary<string, Document> Documents { get; } = documents;

    public Revision Revision => _revision.Value;

    public Document? Find(Kind kind, string name) => Documents.GetValueOrDefault($"{kind.Name}/{name}");

    private readonly Lazy<ILookup<Kind, Document>> _byKind = new(() => documents.Values.ToLookup(d => d.Kind));

    public IEnumerable<Document> Of(Kind kind) => _byKind.Value[kind];

    protected static ImmutableSortedDictionary<string, Document> Index(IEnumerable<Document> documents) =>
        documents.ToImmutableSortedDictionary(d => d.Id, d => d, StringComparer.Ordinal);
}

/// <summary>What exists.</summary>
public sealed class ServiceCatalog(IEnumerable<Document> documents) : DocumentSet(Index(documents.Where(d => d.Kind.IsCatalog)))
{
    public static readonly ServiceCatalog Empty = new([]);

    private ImmutableSortedDictionary<string, ServiceSpec>? _services;
    private ImmutableSortedDictionary<string, GatewaySpec>? _gateways;
    private ImmutableSortedDictionary<string, FleetSpec>? _fleets;
    private ImmutableSortedDictionary<string, SecretSpec>? _secrets;

    public ImmutableSortedDictionary<string, ServiceSpec> Services => _services ??= ByName<ServiceSpec>();

    public ImmutableSortedDictionary<string, GatewaySpec> Gateways => _gateways ??= ByName<GatewaySpec>();

    public ImmutableSortedDictionary<string, FleetSpec> Fleets => _fleets ??= ByName<FleetSpec>();

    public ImmutableSortedDictionary<string, SecretSpec> Secrets => _secrets ??= ByName<SecretSpec>();

    private ImmutableSortedDictionary<string, T> ByName<T>() where T : CatalogSpec =>
        Documents.Values.Where(d => d.Spec is T).ToImmutableSortedDictionary(d => d.Name, d => (T)d.Spec, StringComparer.Ordinal);
}

/// <summary>What should happen.</summary>
public sealed class PolicySet : DocumentSet
{
    public static readonly PolicySet Empty = new(ImmutableSortedDictionary<string, Document>.Empty.WithComparers(StringComparer.Ordinal));

    public PolicySet(IEnumerable<Document> documents) : base(Index(documents.Where(d => d.Kind.IsPolicy)))
    {
    }

    private PolicySet(ImmutableSortedDictionary<string, Document> documents) : base(documents)
    {
    }

    /// <summary>The set after the edits. Removing what is not there changes nothing.</summary>
    public PolicySet Apply(IEnumerable<PolicyEdit> edits)
    {
        var documents = Documents.ToBuilder();
        foreach (var edit in edits)
        {
            if (edit.Upserted is { } document) documents[document.Id] = document;
            else documents.Remove(edit.Id);
        }
        return new PolicySet(documents.ToImmutable());
    }

    /// <summary>The edits that lead from this set to another, in ordinal order of ids: the exact inverse of the way back.</summary>
    public ImmutableArray<PolicyEdit> EditsTo(PolicySet other) =>
    [
        .. Documents.Where(d => !(other.Documents.TryGetValue(d.Key, out var now) && Same(d.Value, now))).Select(d => d.Key)
            .Union(other.Documents.Keys.Where(id => !Documents.ContainsKey(id)))
            .Order(StringComparer.Ordinal)
            .Select(id => other.Documents.TryGetValue(id, out var document) ? PolicyEdit.Upsert(document) : PolicyEdit.Remove(Documents[id])),
    ];

    // Most documents of two sets are the very same object; only the others are compared by content.
    private static bool Same(Document a, Document b) => ReferenceEquals(a, b) || a.Equals(b);
}

/// <summary>One edit of a policy set: a document put there, or taken away.</summary>
public sealed record PolicyEdit
{
    private PolicyEdit(string id, Document? upserted) => (Id, Upserted) = (id, upserted);

    /// <summary><c>Kind/name</c>.</summary>
    public string Id { get; }

    /// <summary>The document, or null for a removal.</summary>
    public Document? Upserted { get; }

    public static PolicyEdit Upsert(Document document) => new(document.Id, document);

    public static PolicyEdit Remove(Document document) => new(document.Id, null);

    public static PolicyEdit Remove(Kind kind, string name) => new($"{kind.Name}/{name}", null);
}
