using System.Text.Json.Nodes;

namespace PolicyEngine.Xds;

/// <summary>A snapshot for people and tools: <c>{fleet, revision, resources: {typeUrl: {version, resources: […]}}}</c>, each resource as Envoy writes it.</summary>
public static class SnapshotJson
{
    public static JsonObject Of(Snapshot snapshot) => new()
    {
        ["fleet"] = snapshot.Fleet,
        ["revision"] = snapshot.Revision.ToString(),
        ["resources"] = new JsonObject(snapshot.Present.Select(s => KeyValuePair.Create(s.Type.TypeUrl, (JsonNode?)new JsonObject
        {
            ["version"] = s.Version.ToString(),
            ["resources"] = new JsonArray([.. s.Resources.Values.Select(r => (JsonNode)EnvoyJson.Node(r.Message))]),
        }))),
    };
}
