using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>REST-JSON discovery on the nodes' port.</summary>
public sealed class RestTests
{
    private const string Node = """{"id": "n1", "cluster": "fleet"}""";

    public static TheoryData<string> Types => [.. DiscoveryClients.All.Values.Where(c => c.Rest is not null).Select(c => c.Type.ShortName)];

    [Theory, MemberData(nameof(Types))]
    public async Task F4_Post_GivesTheResponseInJson_AndNothingWhereItIsKnown(string type)
    {
        var clients = DiscoveryClients.All[type];
        await using var host = await Start();
        host.Cache.Publish(clients.Snapshot(("a", 1)));
        var names = string.Join(",", clients.Names("a").Select(n => $"\"{n}\""));
        var answer = await Post(host, clients.Rest!, $$"""{"node": {{Node}}, "resource_names": [{{names}}], "a_field_of_tomorrow": 1}""");
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(clients.Type.TypeUrl, (string?)json["type_url"]);
        Assert.Equal(clients.Type.TypeUrl, (string?)json["resources"]![0]!["@type"]);
        var again = await Post(host, clients.Rest!, $$"""{"node": {{Node}}, "resourceNames": [{{names}}], "versionInfo": "{{json["version_info"]}}"}""");
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task F4_RefusalWithDetails_IsARequestLikeAnyOther()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        var answer = await Post(host, "clusters", $$$"""{"node": {{{Node}}}, "errorDetail": {"message": "no", "details": [{"@type": "type.googleapis.com/envoy.config.core.v3.Address"}]}}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("""{"resource_names": 7}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"errorDetail": {"details": [{"@type": "type.googleapis.com/no.such.Type"}]}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"node": {"cluster": "fleet"}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"node": {"id": "n1", "cluster": "fleet"}, "type_url": "other"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"node": {"id": "n1", "cluster": "elsewhere"}}""", HttpStatusCode.ServiceUnavailable)]
    public async Task F4_BadRequest_SaysWhy(string body, HttpStatusCode expected)
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        var answer = await Post(host, "clusters", body);
        Assert.Equal(expected, answer.StatusCode);
        Assert.NotEmpty(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task F4_DeepOrLargeBody_IsRefused()
    {
        await using var host = await Start(new ControlPlaneOptions { MaxRequestBytes = 10_000 });
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        var deep = string.Concat(Enumerable.Repeat("""{"node":{"metadata":{"a":""", 1)) + string.Concat(Enumerable.Repeat("[", 1_000)) + string.Concat(Enumerable.Repeat("]", 1_000)) + "}}}";
        Assert.Equal(HttpStatusCode.BadRequest, (await Post(host, "clusters", deep)).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Post(host, "clusters", new string(' ', 20_000) + "{}")).StatusCode);
    }

    [Fact]
    public async Task F4_Aggregated_IsNotThere()
    {
        await using var host = await Start();
        Assert.Equal(HttpStatusCode.NotFound, (await Post(host, "aggregated", "{}")).StatusCode);
    }

    private static async Task<HttpResponseMessage> Post(XdsHost host, string noun, string body)
    {
        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        return await client.PostAsync(new Uri($"http://127.0.0.1:{host.Port}/v3/discovery:{noun}"), new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
    }
}
