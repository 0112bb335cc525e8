using System.Text.Json.Nodes;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>gRPC clients that nobody here wrote: Node's proxyless xDS client, and the C core by way of Python.</summary>
public sealed class ForeignClientTests
{
    private static readonly string Clients = Path.Combine(RepositoryPaths.Root, "tests", "clients");

    [Fact]
    public async Task GrpcJs_WithoutAProxy_FollowsTheSplit()
    {
        var folder = Path.Combine(Clients, "grpc-js");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules")), "the Node client is not installed: npm ci in tests/clients/grpc-js");
        await using var engine = await EngineFixture.Start();
        await engine.Change("send 30% of cart to v2");
        var bootstrap = $$$"""{"xds_servers": [{"server_uri": "127.0.0.1:{{{engine.XdsPort}}}", "channel_creds": [{"type": "insecure"}], "server_features": ["xds_v3"]}], "node": {"id": "js-1", "cluster": "grpc-clients", "locality": {}} }""";
        var (exit, output) = await ChildProcess.Run("node", ["echo.js", $"{engine.CartPorts.V1}", $"{engine.CartPorts.V2}", "1000"], new Dictionary<string, string> { ["GRPC_XDS_BOOTSTRAP_CONFIG"] = bootstrap }, folder, TimeSpan.FromSeconds(60));
        Assert.True(exit == 0, output);
        var counts = JsonNode.Parse(output.Split('\n').Last(l => l.StartsWith('{')))!;
        Assert.Equal(0, (int)counts["failed"]!);
        Assert.Equal(1000, (int)counts["v1"]! + (int)counts["v2"]!);
        Assert.True(Load.IsWithin(4, (int)counts["v2"]!, 1000, 0.3), output);
    }

    [Fact]
    public async Task Grpcio_OverAds_GetsItsClusters()
    {
        const string python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(python) && (await ChildProcess.Run(python, ["-c", "import grpc"])).ExitCode == 0, "python3-grpcio is not installed");
        await using var engine = await EngineFixture.Start();
        var (exit, output) = await ChildProcess.Run(python, [Path.Combine(Clients, "python", "ads.py"), $"127.0.0.1:{engine.XdsPort}", "edge"]);
        Assert.True(exit == 0, output);
        var set = engine.Engine.Head.Snapshots["edge"][Xds.ResourceType.Cluster];
        Assert.Equal($"{set.Resources.Count} {set.Version.Short}", output.Trim());
    }
}
