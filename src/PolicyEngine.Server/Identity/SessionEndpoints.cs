using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using PolicyEngine.Console;

namespace PolicyEngine.Server.Identity;

/// <summary>Signing in and out with plain forms, each with its antiforgery token.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder app, string policy)
    {
        app.MapGet(ConsoleHosting.SessionPath, () => Results.NoContent()).RequireAuthorization(policy).ExcludeFromDescription();
        // Checked by hand: a form that has grown too old leads back to a fresh one, not to an error page.
        app.MapPost(ConsoleHosting.SessionPath, SignIn).DisableAntiforgery().ExcludeFromDescription();
        app.MapPost(ConsoleHosting.SignOutPath, SignOut).RequireAuthorization(policy).DisableAntiforgery().ExcludeFromDescription();
    }

    private static async Task<IResult> SignIn(HttpContext http, IAntiforgery antiforgery, SessionBook sessions)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        // A form was made for whoever was signed in then; the new session takes the old one's place.
        if ((await http.AuthenticateAsync(SessionHandler.SchemeName)).Principal is { } before) http.User = before;
        if (!await antiforgery.IsRequestValidAsync(http)) return Again("stale");
        if (sessions.Begin(form["token"].ToString().Trim()) is not { } id) return Again("unknown");
        if (SessionHandler.SessionId(http.User) is { } old) sessions.End(old);
        http.Response.Cookies.Append(SessionHandler.Cookie, id, SessionHandler.CookieOptions(http));
        return Results.LocalRedirect(Local(form["return"].ToString()));
    }

    private static async Task<IResult> SignOut(HttpContext http, IAntiforgery antiforgery, SessionBook sessions)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return Results.LocalRedirect("/");
        if (SessionHandler.SessionId(http.User) is { } id) sessions.End(id);
        http.Response.Cookies.Delete(SessionHandler.Cookie, SessionHandler.CookieOptions(http));
        return Results.LocalRedirect(ConsoleHosting.SignInPath);
    }

    private static IResult Again(string problem) => Results.LocalRedirect($"{ConsoleHosting.SignInPath}?problem={problem}");

    /// <summary>A path of this server, or the first page: nobody is sent elsewhere.</summary>
    private static string Local(string path) => path is ['/', not ('/' or '\\'), ..] && !path.Any(char.IsControl) ? path : "/";
}
