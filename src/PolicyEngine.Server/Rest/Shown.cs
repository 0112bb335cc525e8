using System.Text.Json;
using PolicyEngine.Changes;
using PolicyEngine.Changes.Journal;
using PolicyEngine.Engine;
using PolicyEngine.Server.Identity;

namespace PolicyEngine.Server.Rest;

/// <summary>Outcomes as HTTP: a value as JSON, a refusal as problem+json with the status that its kind has.</summary>
internal static class Shown
{
    public static IResult Json(object value, int status = StatusCodes.Status200OK) => Results.Json(value, JournalJson.Options, statusCode: status);

    public static IResult Of<T>(Outcome<T> outcome, string? createdAt = null) where T : class
    {
        if (outcome.Value is { } value) return createdAt is null ? Json(value) : new Created(createdAt, value);
        var refusal = outcome.Refusal!;
        return Results.Problem(
            statusCode: refusal.Kind switch
            {
                RefusalKind.NotFound => StatusCodes.Status404NotFound,
                RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
                RefusalKind.Conflict => StatusCodes.Status409Conflict,
                RefusalKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status422UnprocessableEntity,
            },
            title: refusal.Kind.ToString(),
            detail: refusal.Reason,
            extensions: refusal.Diagnostics.IsEmpty ? null : new Dictionary<string, object?> { ["diagnostics"] = JsonSerializer.SerializeToNode(refusal.Diagnostics, JournalJson.Options) });
    }

    /// <summary>A change without its report, for lists.</summary>
    public static Change Brief(Change change) => change with { Report = null, Edits = [], Provenance = null };

    public static string Word(ChangeState state) => JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString());

    public static Actor Actor(HttpContext http) => Principals.Actor(http.User);

    private sealed class Created(string location, object value) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            http.Response.Headers.Location = location;
            return Json(value, StatusCodes.Status201Created).ExecuteAsync(http);
        }
    }
}
