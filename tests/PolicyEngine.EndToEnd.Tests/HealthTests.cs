using System.Text.Json.Nodes;
using PolicyEngine.Policies;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>Health checking by one Envoy for another, from the policy document to requests.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task F3_CheckerThatIsAnotherEnvoy_TakesAHostOut_AndItsEndChangesNothing()
    {
        EnvoyBinary.Require();
        await using var a = await Backend.Start("pair-a");
        await using var b = await Backend.Start("pair-b");
        var folder = Directory.CreateTempSubdirectory("policyengine-health-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "catalog"));
        await File.WriteAllTextAsync(Path.Combine(folder, "catalog", "pair.yaml"), $$$"""
            apiVersion: policyengine.dev/v1
            kind: Service
            metadata: {name: pair}
            spec: {versions: [{name: v1, endpoints: [{address: 127.0.0.1, port: {{{a.Port}}} }, {address: 127.0.0.1, port: {{{b.Port}}} }]}]}
            ---
            apiVersion: policyengine.dev/v1
            kind: Fleet
            metadata: {name: checkers}
            spec: {nodes: {cluster: checkers}}
            """);
        await using var engine = await EngineFixture.Start(folder);
        await using var edge = await engine.Envoy("DELTA_GRPC");
        await engine.Change(
            Edit("Route", "pair", "{hosts: [shop.example.com], matches: [{path: {prefix: /pair}}], backends: [{service: pair}]}"),
            Edit("HealthCheck", "pair-health", "{target: {service: pair}, by: checkers, http: {path: /healthz}, interval: 200ms, timeout: 2s, unhealthyThreshold: 2}"));
        await engine.Acknowledged();
        Assert.Equal([null, null], await Verdicts(engine, a, b));

        var checker = await EnvoyProcess.Start(NodeBootstrap.Write("checker-1", "checkers", "127.0.0.1", engine.XdsPort, checking: Checking.Only));
        await Become(engine, a, b, "healthy", "healthy");
        await Flags(edge, a, "healthy");
        var both = await Load.Send(engine.ListenerPort, "/pair", 100);
        Assert.True(both.GetValueOrDefault((200, "pair-a")) > 0 && both.GetValueOrDefault((200, "pair-b")) > 0, "both take requests");

        a.Status = 503;
        await Become(engine, a, b, "unhealthy", "healthy");
        await Flags(edge, a, "/failed_eds_health");
        Assert.Equal(100, (await Load.Send(engine.ListenerPort, "/pair", 100)).GetValueOrDefault((200, "pair-b")));

        // Without its checker the host stays out, also when it is well again.
        await checker.DisposeAsync();
        await Waiting.Until(async () => (await Health(engine))["checkers"]!.AsArray().Count == 0, "the checker to be gone");
        a.Status = 200;
        Assert.Equal(["unhealthy", "healthy"], await Verdicts(engine, a, b));
        Assert.Equal(100, (await Load.Send(engine.ListenerPort, "/pair", 100)).GetValueOrDefault((200, "pair-b")));

        await using var next = await EnvoyProcess.Start(NodeBootstrap.Write("checker-2", "checkers", "127.0.0.1", engine.XdsPort, checking: Checking.Only));
        await Become(engine, a, b, "healthy", "healthy");
        await Flags(edge, a, "healthy");
        await engine.Acknowledged();
    }

    private static PolicyEdit Edit(string kind, string name, string spec) =>
        PolicyEdit.Upsert(DocumentParser.Parse($"apiVersion: policyengine.dev/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n", "health").Documents.Single());

    private static async Task<JsonObject> Health(EngineFixture engine) => JsonNode.Parse(await engine.Http.GetStringAsync("health"))!.AsObject();

    /// <summary>Null: not known.</summary>
    private static async Task<IEnumerable<string?>> Verdicts(EngineFixture engine, params Backend[] backends)
    {
        var endpoints = (await Health(engine))["endpoints"]!.AsArray();
        return backends.Select(b => (string?)endpoints.Single(e => (string?)e!["endpoint"] == $"127.0.0.1:{b.Port}" && (string?)e["service"] == "pair")!["verdict"]).Select(v => v == "unknown" ? null : v);
    }

    private static Task Become(EngineFixture engine, Backend a, Backend b, params string[] verdicts) =>
        Waiting.Until(async () => (await Verdicts(engine, a, b)).SequenceEqual(verdicts), $"verdicts {string.Join(", ", verdicts)}");

    /// <summary>What an Envoy itself says of a host.</summary>
    private static Task Flags(EnvoyProcess envoy, Backend backend, string flags) =>
        Waiting.Until(async () => (await envoy.Admin("/clusters")).Contains($"pair.v1::127.0.0.1:{backend.Port}::health_flags::{flags}\n", StringComparison.Ordinal), $"{backend.Version} to be {flags}");
}
