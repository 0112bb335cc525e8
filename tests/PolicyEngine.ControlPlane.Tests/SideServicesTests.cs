using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using PolicyEngine.ControlPlane.Services;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>Health, reflection, and all services by a client that is none of ours.</summary>
public sealed class SideServicesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("envoy.service.discovery.v3.AggregatedDiscoveryService")]
    [InlineData("envoy.service.secret.v3.SecretDiscoveryService")]
    public async Task D10_Health_FollowsWhetherThereIsAnythingToServe(string service)
    {
        await using var host = await Start();
        var client = new Health.HealthClient(host.Channel);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, (await client.CheckAsync(new HealthCheckRequest { Service = service })).Status);
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await client.CheckAsync(new HealthCheckRequest { Service = service })).Status);
    }

    [Fact]
    public async Task Health_OfAServiceThatIsNotThere_IsNotFound()
    {
        await using var host = await Start();
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new Health.HealthClient(host.Channel).CheckAsync(new HealthCheckRequest { Service = "no.such" }));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task Reflection_ListsEveryServiceThatIsMapped()
    {
        await using var host = await Start();
        using var call = new ServerReflection.ServerReflectionClient(host.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext().WithTimeout());
        var listed = call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name).ToHashSet();
        Assert.Superset(DiscoveryApi.All.Select(a => a.Service).ToHashSet(), listed);
        Assert.Contains("envoy.service.status.v3.ClientStatusDiscoveryService", listed);
        Assert.Contains("envoy.service.load_stats.v3.LoadReportingService", listed);
        Assert.Contains("envoy.service.accesslog.v3.AccessLogService", listed);
        Assert.Contains("grpc.health.v1.Health", listed);
    }

    [Fact]
    public async Task Grpcurl_FindsFetchesAndAsks()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot("a", ("a", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        await client.Ack(await client.Next());
        var address = $"127.0.0.1:{host.Port}";
        var list = await Grpcurl.Run(address, "list");
        Assert.True(list.ExitCode == 0, list.Output);
        Assert.Contains("envoy.service.route.v3.VirtualHostDiscoveryService", list.Output, StringComparison.Ordinal);
        var health = await Grpcurl.Run(address, "grpc.health.v1.Health/Check");
        Assert.Contains("SERVING", health.Output, StringComparison.Ordinal);
        var clusters = await Grpcurl.Run("-d", """{"node": {"id": "n9", "cluster": "fleet"}}""", address, "envoy.service.cluster.v3.ClusterDiscoveryService/FetchClusters");
        Assert.True(clusters.ExitCode == 0, clusters.Output);
        Assert.Equal("a", (string?)JsonNode.Parse(clusters.Output)!["resources"]![0]!["name"]);
        var status = await Grpcurl.Run("-d", """{"node_matchers": [{"node_id": {"exact": "n1"}}]}""", address, "envoy.service.status.v3.ClientStatusDiscoveryService/FetchClientStatus");
        Assert.True(status.ExitCode == 0, status.Output);
        Assert.Equal("n1", (string?)JsonNode.Parse(status.Output)!["config"]![0]!["node"]!["id"]);
        var refused = await Grpcurl.Run("-d", "{}", address, "envoy.service.cluster.v3.ClusterDiscoveryService/FetchClusters");
        Assert.Contains("InvalidArgument", refused.Output, StringComparison.Ordinal);
    }
}
