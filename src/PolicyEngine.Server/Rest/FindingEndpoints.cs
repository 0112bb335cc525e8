using PolicyEngine.Engine;
using PolicyEngine.Engine.Remedies;

namespace PolicyEngine.Server.Rest;

public sealed record SwitchRequest(bool On);

/// <summary>What was found amiss, and what is done about it.</summary>
internal static class FindingEndpoints
{
    public static void MapFindings(this RouteGroupBuilder api)
    {
        api.MapGet("/findings", (RemedyService remedies) => Shown.Json(new
        {
            since = remedies.Since,
            remediesOn = remedies.State.On,
            findings = remedies.Findings.Reverse().Select(f => new { finding = f, remedy = remedies.State.Find(f.Id) }),
        })).WithTags("findings");
        api.MapPost("/remedies/switch", async (RemedyService remedies, SwitchRequest body, HttpContext http, CancellationToken ct) =>
            await remedies.SwitchAsync(body.On, Shown.Actor(http), ct) is { Refusal: { } refused } ? Shown.Of<PolicyEngine.Changes.Change>(refused) : Shown.Json(new { on = body.On })).WithTags("findings");
    }
}
