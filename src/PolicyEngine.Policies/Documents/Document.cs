using System.Text.Json.Nodes;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Policies.Documents;

/// <summary>One catalog or policy document, parsed and valid by itself. Identity is content: where it was read from does not count.</summary>
public sealed class Document : IEquatable<Document>
{
    public const string ApiVersion = "policyengine.dev/v1";

    private readonly Lazy<(JsonObject Json, Revision Revision)> _form;

    public Document(Kind kind, Metadata metadata, Spec spec, DocNode? source = null)
    {
        if (!kind.SpecType.IsInstanceOfType(spec)) throw new ArgumentException($"a {kind.Name} holds a {kind.SpecType.Name}, not a {spec.GetType().Name}", nameof(spec));
        (Kind, Metadata, Spec, Source) = (kind, metadata, spec, source);
        Id = $"{kind.Name}/{metadata.Name}";
        _form = new(() =>
        {
            var json = new JsonObject { ["apiVersion"] = ApiVersion, ["kind"] = kind.Name, ["metadata"] = JsonWriter.Write(metadata), ["spec"] = JsonWriter.Write(spec) };
            return (json, Revision.Of(json.ToJsonString()));
        });
    }

    public Kind Kind { get; }

    public Metadata Metadata { get; }

    public string Name => Metadata.Name;

    public Spec Spec { get; }

    /// <summary><c>Kind/name</c>.</summary>
    public string Id { get; }

    /// <summary>As written, where it came from a file: for places in diagnostics.</summary>
    public DocNode? Source { get; }

    public Revision Revision => _form.Value.Revision;

    /// <summary>A document of the kind that holds this spec.</summary>
    public static Document Of(string name, Spec spec, Func<Metadata, Metadata>? with = null)
    {
        var metadata = new Metadata { Name = name };
        return new Document(Kinds.Of(spec.GetType()), with?.Invoke(metadata) ?? metadata, spec);
    }

    public Document With(Spec spec) => new(Kind, Metadata, spec);

    public Document With(Metadata metadata) => new(Kind, metadata, Spec);

    public JsonObject ToJson() => (JsonObject)_form.Value.Json.DeepClone();

    public string ToYaml() => YamlText.Write(_form.Value.Json);

    /// <summary>The place of a field (<c>spec.target.service</c>), or of the nearest thing around it that was written.</summary>
    public Location? Place(string field) => Source is null ? null : Places.Find(Source, field);

    public bool Equals(Document? other) => other is not null && Revision == other.Revision;

    public override bool Equals(object? obj) => Equals(obj as Document);

    public override int GetHashCode() => Revision.GetHashCode();

    public override string ToString() => Id;
}
