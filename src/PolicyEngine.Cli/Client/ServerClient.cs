using System.CommandLine;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PolicyEngine.Cli.Output;

namespace PolicyEngine.Cli.Client;

/// <summary>The server's REST API; problems are said in its own words.</summary>
internal sealed class ServerClient : IDisposable
{
    private const string DefaultServer = "http://127.0.0.1:8080";

    private readonly HttpClient _http;

    public ServerClient(string? server, string? token)
    {
        var address = server ?? Environment.GetEnvironmentVariable("POLICYCTL_SERVER") ?? DefaultServer;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(address.TrimEnd('/') + "/api/v1/"), Timeout = TimeSpan.FromSeconds(30) };
        if ((token ?? Environment.GetEnvironmentVariable("POLICYCTL_TOKEN")) is { Length: > 0 } t) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", t);
    }

    public static Option<string?> ServerOption() => new("--server") { Description = $"The server ({DefaultServer}, or POLICYCTL_SERVER)", HelpName = "URL" };

    public static Option<string?> TokenOption() => new("--token") { Description = "The token that the server printed (or POLICYCTL_TOKEN)", HelpName = "TOKEN" };

    /// <summary>The answer, or null after what is wrong was said.</summary>
    public async Task<JsonNode?> Send(HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
            using var response = await _http.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            if (response.IsSuccessStatusCode) return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text);
            Problem(text, (int)response.StatusCode);
            return null;
        }
        catch (HttpRequestException e)
        {
            Out.Error($"the server at {_http.BaseAddress!.GetLeftPart(UriPartial.Authority)} does not answer ({e.Message}). Start it with: dotnet run --project src/PolicyEngine.Server");
            return null;
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Out.Error("the server did not answer in time");
            return null;
        }
    }

    public Task<JsonNode?> Get(string path, CancellationToken cancellation) => Send(HttpMethod.Get, path, null, cancellation);

    public void Dispose() => _http.Dispose();

    private static void Problem(string text, int status)
    {
        JsonObject? problem = null;
        try
        {
            problem = JsonNode.Parse(text) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            // Not the server's own words: the status has to do.
        }
        Out.Error((string?)problem?["detail"] ?? (string?)problem?["title"] ?? $"the server answered {status}");
        foreach (var diagnostic in (problem?["diagnostics"] as JsonArray ?? []).OfType<JsonObject>()) Out.Note($"  {diagnostic["code"]}: {diagnostic["message"]}");
    }
}
