using System.Security.Claims;
using PolicyEngine.Changes;

namespace PolicyEngine.Server.Identity;

/// <summary>Users as the claims that ASP.NET passes on, and back to actors.</summary>
internal static class Principals
{
    private const string RolesClaim = "policyengine-roles";

    public static ClaimsPrincipal Of(User user, string scheme) => new(new ClaimsIdentity([new Claim(ClaimTypes.Name, user.Name), new Claim(RolesClaim, user.Roles.ToString())], scheme));

    public static Actor Actor(ClaimsPrincipal principal) =>
        new(principal.Identity?.Name ?? "nobody", Enum.TryParse<Roles>(principal.FindFirstValue(RolesClaim), out var roles) ? roles : Roles.None);
}
