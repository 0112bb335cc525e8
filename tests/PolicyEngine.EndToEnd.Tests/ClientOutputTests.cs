using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Service.Health.V3;
using Grpc.Core;
using Grpc.Net.Client;
using PolicyEngine.Policies;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>What <c>policyctl health</c>, <c>secrets</c> and <c>approve</c> write and end with, as a script reads it.</summary>
public sealed class ClientOutputTests : IDisposable
{
    private const int Done = 0;
    private const int Error = 1;
    private const int Refused = 3;
    private const int Findings = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("policyengine-output-").FullName;

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Health_IsWrittenAsJson_AndEndsWithFindingsWhereAnEndpointIsIll()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "catalog"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "catalog", "pair.yaml"), """
            apiVersion: policyengine.dev/v1
            kind: Service
            metadata: {name: pair}
            spec: {versions: [{name: v1, endpoints: [{address: 127.0.0.1, port: 9001}, {address: 127.0.0.1, port: 9002}]}]}
            ---
            apiVersion: policyengine.dev/v1
            kind: Fleet
            metadata: {name: checkers}
            spec: {nodes: {cluster: checkers}}
            """);
        await using var engine = await EngineFixture.Start(_folder);
        var (code, nothing) = await Json(engine, "health");
        Assert.Equal((Done, 0, 0), (code, nothing["endpoints"]!.AsArray().Count, nothing["checkers"]!.AsArray().Count));
        Assert.Contains("no endpoint is checked for others", (await Run(engine, "health")).Output, StringComparison.Ordinal);

        await engine.Change(
            Edit("Route", "pair", "{hosts: [shop.example.com], matches: [{path: {prefix: /pair}}], backends: [{service: pair}]}"),
            Edit("HealthCheck", "pair-health", "{target: {service: pair}, by: checkers, http: {path: /healthz}, interval: 200ms, timeout: 100ms}"));
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{engine.XdsPort}");
        using var checker = new HealthDiscoveryService.HealthDiscoveryServiceClient(channel).StreamHealthCheck();
        await checker.RequestStream.WriteAsync(new() { HealthCheckRequest = new() { Node = new Node { Id = "checker-1", Cluster = "checkers" } } });
        Assert.True(await checker.ResponseStream.MoveNext(CancellationToken.None).WithTimeout());
        var cluster = Assert.Single(checker.ResponseStream.Current.ClusterHealthChecks).ClusterName;
        await Become("healthy", "healthy");
        Assert.Equal(Done, (await Run(engine, "health")).Code);

        await Become("healthy", "unhealthy");
        var (ill, health) = await Json(engine, "health");
        Assert.Equal(Findings, ill);
        Assert.Equal(["127.0.0.1:9001 healthy", "127.0.0.1:9002 unhealthy"], health["endpoints"]!.AsArray().Select(e => $"{e!["endpoint"]} {e["verdict"]}"));
        Assert.Equal("checker-1", (string?)health["checkers"]!.AsArray().Single()!["node"]);
        var (same, table) = await Run(engine, "health");
        Assert.Equal(Findings, same);
        Assert.Contains("checker checker-1 of fleet checkers: last report", table, StringComparison.Ordinal);

        // What was last known stands, and is still a finding.
        checker.Dispose();
        await Waiting.Until(async () => (await Json(engine, "health")).Json["checkers"]!.AsArray().Count == 0, "the checker to be gone");
        var (after, said) = await Run(engine, "health");
        Assert.Equal(Findings, after);
        Assert.Contains("no checker is connected", said, StringComparison.Ordinal);

        // A vote against counts when there was time to look, so it is said until it does.
        Task Become(string first, string second) => Waiting.Until(async () =>
        {
            await checker.RequestStream.WriteAsync(new()
            {
                EndpointHealthResponse = new()
                {
                    ClusterEndpointsHealth = { new ClusterEndpointsHealth { ClusterName = cluster, LocalityEndpointsHealth = { new LocalityEndpointsHealth { EndpointsHealth = { Said(9001, first), Said(9002, second) } } } } },
                },
            });
            var endpoints = JsonNode.Parse(await engine.Http.GetStringAsync("health"))!["endpoints"]!.AsArray();
            return endpoints.Select(e => (string?)e!["verdict"]).SequenceEqual([first, second]);
        }, $"{first}, {second}");
    }

    [Fact]
    public async Task Secrets_AreWrittenAsJson_AndEndWithFindingsWhereOneCannotBeUsed()
    {
        await Sign(TimeSpan.FromDays(60));
        await using var engine = await EngineFixture.Start(_folder, more: ["--secrets", Path.Combine(_folder, "secrets")]);
        Assert.Contains("the catalog names no secret", (await Run(engine, "secrets")).Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder, "catalog", "https.yaml"), SecretDocuments.Https(FreePorts.Next()));
        await Waiting.Until(async () => JsonNode.Parse(await engine.Http.GetStringAsync("secrets"))!.AsArray().Count == 1, "the catalog to be taken over");
        var (code, secrets) = await Json(engine, "secrets");
        var secret = Assert.Single(secrets.AsArray())!;
        Assert.Equal((Done, "shop-tls", "served"), (code, (string?)secret["name"], (string?)secret["state"]));
        Assert.Null(secret["problem"]);

        await Sign(TimeSpan.FromDays(1));
        await Waiting.Until(async () => (string?)(await Json(engine, "secrets")).Json.AsArray().Single()!["state"] == "expiring", "the end to be near");
        Assert.Equal(Findings, (await Json(engine, "secrets")).Code);
        await File.WriteAllTextAsync(Path.Combine(_folder, "secrets", "shop.key"), "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqG");
        await Waiting.Until(async () => (await Json(engine, "secrets")) is (Findings, var now) && (string?)now.AsArray().Single()!["problem"]!["code"] == "PE7001", "the broken key to be a finding");
        var (same, table) = await Run(engine, "secrets");
        Assert.Equal(Findings, same);
        Assert.Contains("shop-tls: PE7001", table, StringComparison.Ordinal);
        Assert.DoesNotContain("MIGH", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approve_SignsTheReportThatIsNamed_AndNoOther()
    {
        await using var engine = await EngineFixture.Start(_folder);
        var change = await engine.Post("changes", new JsonObject { ["intent"] = "send 5% of checkout traffic to v2" });
        var (id, report) = ((string)change["id"]!, ((string)change["reportHash"]!)[..12]);
        Assert.Contains($"Next: policyctl approve {id} --report {report}", (await Run(engine, "show", id)).Output, StringComparison.Ordinal);

        var (vague, why) = await Run(engine, "approve", id, "--report", report[..4]);
        Assert.Equal(Error, vague);
        Assert.Contains("at least 8 digits", why, StringComparison.Ordinal);
        var (other, says) = await Run(engine, "approve", id, "--report", "0123456789ab");
        Assert.Equal(Refused, other);
        Assert.Contains($"the report of {id} is {report} now, not 0123456789ab; nothing was signed", says, StringComparison.Ordinal);
        Assert.Equal("awaiting-approval", (string?)JsonNode.Parse(await engine.Http.GetStringAsync($"changes/{id}"))!["state"]);

        var (done, shown) = await Run(engine, "approve", id, "--report", report);
        Assert.Equal(Done, done);
        Assert.Contains($"{id}: approved", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("health")]
    [InlineData("secrets")]
    public async Task WithoutAToken_ItIsAnError_AndSaysSo(string command)
    {
        await using var engine = await EngineFixture.Start(_folder);
        var (code, output) = await Policyctl([command, "-o", "json", "--server", Server(engine), "--token", "pe_wrong"]);
        Assert.Equal(Error, code);
        Assert.NotEmpty(output.Trim());
    }

    private async Task Sign(TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=shop.example.com", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow() + lifetime);
        var secrets = Directory.CreateDirectory(Path.Combine(_folder, "secrets")).FullName;
        await File.WriteAllTextAsync(Path.Combine(secrets, "shop.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(secrets, "shop.key"), key.ExportPkcs8PrivateKeyPem());
    }

    private static EndpointHealth Said(int port, string verdict) => new()
    {
        Endpoint = new Endpoint { Address = new Address { SocketAddress = new SocketAddress { Address = "127.0.0.1", PortValue = (uint)port } } },
        HealthStatus = verdict == "healthy" ? HealthStatus.Healthy : HealthStatus.Unhealthy,
    };

    private static PolicyEdit Edit(string kind, string name, string spec) =>
        PolicyEdit.Upsert(DocumentParser.Parse($"apiVersion: policyengine.dev/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n", "health").Documents.Single());

    private static async Task<(int Code, JsonNode Json)> Json(EngineFixture engine, string command)
    {
        var (code, output) = await Policyctl([command, "-o", "json", "--server", Server(engine), "--token", Token(engine)]);
        return (code, JsonNode.Parse(output)!);
    }

    private static Task<(int Code, string Output)> Run(EngineFixture engine, params string[] command) => Policyctl([.. command, "--server", Server(engine), "--token", Token(engine)]);

    private static string Server(EngineFixture engine) => engine.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);

    private static string Token(EngineFixture engine) => engine.Http.DefaultRequestHeaders.Authorization!.Parameter!;

    private static async Task<(int Code, string Output)> Policyctl(string[] arguments)
    {
        var (code, output) = await ChildProcess.Run("dotnet", ["exec", "--runtimeconfig", Path.Combine(AppContext.BaseDirectory, "PolicyEngine.EndToEnd.Tests.runtimeconfig.json"), Path.Combine(AppContext.BaseDirectory, "policyctl.dll"), .. arguments]);
        return (code, output);
    }
}
