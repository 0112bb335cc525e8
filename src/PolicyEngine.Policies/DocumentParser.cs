using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Policies;

public sealed record ParseResult(ImmutableArray<Document> Documents, ImmutableArray<Diagnostic> Diagnostics);

/// <summary>Text to documents. What is wrong is reported with its place, all at once; the documents that are right come through.</summary>
public static class DocumentParser
{
    public static ParseResult Parse(string text, string file) => Parse(text, file, Kinds.All);

    /// <summary>Documents of these kinds only; any other is reported as one that does not belong here.</summary>
    public static ParseResult Parse(string text, string file, ImmutableArray<Kind> kinds)
    {
        var (nodes, malformed) = DocReader.Read(text, file);
        var diagnostics = malformed.ToBuilder();
        var documents = ImmutableArray.CreateBuilder<Document>();
        foreach (var node in nodes)
            if (node is not DocScalar { IsNull: true } && Parse(node, kinds, diagnostics) is { } document) documents.Add(document);
        return new ParseResult(documents.ToImmutable(), diagnostics.ToImmutable());
    }

    private static Document? Parse(DocNode node, ImmutableArray<Kind> kinds, ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        if (node is not DocMap map)
        {
            diagnostics.Add(Diagnostic.Of(DiagnosticCatalogue.MalformedYaml, "a document is a block with apiVersion, kind, metadata and spec") with { Location = node.Location });
            return null;
        }
        var before = diagnostics.Count;
        if (Header(map, kinds, diagnostics) is not { } kind) return null;
        var id = $"{kind.Name}/{((map["metadata"]?.Value as DocMap)?["name"]?.Value as DocScalar)?.Text ?? "?"}";
        var parser = new ShapeParser(diagnostics, id);
        var metadata = Part(map, "metadata", ShapeOf.Record(typeof(Metadata)), parser, diagnostics, id) as Metadata;
        var spec = Part(map, "spec", kind.Shape, parser, diagnostics, id) as Spec;
        if (metadata is null || spec is null) return null;
        var document = new Document(kind, metadata, spec, node);
        diagnostics.AddRange(Check(document));
        return diagnostics.Count > before ? null : document;
    }

    /// <summary>What <see cref="Spec.Check"/> finds, as diagnostics with places: for documents that were read and for ones that a planner made.</summary>
    public static IEnumerable<Diagnostic> Check(Document document)
    {
        foreach (var flaw in document.Spec.Check())
            yield return Diagnostic.Of(flaw.Rule, flaw.Message) with
            {
                Document = document.Id,
                Field = "spec." + flaw.Field,
                Location = document.Place("spec." + flaw.Field),
                Fix = flaw.Fix,
            };
    }

    private static object? Part(DocMap map, string name, RecordShape shape, ShapeParser parser, ImmutableArray<Diagnostic>.Builder diagnostics, string id)
    {
        if (map[name] is { } field) return parser.Parse(field.Value, shape, name);
        diagnostics.Add(Diagnostic.Of(DiagnosticCatalogue.MissingField, $"the document has no {name}") with { Location = map.Location, Document = id, Field = name });
        return null;
    }

    private static Kind? Header(DocMap map, ImmutableArray<Kind> kinds, ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        string[] known = ["apiVersion", "kind", "metadata", "spec"];
        foreach (var field in map.Fields)
            if (!known.Contains(field.Key))
                diagnostics.Add(Diagnostic.Of(DiagnosticCatalogue.UnknownField, $"unknown field '{Bounded(field.Key)}'") with { Location = field.Location, Field = Bounded(field.Key), Fix = Nearest.Fix(field.Key, known) });
        if (map["apiVersion"] is not { Value: DocScalar { Text: Document.ApiVersion } })
            diagnostics.Add(Diagnostic.Of(DiagnosticCatalogue.UnknownKind, "a document begins with apiVersion: " + Document.ApiVersion) with
            {
                Location = map["apiVersion"]?.Value.Location ?? map.Location,
                Field = "apiVersion",
                Fix = "write apiVersion: " + Document.ApiVersion,
            });
        var name = (map["kind"]?.Value as DocScalar)?.Text;
        if (name is not null && Kinds.Find(name) is { } kind && kinds.Contains(kind)) return kind;
        diagnostics.Add(Diagnostic.Of(DiagnosticCatalogue.UnknownKind, Misplaced(name)) with
        {
            Location = map["kind"]?.Value.Location ?? map.Location,
            Field = "kind",
            Fix = Nearest.Fix(name ?? "", [.. kinds.Select(k => k.Name)]),
        });
        return null;
    }

    private static string Misplaced(string? name) => name switch
    {
        null => "the document has no kind",
        _ when Kinds.Find(name) is not null => $"a {name} does not belong here",
        _ => $"'{Bounded(name)}' is not a kind",
    };

    private static string Bounded(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
