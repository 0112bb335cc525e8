using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>Server, agent and Envoy as programs of their own: the traffic of a node outlives the server, the agent's restart and its own.</summary>
public sealed class AgentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policyengine-agent-").FullName;
    private readonly int _xds = FreePorts.Next();
    private readonly int _listener = FreePorts.Next();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ServerKilled_AgentAndEnvoyRestarted_TrafficFlows_AndTheNextVersionIsAppliedWhenTheServerIsBack()
    {
        EnvoyBinary.Require();
        await using var v1 = await Backend.Start("v1");
        await using var v2 = await Backend.Start("v2");
        Documents(v1.Port, v2.Port);
        string token;
        await using (var server = await Server())
        {
            token = server.Token;
            await using var agent = await AgentProcess.Start(_xds, _folder);
            Assert.Contains("nothing is kept yet", agent.Process.Output, StringComparison.Ordinal);
            await using var envoy = await Envoy(agent);
            await Answers("v1");
            await Listed(server, token, "agent-1 collections synced", "edge-1 delta by agent-1 synced");
            server.Process.Kill();
            await server.Process.WaitForExit();
            await Answers("v1");
        }
        // Nobody but the agent's disk knows anything now.
        await using var restarted = await AgentProcess.Start(_xds, _folder);
        Assert.Matches("edge@[0-9a-f]{12} was kept and is served", restarted.Process.Output);
        await using var again = await Envoy(restarted);
        await Answers("v1");

        await using var back = await Server();
        using var http = back.Client(token);
        var change = await Post(http, "changes", new JsonObject { ["intent"] = "send all checkout traffic to v2" });
        Assert.Equal("awaiting-approval", (string?)change["state"]);
        await Post(http, $"changes/{change["id"]}/approve", new JsonObject { ["reportHash"] = (string)change["reportHash"]! });
        await Post(http, $"changes/{change["id"]}/promote", []);
        await Waiting.Until(async () => (await Load.Send(_listener, "/checkout", 1)).ContainsKey((200, "v2")), "the new version to be applied\n" + restarted.Process.Output);
        await Listed(back, token, "agent-1 collections synced", "edge-1 delta by agent-1 synced");
    }

    [Fact]
    public async Task WrongUse_IsSaidAndEndsWithAnError()
    {
        foreach (var (arguments, says) in new (string[], string)[]
        {
            (["--data", _folder, "--server", "10.0.0.1:18000"], "error: --server 10.0.0.1:18000: write a URL, as http://127.0.0.1:18000"),
            (["--data", _folder, "--listen", "0.0.0.0:1"], "error: --listen 0.0.0.0:1: only loopback addresses can be served without TLS"),
            (["--data", Path.Combine(Documents(1, 2), "catalog.yaml")], "error: --data "),
        })
        {
            var (code, output) = await ChildProcess.Run("dotnet", [AgentProcess.Program, "agent", .. arguments]);
            Assert.Equal(1, code);
            Assert.Contains(says, output, StringComparison.Ordinal);
        }
    }

    private Task<ServerProcess> Server() =>
        ServerProcess.Start(_folder, "--catalog", Path.Combine(_folder, "catalog"), "--policies", Path.Combine(_folder, "policies"), "--xds-port", $"{_xds}");

    private async Task<EnvoyProcess> Envoy(AgentProcess agent)
    {
        var envoy = await EnvoyProcess.Start(NodeBootstrap.Write("edge-1", "edge", "127.0.0.1", agent.Port));
        await envoy.WaitForListener("public.http");
        // It is listed before its workers accept.
        await Waiting.Until(async () => (await Load.Send(_listener, "/checkout", 1)).Keys.Single().Status == 200, "the first answer");
        return envoy;
    }

    private async Task Answers(string version) => Assert.Equal(20, (await Load.Send(_listener, "/checkout", 20)).GetValueOrDefault((200, version)));

    /// <summary>Waits until the server lists exactly these nodes.</summary>
    private static async Task Listed(ServerProcess server, string token, params string[] nodes)
    {
        using var http = server.Client(token);
        await Waiting.Until(async () => (await http.GetFromJsonAsync<JsonArray>("nodes"))!.Select(n => $"{n!["id"]} {n["protocol"]} {n["state"]}").SequenceEqual(nodes), "the nodes to be listed and in sync");
    }

    private string Documents(int v1, int v2)
    {
        var catalog = Directory.CreateDirectory(Path.Combine(_folder, "catalog")).FullName;
        var policies = Directory.CreateDirectory(Path.Combine(_folder, "policies")).FullName;
        const string head = "---\napiVersion: policyengine.dev/v1\n";
        File.WriteAllText(Path.Combine(catalog, "catalog.yaml"), $$"""
            {{head}}kind: Service
            metadata: {name: checkout}
            spec: {defaultVersion: v1, versions: [{name: v1, endpoints: [{address: 127.0.0.1, port: {{v1}} }]}, {name: v2, endpoints: [{address: 127.0.0.1, port: {{v2}} }]}]}
            {{head}}kind: Gateway
            metadata: {name: public}
            spec: {listeners: [{name: http, address: 127.0.0.1, port: {{_listener}}, hostnames: [shop.example.com]}]}
            {{head}}kind: Fleet
            metadata: {name: edge}
            spec: {nodes: {cluster: edge} }
            """);
        File.WriteAllText(Path.Combine(policies, "routes.yaml"), $$"""
            {{head}}kind: Route
            metadata: {name: checkout}
            spec: {hosts: [shop.example.com], backends: [{service: checkout}]}
            """);
        return catalog;
    }

    private static async Task<JsonObject> Post(HttpClient http, string path, JsonObject body)
    {
        using var response = await http.PostAsJsonAsync(path, body);
        return response.IsSuccessStatusCode ? (await response.Content.ReadFromJsonAsync<JsonObject>())! : throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
    }
}

/// <summary><c>policyctl agent</c> on a free port.</summary>
public sealed class AgentProcess : IAsyncDisposable
{
    private AgentProcess(ChildProcess process) => (Process, Port) = (process, int.Parse(Regex.Match(process.Output, @"connect to 127\.0\.0\.1:([0-9]+)").Groups[1].Value));

    public static string Program => Path.Combine(AppContext.BaseDirectory, "policyctl.dll");

    public ChildProcess Process { get; }

    public int Port { get; }

    public static async Task<AgentProcess> Start(int server, string folder)
    {
        var process = ChildProcess.Start("dotnet", [Program, "agent", "--server", $"http://127.0.0.1:{server}", "--node", "agent-1", "--cluster", "edge", "--listen", "127.0.0.1:0", "--data", Path.Combine(folder, "agent")]);
        await Waiting.Until(() => process.HasExited || process.Output.Contains("Bootstrap:", StringComparison.Ordinal), "the agent to be ready");
        Assert.False(process.HasExited, process.Output);
        return new AgentProcess(process);
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
