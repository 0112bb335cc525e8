using System.Text.Json.Nodes;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>A real Envoy and the server, each known by its certificate.</summary>
public sealed class MutualTlsTests : IDisposable
{
    private readonly Authority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("GRPC")]
    [InlineData("DELTA_GRPC")]
    public async Task Envoy_IsServedOverMutualTls_AndTakesANewCertificateWithoutLosingItsStream(string protocol)
    {
        EnvoyBinary.Require();
        await using var fixture = await Secured();
        await using var envoy = await fixture.Envoy(protocol, Node("spiffe://example.org/edge/edge-1"));
        await fixture.Acknowledged();
        var before = await Connected(fixture);

        _authority.Sign("server", "127.0.0.1");
        Node("spiffe://example.org/edge/edge-1");
        await fixture.Change("set a 3s timeout on checkout");
        await fixture.Acknowledged();
        Assert.Equal(before, await Connected(fixture));
        Assert.StartsWith("https://", fixture.Http.BaseAddress!.ToString());
    }

    [Fact]
    public async Task Envoy_WhoseCertificateIsAnotherFleets_IsServedNothing()
    {
        EnvoyBinary.Require();
        await using var fixture = await Secured();
        await using var envoy = await EnvoyProcess.Start(fixture.Bootstrap("GRPC", Node("spiffe://example.org/batch/b-1")));
        await Waiting.Until(() => envoy.Log.Contains("spiffe://example.org/batch/b-1 is none of the identities of fleet 'edge'", StringComparison.Ordinal), "Envoy to be told why it is refused");
        Assert.Empty(JsonNode.Parse(await fixture.Http.GetStringAsync("nodes"))!.AsArray());
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("control.example.com")]
    public async Task Bootstrap_IsOneThatEnvoyTakes(string address)
    {
        EnvoyBinary.Require();
        var (accepted, output) = await EnvoyProcess.Validate(NodeBootstrap.Write("edge-1", "edge", address, 18000, tls: Node("spiffe://example.org/edge/edge-1")));
        Assert.True(accepted, output);
    }

    private Task<EngineFixture> Secured()
    {
        var (certificate, key) = _authority.Sign("server", "127.0.0.1");
        return EngineFixture.Start(more: ["--tls-cert", certificate, "--tls-key", key, "--tls-client-ca", _authority.Root]);
    }

    private NodeTls Node(string identity)
    {
        var (certificate, key) = _authority.Sign("node", identity);
        return new NodeTls(_authority.Root, certificate, key);
    }

    private static async Task<string> Connected(EngineFixture fixture) =>
        (string)JsonNode.Parse(await fixture.Http.GetStringAsync("nodes"))!.AsArray().Single()!["connectedAt"]!;
}
