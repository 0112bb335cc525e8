using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PolicyEngine.Changes;
using PolicyEngine.Engine;
using PolicyEngine.Policies;
using PolicyEngine.Server;
using PolicyEngine.Server.Identity;
using PolicyEngine.Testing;
using PolicyEngine.Xds;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>The sample shop with live backends: the whole server on free ports, REST as a person uses it.</summary>
public sealed class EngineFixture : IAsyncDisposable
{
    private readonly ServerApp _app;
    private readonly string _folder;
    private readonly List<Backend> _backends;

    private EngineFixture(ServerApp app, string folder, List<Backend> backends, HttpClient http, int xdsPort, int listenerPort)
    {
        (_app, _folder, _backends, Http, XdsPort, ListenerPort) = (app, folder, backends, http, xdsPort, listenerPort);
    }

    /// <summary>Whether another fixture goes on with the same folder, and with the same first token.</summary>
    private bool _keep;

    private static string TokenOf(string folder) => Path.Combine(folder, "token");

    public HttpClient Http { get; }

    public int XdsPort { get; }

    /// <summary>Where the fleet's Envoy will listen.</summary>
    public int ListenerPort { get; }

    /// <summary>Where the catalog says that the versions of the gRPC service are; a test may serve there.</summary>
    public (int V1, int V2) CartPorts { get; private init; }

    public PolicyEngineService Engine => _app.Services.GetRequiredService<PolicyEngineService>();

    public Backend Backend(string version) => _backends.Single(b => b.Version == version);

    public static Task<EngineFixture> Start(string? folder = null, bool keep = false, params string[] more) => Start(null, folder, keep, more);

    /// <summary>With parts of the server replaced.</summary>
    public static async Task<EngineFixture> Start(Action<IServiceCollection>? parts, string? folder, bool keep, params string[] more)
    {
        folder ??= Directory.CreateTempSubdirectory("policyengine-e2e-").FullName;
        var backends = new List<Backend>();
        foreach (var name in new[] { "checkout-v1", "checkout-v2", "search-v1", "orders-v1", "orders-v2", "storefront-v1" }) backends.Add(await Testing.Backend.Start(name));
        var listener = FreePorts.Next();
        var cart = (V1: FreePorts.Next(), V2: FreePorts.Next());
        Catalog(folder, backends, listener, cart);
        var app = await ServerApp.StartAsync(["--store", Path.Combine(folder, "store.db"), "--catalog", Path.Combine(folder, "catalog"), "--policies", Path.Combine(RepositoryPaths.Shop, "policies"), "--http-port", "0", "--xds-port", "0", .. more], parts);
        var http = new HttpClient(new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true } }) { BaseAddress = new Uri(app.Address, "/api/v1/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.Services.GetRequiredService<UserFile>().Fresh ?? File.ReadAllText(TokenOf(folder)));
        return new EngineFixture(app, folder, backends, http, app.XdsAddress.Port, listener) { CartPorts = cart, _keep = keep };
    }

    /// <summary>An Envoy of the fleet, connected and listening.</summary>
    public async Task<EnvoyProcess> Envoy(string protocol = "GRPC", NodeTls? tls = null)
    {
        var envoy = await EnvoyProcess.Start(Bootstrap(protocol, tls));
        await envoy.WaitForListener("public.http");
        return envoy;
    }

    public string Bootstrap(string protocol, NodeTls? tls = null) => NodeBootstrap.Write("edge-1", "edge", "127.0.0.1", XdsPort, protocol == "DELTA_GRPC", tls);

    /// <summary>Submits, approves and promotes; gives the promoted change.</summary>
    public Task<JsonObject> Change(string intent) => Change(new JsonObject { ["intent"] = intent });

    /// <summary>The same of edits that are written already.</summary>
    public Task<JsonObject> Change(params PolicyEdit[] edits) => Change(new JsonObject { ["edits"] = new JsonArray([.. edits.Select(EditJson.Write)]) });

    private async Task<JsonObject> Change(JsonObject submission)
    {
        var change = await Post("changes", submission);
        if ((string?)change["state"] != "awaiting-approval") throw new InvalidOperationException($"{submission.ToJsonString()} is {change["state"]}: {change.ToJsonString()}");
        var id = (string)change["id"]!;
        await Post($"changes/{id}/approve", new JsonObject { ["reportHash"] = (string)change["reportHash"]! });
        return await Post($"changes/{id}/promote", []);
    }

    public Task<JsonObject> RollBack() => Post("rollback", new JsonObject { ["reason"] = "the test says so" });

    public async Task<JsonObject> Post(string path, JsonObject body)
    {
        using var response = await Http.PostAsJsonAsync(path, body).WithTimeout();
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)!.AsObject() : throw new InvalidOperationException($"{path} answered {(int)response.StatusCode}: {text}");
    }

    /// <summary>Waits until every connected node of the fleet has acknowledged all that is served.</summary>
    public Task Acknowledged() => Waiting.Until(async () =>
    {
        var fleets = JsonNode.Parse(await Http.GetStringAsync("fleets"))!.AsArray();
        var edge = fleets.Single(f => (string?)f!["fleet"] == "edge")!["nodes"]!;
        return (int)edge["nodes"]! > 0 && (int)edge["acknowledged"]! == (int)edge["nodes"]!;
    }, "all nodes to acknowledge");

    public async ValueTask DisposeAsync()
    {
        var token = Http.DefaultRequestHeaders.Authorization?.Parameter;
        Http.Dispose();
        await _app.DisposeAsync();
        foreach (var backend in _backends) await backend.DisposeAsync();
        if (_keep) await File.WriteAllTextAsync(TokenOf(_folder), token);
        else Directory.Delete(_folder, recursive: true);
    }

    private static void Catalog(string folder, List<Backend> backends, int listener, (int V1, int V2) cart)
    {
        var catalog = Directory.CreateDirectory(Path.Combine(folder, "catalog")).FullName;
        int Port(string version) => backends.Single(b => b.Version == version).Port;
        string Endpoint(string version) => $"{{name: {version.Split('-')[1]}, endpoints: [{{address: 127.0.0.1, port: {Port(version)}}}]}}";
        string Service(string name, params string[] versions) => $$$"""
            ---
            apiVersion: policyengine.dev/v1
            kind: Service
            metadata: {name: {{{name}}} }
            spec: {defaultVersion: v1, versions: [{{{string.Join(", ", versions.Select(v => Endpoint($"{name}-{v}")))}}}]}

            """;
        File.WriteAllText(Path.Combine(catalog, "catalog.yaml"),
            Service("checkout", "v1", "v2") + Service("search", "v1") + Service("orders", "v1", "v2") + Service("storefront", "v1") + $$$"""
            ---
            apiVersion: policyengine.dev/v1
            kind: Gateway
            metadata: {name: public}
            spec: {listeners: [{name: http, address: 127.0.0.1, port: {{{listener}}} , hostnames: [shop.example.com]}]}
            ---
            apiVersion: policyengine.dev/v1
            kind: Fleet
            metadata: {name: edge}
            spec: {nodes: {cluster: edge, identities: ["spiffe://example.org/edge/*"]}, clientReports: {}}
            ---
            apiVersion: policyengine.dev/v1
            kind: Fleet
            metadata: {name: grpc-clients}
            spec: {role: proxyless, nodes: {cluster: grpc-clients}}
            ---
            apiVersion: policyengine.dev/v1
            kind: Service
            metadata: {name: cart}
            spec:
              protocol: grpc
              defaultVersion: v1
              versions:
                - {name: v1, endpoints: [{address: 127.0.0.1, port: {{{cart.V1}}} }]}
                - {name: v2, endpoints: [{address: 127.0.0.1, port: {{{cart.V2}}} }]}
            """);
    }
}
