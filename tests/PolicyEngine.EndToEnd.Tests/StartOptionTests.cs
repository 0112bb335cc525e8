using PolicyEngine.Server;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>Options with which the server does not start, and what it says.</summary>
public sealed class StartOptionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policyengine-options-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--address 0.0.0.0", "--address 0.0.0.0: beyond loopback, only with TLS on both sides: give --tls-cert, --tls-key and --tls-client-ca")]
    [InlineData("--address localhost", "--address localhost: not an IP address")]
    [InlineData("--tls-cert a.pem", "--tls-cert and --tls-key go together")]
    [InlineData("--tls-client-ca ca.pem", "--tls-client-ca needs --tls-cert and --tls-key")]
    [InlineData("--tls-cert nowhere.pem --tls-key nowhere.key", "nowhere.pem' cannot be used for TLS")]
    [InlineData("--xds-rest-port nine", "--xds-rest-port nine: a port, or 0 for any free one")]
    [InlineData("--xds-rest-port 70000", "--xds-rest-port 70000: a port, or 0 for any free one")]
    [InlineData("--xds-port 18007 --xds-rest-port 18007", "--xds-rest-port 18007: a port of its own, beside --http-port and --xds-port")]
    [InlineData("--max-streams 0", "--max-streams and --max-streams-per-peer: at least 1")]
    [InlineData("--max-connection-age soon", "--max-connection-age soon: a duration, as 30m or 12h")]
    public async Task WrongOption_IsExplained_AndNothingStarts(string options, string says)
    {
        var store = Path.Combine(_folder, "store.db");
        var wrong = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ServerApp.StartAsync(["--store", store, "--catalog", Path.Combine(RepositoryPaths.Shop, "catalog"), "--http-port", "0", "--xds-port", "0", .. options.Split(' ')]));
        Assert.Contains(says, wrong.Message);
        Assert.False(File.Exists(store));
    }

    [Fact]
    public async Task PortThatIsTaken_IsExplained_AndTheStoreIsFreeAgain()
    {
        await using var first = await Start("first.db", "0");
        await Assert.ThrowsAsync<IOException>(() => Start("second.db", first.XdsAddress.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        await using var again = await Start("second.db", "0");
    }

    [Fact]
    public async Task RestPort_IsThereWhereItIsAskedFor_WithDiscoveryByRestAndNothingElse()
    {
        await using var without = await Start("without.db", "0");
        Assert.Null(without.XdsRestAddress);
        await using var with = await Start("with.db", "0", "--xds-rest-port", "0");
        using var client = new HttpClient { BaseAddress = with.XdsRestAddress };
        using var body = new StringContent("""{"node": {"id": "e1", "cluster": "edge"}}""");
        using var clusters = await client.PostAsync(new Uri("/v3/discovery:clusters", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.Contains("checkout.v1", await clusters.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var people = await client.GetAsync(new Uri("/api/v1/changes", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, people.StatusCode);
    }

    private Task<ServerApp> Start(string store, string xdsPort, params string[] more) =>
        ServerApp.StartAsync(["--store", Path.Combine(_folder, store), "--catalog", Path.Combine(RepositoryPaths.Shop, "catalog"), "--policies", Path.Combine(RepositoryPaths.Shop, "policies"), "--http-port", "0", "--xds-port", xdsPort, .. more]);
}
