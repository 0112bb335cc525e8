using System.Text.Json.Nodes;
using PolicyEngine.Policies;

namespace PolicyEngine.Changes;

/// <summary>An edit as JSON: <c>{op: upsert, policy}</c> or <c>{op: remove, policy: {kind, metadata: {name}}}</c>.</summary>
public static class EditJson
{
    public static JsonObject Write(PolicyEdit edit)
    {
        if (edit.Upserted is { } document) return new JsonObject { ["op"] = "upsert", ["id"] = edit.Id, ["policy"] = document.ToJson() };
        var slash = edit.Id.IndexOf('/');
        return new JsonObject
        {
            ["op"] = "remove",
            ["id"] = edit.Id,
            ["policy"] = new JsonObject { ["apiVersion"] = Policies.Documents.Document.ApiVersion, ["kind"] = edit.Id[..slash], ["metadata"] = new JsonObject { ["name"] = edit.Id[(slash + 1)..] } },
        };
    }

    /// <summary>Gives the edit, or what is wrong with it. <paramref name="file"/> is what diagnostics call its source.</summary>
    public static (PolicyEdit? Edit, IReadOnlyList<Ir.Diagnostic> Diagnostics) Read(JsonObject json, string file)
    {
        var op = Text(json["op"]);
        if (json["policy"] is not JsonObject policy) return (null, [Invalid($"{file} has no policy")]);
        switch (op)
        {
            case "upsert":
                var parsed = DocumentParser.Parse(policy.ToJsonString(), file);
                if (parsed.Documents is [{ Kind.IsCatalog: false } document]) return (PolicyEdit.Upsert(document), parsed.Diagnostics);
                return (null, parsed.Diagnostics.IsEmpty ? [Invalid($"{file}: the catalog is not changed this way")] : parsed.Diagnostics);
            case "remove":
                var (kind, name) = (Kinds.Find(Text(policy["kind"]) ?? ""), Text((policy["metadata"] as JsonObject)?["name"]));
                return kind is { IsCatalog: false } && name is not null ? (PolicyEdit.Remove(kind, name), []) : (null, [Invalid($"{file}: name the kind and the name of the policy to remove")]);
            default:
                return (null, [Invalid($"{file}: op is upsert or remove")]);
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static Ir.Diagnostic Invalid(string message) => Ir.Diagnostic.Of(Ir.DiagnosticCatalogue.InvalidValue, message);
}
