using System.Text.Json.Nodes;
using PolicyEngine.Cli.Client;
using Xunit;

namespace PolicyEngine.Cli.Tests.Client;

public sealed class ChangeTextTests
{
    [Theory]
    [InlineData("""{"planner":"embedded","version":"3"}""", "embedded 3")]
    [InlineData("""{"planner":"edits"}""", "edits")]
    [InlineData("""{"planner":"judged","version":"1","model":{"model":"local-model","prompt":"0123456789abcdef","verdict":"differed"}}""", "judged 1, local-model (differed), prompt 0123456789ab")]
    [InlineData("""{"version":"3"}""", null)]
    public void Planner_IsNamedWithItsModel(string provenance, string? words) => Assert.Equal(words, ChangeText.Planner(JsonNode.Parse(provenance)!.AsObject()));
}
