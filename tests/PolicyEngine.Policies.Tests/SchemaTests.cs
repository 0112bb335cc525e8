using System.Collections.Immutable;
using System.Text.Json.Nodes;
using NJsonSchema;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Policies.Tests;

/// <summary>Editors and models are held to the schema, the engine to the parser: they agree.</summary>
public sealed class SchemaTests
{
    private static readonly Dictionary<string, JsonSchema> Schemas = Kinds.All.Concat(Kinds.Operations).ToDictionary(k => k.Name, k => k.Schema());

    public static IEnumerable<Document> Documents => Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, "tests", "cases"), "policies.yaml", SearchOption.AllDirectories)
        .Append(RepositoryPaths.Shop)
        .SelectMany(f => DocumentFolder.Read(f).Documents)
        .Concat(DocumentFolder.Read(Path.Combine(RepositoryPaths.Root, "policies", "playbooks"), Kinds.Operations).Documents);

    [Fact]
    public void Schema_OfEveryKind_TakesEveryGoodDocument() => Assert.All(Documents, d => Assert.Empty(Schemas[d.Kind.Name].Validate(d.ToJson().ToJsonString())));

    [Fact]
    public void Schema_AndParser_RefuseTheSameBrokenDocuments()
    {
        var seen = 0;
        foreach (var document in Documents)
            foreach (var broken in Broken(document.ToJson()))
            {
                var text = broken.ToJsonString();
                var byShape = Shape(document.Kind, text);
                Assert.True(Schemas[document.Kind.Name].Validate(text).Count > 0 == byShape, text);
                seen++;
            }
        Assert.True(seen > 500, $"only {seen} mutants");
    }

    [Fact]
    public void Schema_OfEveryKind_DescribesEveryField()
    {
        foreach (var kind in Kinds.All.Concat(Kinds.Operations))
            Assert.All(kind.Shape.Fields, f => Assert.True(f.About.Description.Length > 5, $"{kind.Name}.{f.Name}"));
    }

    /// <summary>Whether the shape alone refuses it: what fields mean together is beyond a schema.</summary>
    private static bool Shape(Kind kind, string text)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Ir.Diagnostic>();
        new ShapeParser(diagnostics, null).Parse(((DocMap)DocReader.Read(text, "x").Documents[0])["spec"]!.Value, kind.Shape, "spec");
        return diagnostics.Count > 0;
    }

    /// <summary>The document with one field too many, one too few, or one of another form, at every place.</summary>
    private static IEnumerable<JsonObject> Broken(JsonObject document)
    {
        foreach (var path in Places(document["spec"]!.AsObject(), "spec"))
        {
            foreach (var change in new Action<JsonObject, string>[] { (o, k) => o[k] = new JsonObject { ["nonsense"] = 1 }, (o, _) => o["nonsense"] = 1, (o, k) => o.Remove(k) })
            {
                var copy = (JsonObject)document.DeepClone();
                var (parent, key) = Find(copy, path);
                change(parent, key);
                yield return copy;
            }
        }
    }

    private static IEnumerable<string> Places(JsonObject node, string path)
    {
        foreach (var (key, value) in node)
        {
            yield return $"{path}.{key}";
            if (value is JsonObject inner) foreach (var place in Places(inner, $"{path}.{key}")) yield return place;
            if (value is JsonArray { Count: > 0 } list && list[0] is JsonObject first) foreach (var place in Places(first, $"{path}.{key}.0")) yield return place;
        }
    }

    private static (JsonObject Parent, string Key) Find(JsonObject root, string path)
    {
        var steps = path.Split('.');
        JsonNode at = root;
        foreach (var step in steps[..^1]) at = at is JsonArray list ? list[int.Parse(step)]! : at[step]!;
        return ((JsonObject)at, steps[^1]);
    }
}
