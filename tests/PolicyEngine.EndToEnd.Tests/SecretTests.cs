using System.Net.Security;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>A real Envoy shows a certificate that it was given by the server, and the next one when the files change.</summary>
public sealed class SecretTests : IDisposable
{
    private readonly Authority _authority = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("policyengine-secrets-").FullName;
    private readonly int _port = FreePorts.Next();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("GRPC")]
    [InlineData("DELTA_GRPC")]
    public async Task Rotation_KeepsConnections_AndNewOnesSeeTheNewCertificate(string protocol)
    {
        EnvoyBinary.Require();
        await using var fixture = await Https();
        await using var envoy = await fixture.Envoy(protocol);
        await envoy.WaitForListener("secure.https");
        using var kept = new Client(_port);
        await Waiting.Until(async () => await kept.Get() == 200, $"an answer over TLS\n{envoy.Log}");
        var (first, handshakes) = (kept.Shown, kept.Handshakes);
        Assert.Equal((string?)(await Secret(fixture))["fingerprint"], first);

        _authority.Sign("shop", "shop.example.com");
        await Waiting.Until(async () => await Shown() is { } shown && shown != first, "new connections to be shown the new certificate");
        Assert.Equal(200, await kept.Get());
        Assert.Equal((handshakes, first), (kept.Handshakes, kept.Shown));
        Assert.Equal((string?)(await Secret(fixture))["fingerprint"], await Shown());
        await fixture.Acknowledged();
    }

    [Fact]
    public async Task BrokenKey_LeavesTheOldOneServing_AndIsReported()
    {
        EnvoyBinary.Require();
        await using var fixture = await Https();
        await using var envoy = await fixture.Envoy("DELTA_GRPC");
        await envoy.WaitForListener("secure.https");
        await Waiting.Until(async () => await Shown() is not null, $"an answer over TLS\n{envoy.Log}");
        var before = await Shown();
        await File.WriteAllTextAsync(Path.Combine(_authority.Folder, "shop.key"), "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqG");
        await Waiting.Until(async () => (string?)(await Secret(fixture))["state"] == "kept", "the broken key to be noticed");
        var secret = await Secret(fixture);
        Assert.Equal("PE7001", (string?)secret["problem"]!["code"]);
        Assert.DoesNotContain("MIGH", secret.ToJsonString());
        Assert.Equal(before, await Shown());
        Assert.Equal(before, (string?)secret["fingerprint"]);
    }

    private async Task<EngineFixture> Https()
    {
        _authority.Sign("shop", "shop.example.com");
        var fixture = await EngineFixture.Start(_folder, more: ["--secrets", _authority.Folder]);
        await File.WriteAllTextAsync(Path.Combine(_folder, "catalog", "https.yaml"), SecretDocuments.Https(_port));
        await Waiting.Until(async () => JsonNode.Parse(await fixture.Http.GetStringAsync("secrets"))!.AsArray().Count == 1, "the catalog to be taken over");
        return fixture;
    }

    private static async Task<JsonObject> Secret(EngineFixture fixture) => JsonNode.Parse(await fixture.Http.GetStringAsync("secrets"))!.AsArray().Single()!.AsObject();

    /// <summary>The fingerprint of what a new connection is shown; null where there is none yet.</summary>
    private async Task<string?> Shown()
    {
        using var client = new Client(_port);
        return await client.Get() == 200 ? client.Shown : null;
    }

    private sealed class Client : IDisposable
    {
        private readonly HttpClient _http;
        private int _handshakes;

        public Client(int port)
        {
            var ssl = new SslClientAuthenticationOptions
            {
                TargetHost = "shop.example.com",
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    Interlocked.Increment(ref _handshakes);
                    Shown = certificate is null ? null : Convert.ToHexStringLower(SHA256.HashData(certificate.GetRawCertData()));
                    return true;
                },
            };
            _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 1, SslOptions = ssl }) { BaseAddress = new Uri($"https://127.0.0.1:{port}") };
            _http.DefaultRequestHeaders.Host = "shop.example.com";
        }

        public int Handshakes => Volatile.Read(ref _handshakes);

        public string? Shown { get; private set; }

        public async Task<int?> Get()
        {
            try
            {
                using var response = await _http.GetAsync("/").WithTimeout();
                return (int)response.StatusCode;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }

        public void Dispose() => _http.Dispose();
    }
}

internal static class SecretDocuments
{
    /// <summary>A gateway that speaks TLS with the files <c>shop.pem</c> and <c>shop.key</c>.</summary>
    public static string Https(int port) => $$$"""
        apiVersion: policyengine.dev/v1
        kind: Secret
        metadata: {name: shop-tls}
        spec: {certificate: {file: shop.pem}, key: {file: shop.key}}
        ---
        apiVersion: policyengine.dev/v1
        kind: Gateway
        metadata: {name: secure}
        spec: {listeners: [{name: https, address: 127.0.0.1, port: {{{port}}} , hostnames: [shop.example.com], tls: {secret: shop-tls}}]}

        """;
}
