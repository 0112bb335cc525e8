using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using PolicyEngine.Console;

namespace PolicyEngine.Server.Identity;

/// <summary>The console's cookie: the id of a session and nothing else. It opens the console only; REST takes tokens, so no form of another site can reach it.</summary>
public sealed class SessionHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, SessionBook sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "session";
    public const string Cookie = "policyengine-session";
    private const string IdClaim = "policyengine-session";

    public static CookieOptions CookieOptions(HttpContext http) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/", MaxAge = SessionBook.Life, IsEssential = true };

    public static string? SessionId(ClaimsPrincipal person) => person.FindFirstValue(IdClaim);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Cookies[Cookie] is not { Length: > 0 and <= 100 } id) return Task.FromResult(AuthenticateResult.NoResult());
        if (sessions.Find(id) is not { } session) return Task.FromResult(AuthenticateResult.Fail("the session is over"));
        var person = Principals.Of(session.User, SchemeName);
        ((ClaimsIdentity)person.Identity!).AddClaim(new Claim(IdClaim, id));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(person, SchemeName)));
    }

    /// <summary>Pages lead to the sign-in page; what is no page is simply refused.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!HttpMethods.IsGet(Request.Method) || Request.Path.StartsWithSegments(ConsoleHosting.CircuitPath) || Request.Path == ConsoleHosting.SessionPath)
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }
        var ended = Request.Cookies.ContainsKey(Cookie) ? "problem=ended&" : "";
        Response.Redirect($"{ConsoleHosting.SignInPath}?{ended}ReturnUrl={Uri.EscapeDataString(Request.Path + Request.QueryString)}");
        return Task.CompletedTask;
    }
}
