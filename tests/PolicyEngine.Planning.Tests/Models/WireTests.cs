using PolicyEngine.Planning.Models;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Planning.Tests.Models;

/// <summary>Each provider as it is spoken to.</summary>
public sealed class WireTests
{
    [Theory]
    [InlineData(ModelProvider.OpenAi, "POST /v1/chat/completions", "Authorization: Bearer test-key", "max_completion_tokens", false)]
    [InlineData(ModelProvider.Azure, "POST /openai/deployments/scripted/chat/completions?api-version=", "api-key: test-key", "max_tokens", false)]
    [InlineData(ModelProvider.Compatible, "POST /v1/chat/completions", "Authorization: Bearer test-key", "max_tokens", true)]
    public async Task Read_Provider_HasItsPathKeyAndLimits(ModelProvider provider, string path, string key, string limit, bool bounded)
    {
        await using var server = new ChatServer(Reply.Says(Shop.Split("checkout", "v2", "5%", "v1", "95%")));
        var options = server.Options with { Provider = provider, Endpoint = provider == ModelProvider.Azure ? new Uri(server.Url, "/") : server.Url };
        var reading = await Shop.Model(options).ReadAsync(Shop.Request("send 5% of checkout to v2"), default).WithTimeout();
        Assert.Equal(ModelResult.Proposal, reading.Result);
        Assert.Equal(ModelOptions.Word(provider), reading.Provenance.Provider);
        Assert.All(server.Heads, h => Assert.StartsWith(path, h, StringComparison.Ordinal));
        Assert.All(server.Heads, h => Assert.Contains(key, h, StringComparison.OrdinalIgnoreCase));
        var sent = server.Requests.Single();
        Assert.Equal(1_000, (int)sent[limit]!);
        // OpenAI's strict mode refuses bounds of text; what holds a local grammar to an end is sent to those who know it.
        Assert.Equal(bounded, sent["response_format"]!.ToJsonString().Contains("maxLength", StringComparison.Ordinal));
    }
}
