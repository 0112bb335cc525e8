using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyEngine.Changes.Journal;
using PolicyEngine.ControlPlane;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Engine;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Server.Identity;
using PolicyEngine.Xds;

namespace PolicyEngine.Server.Rest;

/// <summary>What stands, what is served, who has it, and what happened.</summary>
internal static class ReadEndpoints
{
    public static void MapReads(this RouteGroupBuilder api)
    {
        api.MapGet("/policies", (PolicyEngineService engine, HttpContext http) => Documents(engine.Head.Policies, http)).WithTags("policies");
        api.MapGet("/catalog", (PolicyEngineService engine, HttpContext http) => Documents(engine.Head.Catalog, http)).WithTags("policies");
        api.MapGet("/schemas/{kind}", (string kind) => Kinds.Find(kind) is { } known ? Results.Text(known.Schema().ToJson(), "application/schema+json") : Results.Problem(statusCode: 404, title: "NotFound", detail: $"there is no kind '{kind}'")).WithTags("policies");
        api.MapGet("/fleets", (PolicyEngineService engine, NodeRegistry nodes, SnapshotCache cache) => Shown.Json(engine.Head.Snapshots.Values.Select(s => new { fleet = s.Fleet, revision = s.Revision, resources = s.Resources.Count(), nodes = nodes.Of(cache.AsServed(s)) }))).WithTags("fleets");
        api.MapGet("/fleets/{fleet}/snapshot", (PolicyEngineService engine, string fleet) => engine.Head.Snapshots.GetValueOrDefault(fleet) is { } snapshot
            ? Results.Text(SnapshotJson.Of(snapshot).ToJsonString(), "application/json")
            : Results.Problem(statusCode: 404, title: "NotFound", detail: $"there is no fleet '{fleet}'")).WithTags("fleets");
        api.MapGet("/nodes", (NodeRegistry nodes) => Shown.Json(nodes.Nodes.Select(Node))).WithTags("fleets");
        api.MapGet("/journal", (PolicyEngineService engine, long? after, int? limit) =>
            Shown.Json(engine.Journal().Where(r => r.Sequence > (after ?? 0)).Take(Math.Clamp(limit ?? 200, 1, 1000)).Select(Record))).WithTags("journal");
        api.MapGet("/journal/verify", (PolicyEngineService engine) => Shown.Json(engine.VerifyJournal())).WithTags("journal");
        api.MapGet("/events", Events).WithTags("changes");
    }

    private static IResult Documents(DocumentSet set, HttpContext http)
    {
        var tag = $"\"{set.Revision}\"";
        http.Response.Headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch == tag) return Results.StatusCode(StatusCodes.Status304NotModified);
        return Shown.Json(new { revision = set.Revision, documents = set.Documents.Values.Select(d => d.ToJson()) });
    }

    private static object Node(NodeStatus node) => new
    {
        node.Node.Id,
        node.Node.Cluster,
        node.Node.UserAgent,
        node.Fleet,
        node.ConnectedAt,
        node.Protocol,
        node.State,
        types = node.Types.Select(t => new { type = t.Type.ShortName, t.State, sent = t.Sent.Short, acknowledged = t.Acknowledged.Short, t.Rejection }),
    };

    private static JsonObject Record(JournalRecord record) => new()
    {
        ["sequence"] = record.Sequence,
        ["at"] = record.At,
        ["actor"] = record.Actor,
        ["change"] = record.ChangeId,
        ["payload"] = JsonNode.Parse(record.Payload),
        ["previous"] = record.Previous.ToString(),
        ["hash"] = record.Hash.ToString(),
    };

    /// <summary>Server-sent events, one a step of a change.</summary>
    private static async Task Events(PolicyEngineService engine, UserFile users, HttpContext http, CancellationToken gone)
    {
        // A token that is withdrawn ends what is read under it.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(gone, users.Session(Shown.Actor(http).Name));
        var cancellation = end.Token;
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.Body.FlushAsync(cancellation);
        try
        {
            await foreach (var notice in engine.Watch(cancellation))
            {
                await http.Response.WriteAsync($"event: change\ndata: {JsonSerializer.Serialize(notice, JournalJson.Options)}\n\n", cancellation);
                await http.Response.Body.FlushAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The reader went away, or may no longer read: that is how this ends.
        }
    }
}
