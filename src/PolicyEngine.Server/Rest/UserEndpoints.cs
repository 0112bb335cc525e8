using PolicyEngine.Changes;
using PolicyEngine.Engine;
using PolicyEngine.Server.Identity;

namespace PolicyEngine.Server.Rest;

public sealed record UserRequest(string Name, List<string> Roles);

/// <summary>Who may use this server. A token is in the answer that made it, and nowhere else.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this RouteGroupBuilder api)
    {
        api.MapGet("/me", (HttpContext http) => Shown.Actor(http) is var me ? Shown.Json(new { name = me.Name, roles = Words(me.Roles) }) : Results.Empty).WithTags("users");
        var users = api.MapGroup("/users").WithTags("users").AddEndpointFilter(AdminsOnly);
        users.MapGet("", (UserFile file) => Shown.Json(file.All.Select(u => new { name = u.Name, roles = Words(u.Roles), createdAt = u.CreatedAt })));
        users.MapPost("", (UserFile file, UserRequest body) =>
        {
            if (Parse(body.Roles ?? []) is not { } roles) return Refused(RefusalKind.Invalid, "roles are viewer, operator, approver and admin");
            var (token, problem) = file.Add(body.Name ?? "", roles);
            return problem is null ? Shown.Json(new { name = body.Name, roles = Words(roles), token }, StatusCodes.Status201Created) : Refused(RefusalKind.Invalid, problem);
        });
        users.MapDelete("/{name}", (UserFile file, string name) => file.Remove(name) is { } problem
            ? Refused(file.Named(name) is null ? RefusalKind.NotFound : RefusalKind.Conflict, problem)
            : Results.NoContent());
    }

    private static async ValueTask<object?> AdminsOnly(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Shown.Actor(context.HttpContext) is { } actor && actor.May(Roles.Admin) ? await next(context) : Refused(RefusalKind.Forbidden, "users are an admin's business");

    private static Roles? Parse(IEnumerable<string> words)
    {
        var roles = Roles.None;
        foreach (var word in words)
        {
            if (!Enum.TryParse<Roles>(word, ignoreCase: true, out var role) || role == Roles.None || !Enum.IsDefined(role)) return null;
            roles |= role;
        }
        return roles;
    }

    private static string[] Words(Roles roles) => [.. Enum.GetValues<Roles>().Where(r => r != Roles.None && roles.HasFlag(r)).Select(r => r.ToString().ToLowerInvariant())];

    private static IResult Refused(RefusalKind kind, string reason) => Shown.Of<User>(new Refusal(kind, reason));
}
