using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>The server as a process of its own, ended by <c>kill -9</c> and started again.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policyengine-crash-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Kill_AtEveryStepOfAChange_LosesNothingApprovedAndServesNothingElse()
    {
        var token = "";
        var seconds = 1;
        string? promoted = null;
        foreach (var step in new[] { "submitted", "approved", "promoted" })
        {
            await using var server = await Start();
            token = server.Token.Length > 0 ? server.Token : token;
            using var http = Client(server, token);
            var before = await Revision(http);
            if (promoted is not null) Assert.Equal(promoted, before);
            var change = await Post(http, "changes", new JsonObject { ["intent"] = $"set a {++seconds}s timeout on checkout" });
            var id = (string)change["id"]!;
            if (step != "submitted") await Post(http, $"changes/{id}/approve", new JsonObject { ["reportHash"] = (string)change["reportHash"]! });
            if (step == "promoted") await Post(http, $"changes/{id}/promote", []);
            var expected = await Revision(http);
            server.Process.Kill();
            await server.Process.WaitForExit();

            await using var again = await Start();
            using var after = Client(again, token);
            Assert.Equal(expected, await Revision(after));
            var state = (string)(await after.GetFromJsonAsync<JsonObject>($"changes/{id}"))!["state"]!;
            Assert.Equal(step == "submitted" ? "awaiting-approval" : step, state);
            Assert.True((bool)(await after.GetFromJsonAsync<JsonObject>("journal/verify"))!["isSound"]!);
            // What was approved can still be promoted after the crash.
            if (step == "approved") await Post(after, $"changes/{id}/promote", []);
            promoted = await Revision(after);
        }
    }

    private async Task<Running> Start()
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "PolicyEngine.Server.dll");
        var process = ChildProcess.Start("dotnet",
            ["exec", "--runtimeconfig", Path.Combine(AppContext.BaseDirectory, "PolicyEngine.EndToEnd.Tests.runtimeconfig.json"), dll, "--store", Path.Combine(_folder, "store.db"), "--catalog", Path.Combine(RepositoryPaths.Shop, "catalog"), "--policies", Path.Combine(RepositoryPaths.Shop, "policies"), "--http-port", "0", "--xds-port", "0"]);
        await Waiting.Until(() => process.HasExited || process.Output.Contains("Try first", StringComparison.Ordinal), "the server to be ready", TimeSpan.FromSeconds(60));
        Assert.False(process.HasExited, process.Output);
        var address = new Uri(Regex.Match(process.Output, @"http://127\.0\.0\.1:[0-9]+").Value);
        return new Running(process, address, Regex.Match(process.Output, "pe_[0-9a-f]+").Value);
    }

    private static HttpClient Client(Running server, string token)
    {
        var http = new HttpClient { BaseAddress = new Uri(server.Address, "/api/v1/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private static async Task<string> Revision(HttpClient http) =>
        (string)(await http.GetFromJsonAsync<JsonArray>("fleets"))!.Single(f => (string?)f!["fleet"] == "edge")!["revision"]!;

    private static async Task<JsonObject> Post(HttpClient http, string path, JsonObject body)
    {
        using var response = await http.PostAsJsonAsync(path, body);
        return response.IsSuccessStatusCode ? (await response.Content.ReadFromJsonAsync<JsonObject>())! : throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
    }

    private sealed record Running(ChildProcess Process, Uri Address, string Token) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Process.DisposeAsync();
    }
}
