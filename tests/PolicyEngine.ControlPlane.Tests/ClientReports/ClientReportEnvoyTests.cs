using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PolicyEngine.ControlPlane.ClientReports;
using PolicyEngine.Ir;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;

namespace PolicyEngine.ControlPlane.Tests.ClientReports;

/// <summary>What a real Envoy says of its clients, with the listeners, limits and rules that the engine gives it.</summary>
public sealed class ClientReportEnvoyTests
{
    private const string Cluster = "shop.v1";

    private readonly Told _told = new();

    [Fact]
    public async Task Requests_ByIpv6_OfWhichAShareIsReported_CountInFull()
    {
        EnvoyBinary.Require();
        await using var shop = await Backend.Start("v1");
        await using var host = await XdsHost.Start(more: s => s.AddSingleton<IClientSink>(_told));
        var port = FreePorts.Next();
        host.Cache.Publish(Snapshot("::1", port, Percentage.Of(25), shop, []));
        await using var envoy = await EnvoyProcess.Start(NodeBootstrap.Write("envoy", "fleet", "127.0.0.1", host.Port));
        await envoy.WaitForListener("public.http");
        Assert.Equal(2000, await Send($"http://[::1]:{port}/", 2000, HttpStatusCode.OK));
        await Reported(envoy, 2000, 4 * Math.Sqrt(2000 * 0.25 * 0.75) / 0.25);
        Assert.Equal(["::/64"], _told.Reports.Select(r => r.Range?.ToString()).OfType<string>().Distinct());
    }

    [Fact]
    public async Task Requests_ThatAreLimitedDeniedOrLeadNowhere_AreNotLetThrough()
    {
        EnvoyBinary.Require();
        await using var shop = await Backend.Start("v1");
        await using var host = await XdsHost.Start(more: s => s.AddSingleton<IClientSink>(_told));
        var port = FreePorts.Next();
        host.Cache.Publish(Snapshot("127.0.0.1", port, Percentage.Hundred, shop,
        [
            Route("limited", new RouteTraffic { RateLimits = [new RateLimit { Requests = 10, Burst = 10, Window = TimeSpan.FromHours(1), Key = new(RateLimitKeySource.ClientRange, null), Origin = "RateLimit/l" }] }),
            Route("denied", new RouteTraffic { Authorizations = [new() { Effect = AuthorizationEffect.Deny, Rules = [new AuthorizationRule()], Origin = "Authorization/a" }] }),
            new Route { Name = "answered", Match = new RouteMatch { Path = new PathMatch(PathMatchKind.Exact, "/answered") }, Action = new DirectResponse(204, "") },
        ]));
        await using var envoy = await EnvoyProcess.Start(NodeBootstrap.Write("envoy", "fleet", "127.0.0.1", host.Port));
        await envoy.WaitForListener("public.http");
        var at = $"http://127.0.0.1:{port}";
        Assert.Equal(20, await Send($"{at}/denied", 20, HttpStatusCode.Forbidden));
        Assert.Equal(20, await Send($"{at}/answered", 20, HttpStatusCode.NoContent));
        Assert.Equal(20, await Send($"{at}/limited", 30, HttpStatusCode.TooManyRequests));
        Assert.Equal(5, await Send($"{at}/", 5, HttpStatusCode.OK));
        await Reported(envoy, 15, 0);
        Assert.All(_told.Reports, r => Assert.Equal(Cluster, r.Cluster));
    }

    /// <summary>Its own bootstrap, where the control plane's cluster has another name.</summary>
    [Fact]
    public async Task Node_ThatReachesItsControlPlaneByAnotherName_ServesAllTheSame_AndReportsNothing()
    {
        EnvoyBinary.Require();
        await using var shop = await Backend.Start("v1");
        await using var host = await XdsHost.Start(more: s => s.AddSingleton<IClientSink>(_told));
        var port = FreePorts.Next();
        host.Cache.Publish(Snapshot("127.0.0.1", port, Percentage.Hundred, shop, []));
        await using var envoy = await EnvoyProcess.Start(NodeBootstrap.Write("envoy", "fleet", "127.0.0.1", host.Port).Replace(NodeBootstrap.Cluster, "control-plane", StringComparison.Ordinal));
        await envoy.WaitForListener("public.http");
        Assert.Equal(50, await Send($"http://127.0.0.1:{port}/", 50, HttpStatusCode.OK));
        Assert.DoesNotContain(host.Nodes.Nodes.SelectMany(n => n.Types), t => t.Rejection is not null);
        Assert.Empty(_told.Reports);
    }

    /// <summary>Entries that come later would have come with the others: a node flushes once a second, in order.</summary>
    private Task Reported(EnvoyProcess envoy, double requests, double within) => Waiting.Until(async () =>
        Math.Abs(_told.Reports.Sum(r => r.Requests) - requests) <= within && await envoy.Stat("access_logs.grpc_access_log.logs_dropped") == 0, $"{requests} requests to be reported: {_told.All}\n{envoy.Log}");

    private static async Task<int> Send(string url, int count, HttpStatusCode expected)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < count; i++)
        {
            using var answer = await client.GetAsync(new Uri(url)).WithTimeout();
            answers.Add(answer.StatusCode);
        }
        return answers.Count(a => a == expected);
    }

    private static Route Route(string name, RouteTraffic traffic) => new()
    {
        Name = name,
        Match = new RouteMatch { Path = new PathMatch(PathMatchKind.Prefix, name.Length == 0 ? "/" : $"/{name}") },
        Action = new Forward { Upstreams = [new WeightedUpstream(Cluster, Percentage.Hundred)] },
        Traffic = traffic,
    };

    private static Snapshot Snapshot(string address, int port, Percentage share, Backend shop, IEnumerable<Route> routes) => SnapshotBuilder.Build(new FleetIr
    {
        Name = "fleet",
        Role = FleetRole.Gateway,
        Listeners = [new Listener { Name = "public.http", Address = address, Port = port, RouteTable = "public.http", ClientReports = share }],
        RouteTables = [new RouteTable { Name = "public.http", Hosts = [new VirtualHost { Name = "all", Domains = ["*"], Routes = [.. routes, Route("", RouteTraffic.None)] }] }],
        Upstreams = [new Upstream { Name = Cluster, Service = "shop", Version = "v1", Protocol = UpstreamProtocol.Http1, Endpoints = [new Endpoint { Address = "127.0.0.1", Port = shop.Port }] }],
    });
}
