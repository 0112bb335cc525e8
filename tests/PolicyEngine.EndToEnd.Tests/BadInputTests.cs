using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>What a server gets to see: a clear answer, and nothing lost, changed or crashed.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("POST", "changes", "{\"intnt\": \"x\"}", 400, "intnt")]
    [InlineData("POST", "changes", "{not json", 400, "body")]
    [InlineData("POST", "changes", "{}", 422, "say what you want")]
    [InlineData("POST", "changes", "{\"edits\": [{\"op\": \"upsert\", \"policy\": {\"apiVersion\": \"policyengine.dev/v1\", \"kind\": \"TrafficSplt\"}}]}", 422, "TrafficSplit")]
    [InlineData("POST", "changes", "{\"edits\": [{\"op\": \"explode\", \"policy\": {}}]}", 422, "upsert or remove")]
    [InlineData("POST", "changes/c-99/approve", "{\"reportHash\": \"nonsense\"}", 422, "64 hex digits")]
    [InlineData("POST", "changes/c-99/promote", "{}", 404, "c-99")]
    [InlineData("GET", "changes/..%2f..%2fetc", null, 404, "no change")]
    [InlineData("GET", "nowhere", null, 404, "")]
    [InlineData("GET", "schemas/Nope", null, 404, "Nope")]
    public async Task Rest_BadRequest_IsAProblemThatNamesIt(string method, string path, string? body, int status, string says)
    {
        await using var engine = await EngineFixture.Start();
        var head = engine.Engine.Head.Policies.Revision;
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await engine.Http.SendAsync(request).WithTimeout();
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(says, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(head, engine.Engine.Head.Policies.Revision);
    }

    [Fact]
    public async Task Rest_WithoutToken_AnswersHealthOnly()
    {
        await using var engine = await EngineFixture.Start();
        using var http = new HttpClient { BaseAddress = engine.Http.BaseAddress };
        foreach (var path in new[] { "changes", "policies", "catalog", "nodes", "journal", "events", "fleets" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(path).WithTimeout()).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz").WithTimeout()).StatusCode);
    }

    [Fact]
    public async Task Rest_HundredKilobyteIntent_IsRefusedPolitely()
    {
        await using var engine = await EngineFixture.Start();
        using var response = await engine.Http.PostAsJsonAsync("changes", new { intent = new string('x', 100_000) }).WithTimeout();
        Assert.Contains("PE4001", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>Half a frame, no frame, and a connection that says nothing: others are served all the same.</summary>
    [Fact]
    public async Task Xds_Garbage_DisturbsNobody()
    {
        EnvoyBinary.Require();
        await using var engine = await EngineFixture.Start();
        var sockets = new List<TcpClient>();
        foreach (var garbage in new[] { "", "GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\u0004", new string('\u0001', 5000) })
        {
            var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, engine.XdsPort).WithTimeout();
            await socket.GetStream().WriteAsync(Encoding.Latin1.GetBytes(garbage));
            sockets.Add(socket);
        }
        await using var envoy = await engine.Envoy();
        await engine.Change("set a 3s timeout on checkout");
        await engine.Acknowledged();
        sockets.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task Node_ThatRefuses_TakesThePromotionBack()
    {
        await using var engine = await EngineFixture.Start();
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress($"http://127.0.0.1:{engine.XdsPort}");
        using var call = new Envoy.Service.Discovery.V3.AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).StreamAggregatedResources();
        await call.RequestStream.WriteAsync(new() { Node = new() { Id = "picky", Cluster = "edge" }, TypeUrl = Xds.ResourceType.RouteTable.TypeUrl, ResourceNames = { "public.http" } });
        Assert.True(await call.ResponseStream.MoveNext(default).WithTimeout());
        var good = call.ResponseStream.Current;
        await call.RequestStream.WriteAsync(new() { TypeUrl = good.TypeUrl, ResponseNonce = good.Nonce, VersionInfo = good.VersionInfo, ResourceNames = { "public.http" } });
        await engine.Change("send 5% of checkout to v2");
        Assert.True(await call.ResponseStream.MoveNext(default).WithTimeout());
        var bad = call.ResponseStream.Current;
        await call.RequestStream.WriteAsync(new() { TypeUrl = bad.TypeUrl, ResponseNonce = bad.Nonce, ResourceNames = { "public.http" }, ErrorDetail = new() { Code = 3, Message = "route 'checkout' is not to my taste" } });
        // It goes back by itself, and the node gets what it had.
        Assert.True(await call.ResponseStream.MoveNext(default).WithTimeout());
        Assert.Equal(good.VersionInfo, call.ResponseStream.Current.VersionInfo);
        await Waiting.Until(async () => await engine.Http.GetStringAsync("changes") is var changes
            && changes.Contains("not to my taste", StringComparison.Ordinal) && changes.Contains("rolled-back", StringComparison.Ordinal), "the change to be rolled back, with the reason");
    }
}
