using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Service.Discovery.V3;
using Envoy.Service.Health.V3;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using PolicyEngine.Xds.HealthChecks;
using Xunit;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>F3: health checking that is delegated to the nodes of a fleet.</summary>
public sealed class HealthDiscoveryStatements
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task F3_Request_IsAnsweredWithWhatItsFleetChecks_AndAgainWhenThatChanges()
    {
        await using var host = await XdsHost.Start();
        host.Cache.Publish(Served("checkers", 9001, 9002));
        await using var checker = await CheckerClient.Connect(host, "c1");
        var first = await checker.Next();
        Assert.Equal(Second, first.Interval.ToTimeSpan());
        var cluster = Assert.Single(first.ClusterHealthChecks);
        Assert.Equal("shop.v1", cluster.ClusterName);
        Assert.Equal("/healthz", Assert.Single(cluster.HealthChecks).HttpHealthCheck.Path);
        Assert.Equal("zone", Assert.Single(cluster.LocalityEndpoints).Locality.Zone);
        Assert.Equal([9001, 9002], Ports(first));
        // Another fleet has nothing to do, and says so to be told when that changes.
        await using var other = await CheckerClient.Connect(host, "o1", "others");
        Assert.Empty((await other.Next()).ClusterHealthChecks);

        // What changes nothing for it is not told: the next that it hears is the third.
        host.Cache.Publish(Snapshot.Of("clients", []));
        host.Cache.Publish(Served("checkers", 9001, 9003));
        Assert.Equal([9001, 9003], Ports(await checker.Next()));
        host.Cache.Publish(Served("others", 9001));
        Assert.Empty((await checker.Next()).ClusterHealthChecks);
        Assert.Equal([9001], Ports(await other.Next()));
    }

    [Fact]
    public async Task F3_Reports_BecomeTheHealthOfEndpoints_OfCheckedClustersOnly()
    {
        await using var host = await XdsHost.Start(time: _time);
        host.Cache.Publish(Served("checkers", 9001, 9002));
        await using var client = host.Delta();
        await client.Send(ResourceType.Endpoints, subscribe: ["shop.v1", "plain.v1"]);
        var before = await client.Next();
        Assert.All(before.Resources, r => Assert.All(Health(r), h => Assert.Equal(HealthStatus.Unknown, h.Status)));
        await client.Ack(before);

        await using var checker = await CheckerClient.Connect(host, "c1");
        await checker.Next();
        _time.Advance(3 * Second);
        await checker.Report("shop.v1", (9001, HealthStatus.Healthy), (9002, HealthStatus.Timeout));
        await checker.Report("plain.v1", (9001, HealthStatus.Unhealthy));
        await Verdicts(host, (9001, true), (9002, false));
        var after = await Told(client.Next());
        Assert.Equal("shop.v1", Assert.Single(after.Resources).Name);
        Assert.Equal([(9001, HealthStatus.Healthy), (9002, HealthStatus.Unhealthy)], Health(after.Resources[0]));
        await client.Ack(after);

        // Whom the catalog took out stays out, and of whom nobody checks any more nothing is known.
        await checker.Report("shop.v1", (9002, HealthStatus.Healthy));
        await Verdicts(host, (9001, true), (9002, true));
        host.Cache.Publish(ServedWith(9002, "checkers", 9001, 9002));
        var drained = await client.Next();
        Assert.Equal([(9001, HealthStatus.Healthy), (9002, HealthStatus.Draining)], Health(Assert.Single(drained.Resources)));
        await client.Ack(drained);
        host.Cache.Publish(Served(null, 9001, 9002));
        Assert.All(Health(Assert.Single((await client.Next()).Resources)), h => Assert.Equal(HealthStatus.Unknown, h.Status));
        Assert.Empty(host.Health.Endpoints);
    }

    /// <summary>What is found is told a moment later, on the clock; when that moment begins, nobody says.</summary>
    private async Task<T> Told<T>(Task<T> next)
    {
        await Waiting.Until(
            () =>
            {
                _time.Advance(Second);
                return next.IsCompleted;
            },
            "the client to be told");
        return await next;
    }

    [Fact]
    public async Task F3_Majority_OfTheCheckersThatReport_Decides_AndWithoutAnyTheLastKnownStands()
    {
        await using var host = await XdsHost.Start(time: _time);
        host.Cache.Publish(Served("checkers", 9001));
        await using var a = await CheckerClient.Connect(host, "a");
        await using var b = await CheckerClient.Connect(host, "b");
        var c = await CheckerClient.Connect(host, "c");
        foreach (var checker in new[] { a, b, c }) await checker.Next();
        _time.Advance(3 * Second);
        foreach (var checker in new[] { a, b, c }) await checker.Report("shop.v1", (9001, HealthStatus.Healthy));
        await Verdicts(host, (9001, true));
        await a.Report("shop.v1", (9001, HealthStatus.Unhealthy));
        await Waiting.Until(() => host.Health.Endpoints[0].Votes.Count(v => !v.IsHealthy) == 1, "one of three against");
        Assert.True(host.Health.Endpoints[0].IsHealthy);
        await b.Report("shop.v1", (9001, HealthStatus.Unhealthy));
        await Verdicts(host, (9001, false));

        // The two that found it ill fall silent: who still reports decides.
        _time.Advance(4 * Second);
        await c.Report("shop.v1", (9001, HealthStatus.Healthy));
        await Verdicts(host, (9001, true));
        Assert.Equal(["c"], host.Health.Endpoints[0].Votes.Where(v => v.Counts).Select(v => v.Node));
        // They are heard again, and the last one goes.
        await a.Report("shop.v1", (9001, HealthStatus.Unhealthy));
        await b.Report("shop.v1", (9001, HealthStatus.Unhealthy));
        await Verdicts(host, (9001, false));
        await c.DisposeAsync();
        await Waiting.Until(() => host.Health.Checkers.Length == 2, "the third to be gone");
        await a.DisposeAsync();
        await b.DisposeAsync();
        await Waiting.Until(() => host.Health.Checkers.IsEmpty, "all to be gone");
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(host.Health.Endpoints[0].IsHealthy);
        Assert.Equal(HealthStatus.Unhealthy, Status(host.Cache.Current("fleet")!, 9001));
        // So it does over a publication of other things.
        host.Cache.Publish(Served("checkers", 9001, 9002));
        Assert.Equal(HealthStatus.Unhealthy, Status(host.Cache.Current("fleet")!, 9001));
        Assert.Equal(HealthStatus.Unknown, Status(host.Cache.Current("fleet")!, 9002));
    }

    /// <summary>Before its first check an Envoy reports every endpoint as unhealthy.</summary>
    [Fact]
    public async Task F3_CheckerThatHadNoTimeToLook_TakesNobodyOut()
    {
        await using var host = await XdsHost.Start(time: _time);
        host.Cache.Publish(Served("checkers", 9001, 9002));
        await using var checker = await CheckerClient.Connect(host, "c1");
        await checker.Next();
        await checker.Report("shop.v1", (9001, HealthStatus.Unhealthy), (9002, HealthStatus.Healthy));
        await Verdicts(host, (9001, null), (9002, true));
        _time.Advance(3 * Second);
        await checker.Report("shop.v1", (9001, HealthStatus.Unhealthy), (9002, HealthStatus.Healthy));
        await Verdicts(host, (9001, false), (9002, true));
    }

    [Fact]
    public async Task F3_ReportsOfWhatWasNotAssigned_LeaveNothingBehind()
    {
        await using var host = await XdsHost.Start(time: _time);
        host.Cache.Publish(Served("checkers", 9001));
        await using var stranger = await CheckerClient.Connect(host, "s", "others");
        await using var checker = await CheckerClient.Connect(host, "c");
        await stranger.Next();
        await checker.Next();
        _time.Advance(3 * Second);
        await stranger.Report("shop.v1", (9001, HealthStatus.Unhealthy));
        await checker.Report("no.such", (9001, HealthStatus.Unhealthy));
        await checker.Report("shop.v1", [.. Enumerable.Range(10_000, 20_000).Select(p => (p, HealthStatus.Unhealthy))]);
        await checker.Send(new() { EndpointHealthResponse = new() { ClusterEndpointsHealth = { new ClusterEndpointsHealth { LocalityEndpointsHealth = { new LocalityEndpointsHealth { EndpointsHealth = { new EndpointHealth() } } } } } } });
        await checker.Report("shop.v1", (9001, HealthStatus.Healthy));
        await Verdicts(host, (9001, true));
        Assert.Equal(["c"], Assert.Single(host.Health.Endpoints).Votes.Select(v => v.Node));
    }

    [Fact]
    public async Task F3_FirstMessage_MustSayWhoItIs_AndFetchingIsNotThere()
    {
        await using var host = await XdsHost.Start();
        await using var nameless = CheckerClient.Silent(host);
        await nameless.Send(new() { HealthCheckRequest = new() });
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(nameless.Next)).StatusCode);
        await using var early = CheckerClient.Silent(host);
        await early.Report("shop.v1", (9001, HealthStatus.Healthy));
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(early.Next)).StatusCode);
        Assert.Empty(host.Health.Checkers);
        var fetch = await Assert.ThrowsAsync<RpcException>(async () => await new HealthDiscoveryService.HealthDiscoveryServiceClient(host.Channel).FetchHealthCheckAsync(new()));
        Assert.Equal(StatusCode.Unimplemented, fetch.StatusCode);
    }

    [Fact]
    public async Task F3_HostThatFlaps_IsToldOnceASecondAtTheMost()
    {
        await using var host = await XdsHost.Start(time: _time);
        host.Cache.Publish(Served("checkers", 9001));
        await using var checker = await CheckerClient.Connect(host, "c");
        await checker.Next();
        _time.Advance(3 * Second);
        var served = new List<Snapshot>();
        for (var i = 0; i < 20; i++)
        {
            await checker.Report("shop.v1", (9001, i % 2 == 0 ? HealthStatus.Healthy : HealthStatus.Unhealthy));
            await Verdicts(host, (9001, i % 2 == 0));
            _time.Advance(Second / 10);
            if (served is [] || !ReferenceEquals(served[^1], host.Cache.Current("fleet"))) served.Add(host.Cache.Current("fleet")!);
        }
        Assert.InRange(served.Count, 2, 4);
    }

    internal static Endpoint Endpoint(int port) => new() { Address = new Address { SocketAddress = new SocketAddress { Address = "127.0.0.1", PortValue = (uint)port } } };

    internal static Snapshot Served(string? by, params int[] ports) => ServedWith(null, by, ports);

    /// <summary>A cluster that is checked by a fleet, and one that is not.</summary>
    private static Snapshot ServedWith(int? drained, string? by, params int[] ports) => Snapshot.Of("fleet", [Cluster("shop.v1", by), Cluster("plain.v1", null), Assignment("shop.v1", drained, ports), Assignment("plain.v1", null, 9001)]);

    private static Resource Cluster(string name, string? by)
    {
        var cluster = new EnvoyCluster { Name = name, Type = EnvoyCluster.Types.DiscoveryType.Eds, EdsClusterConfig = new() { EdsConfig = new() { Ads = new() } } };
        if (by is not null)
            cluster.Metadata = new DelegatedCheck(by, new HealthCheck { Interval = Duration.FromTimeSpan(Second), Timeout = Duration.FromTimeSpan(Second), UnhealthyThreshold = 1, HealthyThreshold = 1, HttpHealthCheck = new() { Path = "/healthz" } }).ToMetadata();
        return Resource.Of(ResourceType.Cluster, name, cluster, []);
    }

    private static Resource Assignment(string name, int? drained, params int[] ports) => Resource.Of(ResourceType.Endpoints, name, new ClusterLoadAssignment
    {
        ClusterName = name,
        Endpoints =
        {
            new LocalityLbEndpoints
            {
                Locality = new Locality { Zone = "zone" },
                LbEndpoints = { ports.Select(p => new LbEndpoint { Endpoint = Endpoint(p), HealthStatus = p == drained ? HealthStatus.Draining : HealthStatus.Unknown }) },
            },
        },
    }, []);

    private static IEnumerable<int> Ports(HealthCheckSpecifier specifier) => specifier.ClusterHealthChecks.SelectMany(c => c.LocalityEndpoints).SelectMany(l => l.Endpoints).Select(e => (int)e.Address.SocketAddress.PortValue);

    private static IEnumerable<(int Port, HealthStatus Status)> Health(Envoy.Service.Discovery.V3.Resource resource) => Health(resource.Resource_.Unpack<ClusterLoadAssignment>());

    private static IEnumerable<(int Port, HealthStatus Status)> Health(ClusterLoadAssignment assignment) =>
        assignment.Endpoints.SelectMany(l => l.LbEndpoints).Select(e => ((int)e.Endpoint.Address.SocketAddress.PortValue, e.HealthStatus));

    private static HealthStatus Status(Snapshot snapshot, int port) => Health((ClusterLoadAssignment)snapshot.Find(ResourceType.Endpoints, "shop.v1")!.Message).Single(h => h.Port == port).Status;

    private static Task Verdicts(XdsHost host, params (int Port, bool? IsHealthy)[] expected) =>
        Waiting.Until(() => host.Health.Endpoints.Select(e => (e.Port, e.IsHealthy)).SequenceEqual(expected), $"verdicts {string.Join(", ", expected)}");
}
