using PolicyEngine.Planning.Models;
using Xunit;

namespace PolicyEngine.Planning.Tests.Models;

public sealed class ModelOptionsTests
{
    [Fact]
    public void Read_Nothing_IsNoModel() => Assert.Equal((null, 0), (ModelOptions.Read(_ => null).Options, ModelOptions.Read(_ => null).Problems.Length));

    [Fact]
    public void Read_BaseUrl_IsACompatibleBackEnd()
    {
        var (options, problems) = Read(("model", "qwen3"), ("model-endpoint", "http://127.0.0.1:11434/v1"), ("model-time-limit", "20"));
        Assert.Empty(problems);
        Assert.Equal((ModelProvider.Compatible, "qwen3", TimeSpan.FromSeconds(20)), (options!.Provider, options.Model, options.TimeLimit));
    }

    [Theory]
    [InlineData("model-provider", "azure", "needs an endpoint")]
    [InlineData("model-provider", "gemini", "none of openai, azure, compatible")]
    [InlineData("model-endpoint", "ftp://x/", "not http or https")]
    [InlineData("model-endpoint", "localhost", "is not a URL")]
    [InlineData("model-endpoint", "http://me:secret@127.0.0.1/v1", "user or password")]
    [InlineData("model-rounds", "9", "rounds are 1 to 3")]
    [InlineData("model-rounds", "many", "not a whole number")]
    [InlineData("model-time-limit", "0", "1 second to 10 minutes")]
    public void Read_WrongOption_SaysWhatIsWrong(string name, string value, string problem) =>
        Assert.Contains(Read(("model", "m"), (name, value)).Problems, p => p.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void Read_ProviderWithoutModel_IsNoSilence() => Assert.Single(Read(("model-provider", "openai")).Problems);

    [Fact]
    public void ToString_HasNoKey() => Assert.DoesNotContain("s3cret", new ModelOptions { Model = "m", Key = "s3cret" }.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Create_WithoutKey_SaysWhichVariable()
    {
        var e = Assert.Throws<ArgumentException>(() => Planners.Create(new ModelOptions { Model = "gpt-5" }, _ => null));
        Assert.Contains("OPENAI_API_KEY", e.Message, StringComparison.Ordinal);
        Assert.Contains("PE4017", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ModelProvider.OpenAi, "https://api.example.com/v1", "key")]
    [InlineData(ModelProvider.Azure, "https://shop.openai.azure.com", "key")]
    [InlineData(ModelProvider.Azure, "https://shop.openai.azure.com", null)]
    [InlineData(ModelProvider.Compatible, "http://10.0.0.1:8000/v1", null)]
    public void Create_EachProvider_IsJudged(ModelProvider provider, string endpoint, string? key)
    {
        using var set = Planners.Create(new ModelOptions { Provider = provider, Endpoint = new Uri(endpoint), Model = "m", Key = key }, _ => null);
        Assert.Equal("judged", set.Planner.Name);
        Assert.NotNull(set.Prober);
    }

    [Fact]
    public void Create_NoOptions_IsTheEmbeddedPlanner()
    {
        using var set = Planners.Create(null);
        Assert.Equal(("embedded", null), (set.Planner.Name, set.Prober));
    }

    private static (ModelOptions? Options, System.Collections.Immutable.ImmutableArray<string> Problems) Read(params (string Name, string Value)[] options) =>
        ModelOptions.Read(name => options.FirstOrDefault(o => o.Name == name).Value);
}
