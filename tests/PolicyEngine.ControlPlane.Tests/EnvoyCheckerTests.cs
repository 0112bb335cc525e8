using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Google.Protobuf.WellKnownTypes;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using PolicyEngine.Xds.HealthChecks;
using Xunit;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>A real Envoy that checks for others, by each way to ask.</summary>
public sealed class EnvoyCheckerTests
{
    [Fact]
    public async Task F3_RealEnvoy_ChecksByHttpTcpAndGrpc_AndHearsOfMore()
    {
        EnvoyBinary.Require();
        await using var host = await XdsHost.Start();
        await using var web = await Backend.Start("web");
        await using var second = await Backend.Start("second");
        // Whatever speaks gRPC has a health service; ours is well as long as it has something to serve.
        await using var grpc = await XdsHost.Start();
        grpc.Cache.Publish(XdsHost.Snapshot(null, ("a", 1)));
        Snapshot Served(params int[] more) => Snapshot.Of("fleet",
        [
            .. Checked("web.v1", new HealthCheck { HttpHealthCheck = new() { Path = "/healthz" } }, [web.Port, .. more]),
            .. Checked("tcp.v1", new HealthCheck { TcpHealthCheck = new() }, web.Port),
            .. Checked("grpc.v1", new HealthCheck { GrpcHealthCheck = new() }, grpc.Port),
        ]);
        host.Cache.Publish(Served());
        await using var checker = await EnvoyProcess.Start(NodeBootstrap.Write("checker-1", "checkers", "127.0.0.1", host.Port, checking: Checking.Only));
        await Verdicts(host, checker, ("grpc.v1", true), ("tcp.v1", true), ("web.v1", true));

        host.Cache.Publish(Served(second.Port));
        await Waiting.Until(() => host.Health.Endpoints.Count(e => e.Cluster == "web.v1" && e.IsHealthy == true) == 2, "the second to be checked");
        second.Status = 500;
        await Waiting.Until(() => host.Health.Endpoints.Single(e => e.Cluster == "web.v1" && e.Port == second.Port).IsHealthy == false, "the second to be out");
        host.Cache.Publish(Served());
        grpc.Cache.Withdraw("fleet");
        await grpc.Stop();
        await Verdicts(host, checker, ("grpc.v1", false), ("tcp.v1", true), ("web.v1", true));
        Assert.Equal(["checker-1"], host.Health.Checkers.Where(c => c.IsLive).Select(c => c.Node));
    }

    private static IEnumerable<Resource> Checked(string name, HealthCheck check, params int[] ports)
    {
        check.Interval = check.NoTrafficInterval = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(200));
        check.Timeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(2));
        (check.HealthyThreshold, check.UnhealthyThreshold) = (1, 1);
        yield return Resource.Of(ResourceType.Cluster, name, new Cluster { Name = name, Metadata = new DelegatedCheck("checkers", check).ToMetadata() }, []);
        yield return Resource.Of(ResourceType.Endpoints, name, new ClusterLoadAssignment
        {
            ClusterName = name,
            Endpoints = { new LocalityLbEndpoints { LbEndpoints = { ports.Select(p => new LbEndpoint { Endpoint = HealthDiscoveryStatements.Endpoint(p) }) } } },
        }, []);
    }

    private static Task Verdicts(XdsHost host, EnvoyProcess checker, params (string Cluster, bool? IsHealthy)[] expected) =>
        Waiting.Until(() => host.Health.Endpoints.Select(e => (e.Cluster, e.IsHealthy)).SequenceEqual(expected), $"verdicts {string.Join(", ", expected)}\n{checker.Log}");
}
