using System.Text.Json.Nodes;
using PolicyEngine.Changes;
using PolicyEngine.Changes.Journal;
using PolicyEngine.Engine;
using PolicyEngine.Ir;
using PolicyEngine.Policies;

namespace PolicyEngine.Server.Rest;

public sealed record SubmitRequest(string? Intent, string? Channel, List<JsonObject?>? Edits);

public sealed record AnswerRequest(string Answer);

public sealed record ApproveRequest(string ReportHash);

public sealed record ReasonRequest(string? Reason);

/// <summary>Changes over REST: each endpoint is one use case of the engine.</summary>
internal static class ChangeEndpoints
{
    private const int MostListed = 500;

    public static void MapChanges(this RouteGroupBuilder api)
    {
        var changes = api.MapGroup("/changes").WithTags("changes");
        changes.MapGet("", (PolicyEngineService engine, string? state, int? limit) =>
            Shown.Json(engine.Changes.Where(c => state is null || Shown.Word(c.State) == state).Take(Math.Clamp(limit ?? 100, 1, MostListed)).Select(Shown.Brief)));
        changes.MapGet("/{id}", (PolicyEngineService engine, string id) => Shown.Of(engine.Change(id)));
        changes.MapPost("", Submit);
        changes.MapPost("/{id}/answer", async (PolicyEngineService engine, string id, AnswerRequest body, HttpContext http, CancellationToken ct) =>
            Shown.Of(await engine.AnswerAsync(id, body.Answer ?? "", Shown.Actor(http), ct)));
        changes.MapPost("/{id}/dry-run", async (PolicyEngineService engine, string id, HttpContext http, CancellationToken ct) =>
            Shown.Of(await engine.DryRunAsync(id, Shown.Actor(http), ct)));
        changes.MapPost("/{id}/approve", async (PolicyEngineService engine, string id, ApproveRequest body, HttpContext http, CancellationToken ct) =>
            Revision.TryParse(body.ReportHash, out var hash)
                ? Shown.Of(await engine.ApproveAsync(id, hash, Shown.Actor(http), ct))
                : Shown.Of<Change>(new Refusal(RefusalKind.Invalid, "reportHash is the 64 hex digits of the report that was read")));
        changes.MapPost("/{id}/reject", async (PolicyEngineService engine, string id, ReasonRequest body, HttpContext http, CancellationToken ct) =>
            Shown.Of(await engine.RejectAsync(id, Reason(body), Shown.Actor(http), ct)));
        changes.MapPost("/{id}/promote", async (PolicyEngineService engine, string id, HttpContext http, CancellationToken ct) =>
            Shown.Of(await engine.PromoteAsync(id, Shown.Actor(http), ct)));
        changes.MapPost("/{id}/rollback", async (PolicyEngineService engine, string id, ReasonRequest body, HttpContext http, CancellationToken ct) =>
            Shown.Of(await engine.RollBackAsync(id, Reason(body), Shown.Actor(http), ct)));
        api.MapPost("/rollback", async (PolicyEngineService engine, ReasonRequest body, HttpContext http, CancellationToken ct) =>
            Shown.Of(await engine.RollBackAsync(null, Reason(body), Shown.Actor(http), ct))).WithTags("changes");
    }

    private static async Task<IResult> Submit(PolicyEngineService engine, SubmitRequest body, HttpContext http, CancellationToken ct)
    {
        var edits = new List<PolicyEdit>();
        var problems = new List<Diagnostic>();
        foreach (var (json, i) in (body.Edits ?? []).Select((e, i) => (e, i)))
        {
            if (json is null)
            {
                problems.Add(Diagnostic.Of(DiagnosticCatalogue.InvalidValue, $"edits[{i}] is null") with { Field = $"edits[{i}]", Fix = "an edit is {op: upsert, policy: …} or {op: remove, id: …}" });
                continue;
            }
            var (edit, diagnostics) = EditJson.Read(json, $"edits[{i}]");
            problems.AddRange(diagnostics);
            if (edit is not null) edits.Add(edit);
        }
        if (problems.HasErrors()) return Shown.Of<Change>(new Refusal(RefusalKind.Invalid, "the edits are not valid", problems.Sorted()));
        var outcome = await engine.SubmitAsync(new Submission(body.Intent ?? "", body.Channel ?? "api") { Edits = edits }, Shown.Actor(http), ct);
        return Shown.Of(outcome, outcome.Value is { } change ? $"/api/v1/changes/{change.Id}" : null);
    }

    private static string Reason(ReasonRequest body) => string.IsNullOrWhiteSpace(body.Reason) ? "no reason given" : body.Reason.Length <= 500 ? body.Reason : body.Reason[..500];
}
