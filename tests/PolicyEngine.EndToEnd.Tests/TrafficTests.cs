using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>From words to requests through a real Envoy: what a policy says is what its traffic does.</summary>
public sealed class TrafficTests
{
    [Theory]
    [InlineData("GRPC")]
    [InlineData("DELTA_GRPC")]
    public async Task Split_PromotedAndRolledBack_SharesTenThousandRequests(string protocol)
    {
        EnvoyBinary.Require();
        await using var engine = await EngineFixture.Start();
        await using var envoy = await engine.Envoy(protocol);

        await engine.Change("send 5% of checkout traffic to v2, with a 2s timeout and two retries on 5xx");
        await engine.Acknowledged();
        var split = await Load.Send(engine.ListenerPort, "/checkout", 10_000);
        var canary = split.GetValueOrDefault((200, "checkout-v2"));
        Assert.Equal(10_000, canary + split.GetValueOrDefault((200, "checkout-v1")));
        Assert.True(Load.IsWithin(3, canary, 10_000, 0.05), $"{canary} of 10,000 went to v2");

        await engine.RollBack();
        await engine.Acknowledged();
        var after = await Load.Send(engine.ListenerPort, "/checkout", 10_000);
        Assert.Equal(10_000, after.GetValueOrDefault((200, "checkout-v1")));
    }

    [Fact]
    public async Task Policies_EachOnARealEnvoy_DoWhatTheySay()
    {
        EnvoyBinary.Require();
        await using var engine = await EngineFixture.Start();
        await using var envoy = await engine.Envoy();
        Task<IReadOnlyDictionary<(int Status, string Version), int>> Get(string path, int count = 1, Action<HttpRequestMessage>? with = null) => Load.Send(engine.ListenerPort, path, count, with: with);

        // A client in a denied range is answered 403; others are not touched.
        await engine.Change("block 127.0.0.0/8 from orders");
        await engine.Acknowledged();
        Assert.Equal(5, (await Get("/orders", 5))[(403, "-")]);
        Assert.Equal(5, (await Get("/checkout", 5))[(200, "checkout-v1")]);
        await engine.Change("stop blocking 127.0.0.0/8");
        await engine.Acknowledged();
        Assert.Equal(5, (await Get("/orders", 5))[(200, "orders-v1")]);

        // Past the limit, 429; per value of a key.
        await engine.Change("limit search to 10 requests per hour per x-api-key");
        await engine.Acknowledged();
        var limited = await Get("/search", 30, r => r.Headers.Add("x-api-key", "alice"));
        Assert.Equal((10, 20), (limited[(200, "search-v1")], limited[(429, "-")]));
        Assert.Equal(10, (await Get("/search", 10, r => r.Headers.Add("x-api-key", "bob")))[(200, "search-v1")]);

        // Narrowed by a header: the few go elsewhere, the many do not.
        await engine.Change("send checkout requests with header x-beta: true to v2");
        await engine.Acknowledged();
        Assert.Equal(5, (await Get("/checkout", 5, r => r.Headers.Add("x-beta", "true")))[(200, "checkout-v2")]);
        Assert.Equal(5, (await Get("/checkout", 5))[(200, "checkout-v1")]);

        // The copies arrive, and their answers go nowhere.
        engine.Backend("orders-v2").Reset();
        await engine.Change("mirror orders to v2");
        await engine.Acknowledged();
        Assert.Equal(20, (await Get("/orders", 20))[(200, "orders-v1")]);
        await Waiting.Until(() => engine.Backend("orders-v2").Requests == 20, "20 mirrored requests");

        // Headers on the way there.
        await engine.Change("set header x-env: prod on storefront");
        await engine.Acknowledged();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{engine.ListenerPort}/") { Headers = { Host = "shop.example.com" } };
        using var response = await client.SendAsync(request);
        Assert.Equal("prod", response.Headers.GetValues("echo-x-env").Single());

        // A share of requests fails on purpose, by Envoy's own count.
        await engine.Change("abort 50% of storefront with 418");
        await engine.Acknowledged();
        var aborted = (await Get("/", 1000)).GetValueOrDefault((418, "-"));
        Assert.True(Load.IsWithin(4, aborted, 1000, 0.5), $"{aborted} of 1,000 failed");

        // Routes of their own.
        await engine.Change("redirect /old to /new");
        await engine.Change("answer /health with 200 \"ok\"");
        await engine.Acknowledged();
        Assert.Equal(1, (await Get("/health"))[(200, "-")]);
    }

    [Fact]
    public async Task Delay_Injected_IsSeen()
    {
        EnvoyBinary.Require();
        await using var engine = await EngineFixture.Start();
        await using var envoy = await engine.Envoy();
        await engine.Change("delay search by 400ms");
        await engine.Acknowledged();
        await Load.Send(engine.ListenerPort, "/search", 3);
        Assert.Equal(3, await envoy.Stat("http.public.http.fault.delays_injected"));
    }

    [Fact]
    public async Task Retry_FailingVersion_IsTriedAgain()
    {
        EnvoyBinary.Require();
        await using var engine = await EngineFixture.Start();
        await using var envoy = await engine.Envoy();
        await engine.Change("retry checkout twice on 5xx");
        await engine.Acknowledged();
        engine.Backend("checkout-v1").Status = 503;
        await Load.Send(engine.ListenerPort, "/checkout", 1);
        Assert.Equal(3, engine.Backend("checkout-v1").Requests);
    }

    [Fact]
    public async Task Canary_MovedUnderLoad_FailsNoRequest()
    {
        EnvoyBinary.Require();
        await using var engine = await EngineFixture.Start();
        await using var envoy = await engine.Envoy();
        await engine.Change("send 5% of checkout to v2");
        await engine.Acknowledged();
        var load = Load.Send(engine.ListenerPort, "/checkout", 20_000);
        foreach (var share in new[] { "20%", "50%", "90%", "10%" }) await engine.Change($"send {share} of checkout to v2");
        await engine.Change("roll checkout back to v1");
        var answers = await load;
        Assert.All(answers.Keys, k => Assert.Equal(200, k.Status));
        Assert.Equal(20_000, answers.Values.Sum());
        await engine.Acknowledged();
        // Policies never touch a listener, so no connection was drained.
        Assert.Equal(0, await envoy.Stat("listener_manager.listener_modified"));
    }

    [Fact]
    public async Task Nodes_AfterPromotion_SayWhoAcknowledgedWhat()
    {
        EnvoyBinary.Require();
        await using var engine = await EngineFixture.Start();
        await using var envoy = await engine.Envoy();
        await engine.Change("send 5% of checkout to v2");
        await engine.Acknowledged();
        var nodes = await engine.Http.GetStringAsync("nodes");
        Assert.Contains("\"id\":\"edge-1\"", nodes, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"synced\"", nodes, StringComparison.Ordinal);
        Assert.Contains(engine.Engine.Head.Snapshots["edge"][Xds.ResourceType.RouteTable].Version.Short, nodes, StringComparison.Ordinal);
    }
}
