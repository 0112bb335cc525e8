using PolicyEngine.Engine;

namespace PolicyEngine.Server.Rest;

public sealed record SayRequest(string Text);

/// <summary>Conversations over REST: a turn is a change; what a turn means depends on the turns before it.</summary>
internal static class ConversationEndpoints
{
    public static void MapConversations(this RouteGroupBuilder api)
    {
        var conversations = api.MapGroup("/conversations").WithTags("conversations");
        conversations.MapGet("", (PolicyEngineService engine, HttpContext http) =>
            Shown.Json(engine.Changes.Where(c => c.Conversation == c.Id && c.Author == Shown.Actor(http).Name).Take(100).Select(c => new { id = c.Id, c.Intent, c.CreatedAt })));
        conversations.MapGet("/{id}", (PolicyEngineService engine, string id) =>
            engine.Conversation(id) is [_, ..] turns ? Shown.Json(new { id, turns = turns.Select(Shown.Brief) }) : Shown.Of<PolicyEngine.Changes.Change>(new Refusal(RefusalKind.NotFound, $"there is no conversation '{(id.Length <= 40 ? id : id[..40] + "…")}'")));
        conversations.MapPost("", async (PolicyEngineService engine, SayRequest body, HttpContext http, CancellationToken ct) => Turn(await engine.SayAsync(null, body.Text ?? "", Shown.Actor(http), ct)));
        conversations.MapPost("/{id}/say", async (PolicyEngineService engine, string id, SayRequest body, HttpContext http, CancellationToken ct) => Turn(await engine.SayAsync(id, body.Text ?? "", Shown.Actor(http), ct)));
    }

    private static IResult Turn(Outcome<PolicyEngine.Changes.Change> outcome) => Shown.Of(outcome, outcome.Value is { } change ? $"/api/v1/conversations/{change.Conversation}" : null);
}
