using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using PolicyEngine.Ir;
using PolicyEngine.Testing;
using PolicyEngine.Xds.ClientReports;
using PolicyEngine.Xds.Linting;
using Xunit;

namespace PolicyEngine.Xds.Tests;

/// <summary>The access log by which a listener's requests are reported with their clients.</summary>
public sealed class ClientReportTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("100")]
    [InlineData("10")]
    [InlineData("0.25")]
    public void Listener_OfAFleetThatReports_WritesThatShare(string share)
    {
        var snapshot = Snapshot(Percentage.Of(decimal.Parse(share, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Empty(Lint.Check(snapshot));
        Golden.Match(new JsonArray([.. Manager(snapshot).AccessLog.Select(l => (JsonNode)EnvoyJson.Node(l))]).ToJsonString(Indented), Path.Combine(Golden.Folder("goldens"), $"client-reports-{share}.json"));
    }

    [Fact]
    public void Listener_OfAFleetThatDoesNot_WritesNone() => Assert.Empty(Manager(Snapshot(null)).AccessLog);

    [Fact]
    public async Task StaticBootstrap_HasNobodyToReportTo_AndIsTakenByEnvoy()
    {
        var bootstrap = BootstrapWriter.Of(Snapshot(Percentage.Of(10)));
        Assert.Empty(bootstrap.StaticResources.Listeners.Single().FilterChains[0].Filters[0].TypedConfig.Unpack<HttpConnectionManager>().AccessLog);
        var (accepted, output) = await EnvoyProcess.Validate(EnvoyJson.Format(bootstrap));
        Assert.True(accepted, output);
    }

    [Theory]
    [InlineData("100%")]
    [InlineData("12.5%")]
    [InlineData("0.0001%")]
    public void Name_OfALog_SaysItsShare(string share)
    {
        Assert.True(Percentage.TryParse(share, out var percentage));
        Assert.Equal(percentage, ClientReportLog.ShareOf(ClientReportLog.NameOf(percentage)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("access")]
    [InlineData("client-reports")]
    [InlineData("client-reports/")]
    [InlineData("client-reports/0%")]
    [InlineData("client-reports/101%")]
    [InlineData("client-reports/-1%")]
    [InlineData("CLIENT-REPORTS/10%")]
    public void Name_OfAnotherLog_SaysNothing(string name) => Assert.Null(ClientReportLog.ShareOf(name));

    private static Snapshot Snapshot(Percentage? share) => SnapshotBuilder.Build(new FleetIr
    {
        Name = "edge",
        Role = FleetRole.Gateway,
        Listeners = [new Listener { Name = "public.http", Address = "127.0.0.1", Port = 8080, RouteTable = "t", ClientReports = share }],
        RouteTables = [new RouteTable { Name = "t" }],
    });

    private static HttpConnectionManager Manager(Snapshot snapshot) =>
        ((Envoy.Config.Listener.V3.Listener)snapshot.Find(ResourceType.Listener, "public.http")!.Message).FilterChains[0].Filters[0].TypedConfig.Unpack<HttpConnectionManager>();
}
