using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>Who may do what, over REST: the table of every endpoint and role.</summary>
public sealed class RoleTests : IAsyncLifetime
{
    private static readonly string[] Roles = ["nobody", "viewer", "operator", "approver", "admin"];

    /// <summary>Method, path and body; then who gets through: the first letters of the roles. The others get 403, nobody gets 401.</summary>
    private static readonly (string Method, string Path, string? Body, string May)[] Table =
    [
        ("GET", "changes", null, "voaA"), ("GET", "changes/c-1", null, "voaA"), ("GET", "policies", null, "voaA"), ("GET", "catalog", null, "voaA"), ("GET", "schemas/Timeout", null, "voaA"),
        ("GET", "fleets", null, "voaA"), ("GET", "fleets/edge/snapshot", null, "voaA"), ("GET", "nodes", null, "voaA"), ("GET", "secrets", null, "voaA"), ("GET", "journal", null, "voaA"), ("GET", "journal/verify", null, "voaA"),
        ("GET", "me", null, "voaA"), ("GET", "conversations", null, "voaA"), ("GET", "conversations/c-99", null, "voaA"), ("GET", "events", null, "voaA"), ("GET", "findings", null, "voaA"), ("GET", "health", null, "voaA"), ("POST", "remedies/switch", """{"on":true}""", "oA"),
        ("POST", "changes", """{"intent":"send 5% of checkout to v2"}""", "oA"), ("POST", "conversations", """{"text":"send 5% of checkout to v2"}""", "oA"),
        ("POST", "conversations/c-99/say", """{"text":"now 20%"}""", "oA"), ("POST", "changes/c-99/answer", """{"answer":"yes"}""", "oA"), ("POST", "changes/c-99/dry-run", null, "oA"),
        ("POST", "changes/c-99/approve", $$"""{"reportHash":"{{new string('a', 64)}}"}""", "aA"), ("POST", "changes/c-99/reject", """{"reason":"no"}""", "oaA"),
        ("POST", "changes/c-99/promote", null, "oA"), ("POST", "changes/c-99/rollback", """{"reason":"no"}""", "oA"), ("POST", "rollback", """{"reason":"no"}""", "oA"),
        ("GET", "users", null, "A"), ("POST", "users", """{"name":"new","roles":["viewer"]}""", "A"), ("DELETE", "users/nobody-such", null, "A"),
    ];

    private readonly Dictionary<string, string> _tokens = [];
    private EngineFixture _engine = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = await EngineFixture.Start();
        foreach (var role in Roles[1..4]) _tokens[role] = (string)(await _engine.Post("users", new JsonObject { ["name"] = role, ["roles"] = new JsonArray(role) }))["token"]!;
        _tokens["admin"] = _engine.Http.DefaultRequestHeaders.Authorization!.Parameter!;
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task EveryEndpoint_LetsThroughWhoMay_AndNobodyElse()
    {
        foreach (var (method, path, body, may) in Table)
            foreach (var role in Roles)
            {
                var status = await Status(role, method, path, body);
                var letter = role == "admin" ? 'A' : role[0];
                if (role == "nobody") Assert.True(status == HttpStatusCode.Unauthorized, $"{method} {path} as nobody: {status}");
                else if (may.Contains(letter)) Assert.True(status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.InternalServerError), $"{method} {path} as {role}: {status}");
                else Assert.True(status == HttpStatusCode.Forbidden || path.StartsWith("conversations/", StringComparison.Ordinal) && status == HttpStatusCode.NotFound, $"{method} {path} as {role}: {status}");
            }
    }

    /// <summary>The OpenAPI document names no path that the table does not.</summary>
    [Fact]
    public async Task EveryPathOfTheApi_StandsInTheTable()
    {
        var api = JsonNode.Parse(await _engine.Http.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject();
        var known = Table.Select(t => $"{t.Method} {Shape(t.Path)}").ToHashSet();
        var missing = from path in api where path.Key.StartsWith("/api/v1/", StringComparison.Ordinal) from method in path.Value!.AsObject() let it = $"{method.Key.ToUpperInvariant()} {Shape(path.Key["/api/v1/".Length..])}" where !known.Contains(it) select it;
        Assert.Empty(missing);

        static string Shape(string path) => string.Join('/', path.Split('/').Select((p, i) => i == 1 && !path.StartsWith("journal", StringComparison.Ordinal) ? "*" : p));
    }

    [Fact]
    public async Task Author_MayNotApproveTheirOwn_OnceThereAreOthers()
    {
        var change = await _engine.Post("changes", new JsonObject { ["intent"] = "send 5% of checkout to v2" });
        var (id, hash) = ((string)change["id"]!, (string)change["reportHash"]!);
        var body = $$"""{"reportHash":"{{hash}}"}""";
        Assert.Equal(HttpStatusCode.Forbidden, await Status("admin", "POST", $"changes/{id}/approve", body));
        Assert.Equal(HttpStatusCode.OK, await Status("approver", "POST", $"changes/{id}/approve", body));
        Assert.Equal(HttpStatusCode.OK, await Status("operator", "POST", $"changes/{id}/promote", null));
    }

    [Fact]
    public async Task WithdrawnToken_EndsAtOnce_AlsoWhatIsBeingRead()
    {
        using var viewer = Client("viewer");
        using var stream = await viewer.GetAsync("events", HttpCompletionOption.ResponseHeadersRead).WithTimeout();
        await using var body = await stream.Content.ReadAsStreamAsync();
        using (var gone = await _engine.Http.DeleteAsync("users/viewer")) Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.Equal(0, await body.ReadAsync(new byte[64]).AsTask().WithTimeout());
        Assert.Equal(HttpStatusCode.Unauthorized, await Status("viewer", "GET", "changes", null));
    }

    [Fact]
    public async Task LastAdmin_CannotBeRemoved_AndBadUsersAreExplained()
    {
        Assert.Equal(HttpStatusCode.Conflict, await Status("admin", "DELETE", "users/admin", null));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Status("admin", "POST", "users", """{"name":"admin","roles":["viewer"]}"""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Status("admin", "POST", "users", """{"name":"Not A Name","roles":["viewer"]}"""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Status("admin", "POST", "users", """{"name":"x","roles":["owner"]}"""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Status("admin", "POST", "users", """{"name":"policyengine","roles":["admin"]}"""));
    }

    private async Task<HttpStatusCode> Status(string role, string method, string path, string? body)
    {
        using var client = Client(role);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WithTimeout();
        return response.StatusCode;
    }

    private HttpClient Client(string role)
    {
        var client = new HttpClient { BaseAddress = _engine.Http.BaseAddress };
        if (_tokens.TryGetValue(role, out var token)) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
