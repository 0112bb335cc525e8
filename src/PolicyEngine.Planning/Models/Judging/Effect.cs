using System.Text.Json.Nodes;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Planning.Models.Judging;

/// <summary>
/// What edits do, apart from how they are written: new documents count by what they say, not by their names, and lists whose order means nothing by what is in
/// them. Equal effects are equal texts.
/// </summary>
internal static class Effect
{
    /// <summary>Lists that mean the same in any order. The order of a route's matches does not matter either: any of them will do.</summary>
    private static readonly HashSet<string> Unordered = new(StringComparer.Ordinal)
    {
        "backends", "rules", "cidrs", "methods", "paths", "headers", "queryParams", "cookies", "matches", "retryOn", "statusCodes", "hosts", "gateways", "set", "add", "append", "remove",
    };

    public static string Of(IEnumerable<PolicyEdit> edits, PolicySet before) =>
        string.Join('\n', edits.Select(e => Of(e, before)).OfType<string>().Order(StringComparer.Ordinal));

    public static Revision Hash(IEnumerable<PolicyEdit> edits, PolicySet before) => Revision.Of($"{before.Revision}\n{Of(edits, before)}");

    private static string? Of(PolicyEdit edit, PolicySet before)
    {
        var was = before.Documents.GetValueOrDefault(edit.Id);
        if (edit.Upserted is not { } now) return was is null ? null : $"- {edit.Id}";
        if (now == was) return null;
        var json = now.ToJson();
        // A share of nothing is no share: a split that leaves a version out says the same.
        if (json["spec"]!["backends"] is JsonArray { Count: > 1 } backends)
            foreach (var none in backends.Where(b => b?["weight"]?.GetValue<string>() == "0%").ToList()) backends.Remove(none);
        return $"+ {(was is null ? now.Kind.Name : now.Id)} {now.Metadata.ExpiresAt:O} {Sorted(json["spec"]!, "")!.ToJsonString()}";
    }

    private static JsonNode? Sorted(JsonNode? node, string name) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value, p.Key)))),
        JsonArray list => new JsonArray([.. Ordered(list.Select(i => Sorted(i, "")), name)]),
        _ => node?.DeepClone(),
    };

    private static IEnumerable<JsonNode?> Ordered(IEnumerable<JsonNode?> items, string name) => Unordered.Contains(name) ? items.OrderBy(i => i?.ToJsonString(), StringComparer.Ordinal) : items;
}
