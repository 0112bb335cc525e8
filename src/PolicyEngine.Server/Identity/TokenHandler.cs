using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace PolicyEngine.Server.Identity;

/// <summary><c>Authorization: Bearer …</c>; nothing but health answers without it.</summary>
public sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, UserFile users)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "token";
    private const string Prefix = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return Task.FromResult(AuthenticateResult.NoResult());
        if (users.Find(header[Prefix.Length..].Trim()) is not { } user) return Task.FromResult(AuthenticateResult.Fail("the token is not known"));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(Principals.Of(user, SchemeName), SchemeName)));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        await Results.Problem(statusCode: StatusCodes.Status401Unauthorized, title: "A token is needed", detail: "Send the token that the server printed at its first start, or that an admin gave you: Authorization: Bearer …").ExecuteAsync(Context);
    }
}
