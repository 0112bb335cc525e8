using FsCheck.Xunit;
using PolicyEngine.Planning.Models;
using PolicyEngine.Planning.Models.Answers;
using PolicyEngine.Planning.Models.Prompts;
using Xunit;

namespace PolicyEngine.Planning.Tests.Models;

public sealed class AnswerReaderTests
{
    private static readonly string Right = Shop.Split("checkout", "v2", "5%", "v1", "95%");

    [Theory]
    [InlineData("1e999")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890")]
    [InlineData("-0.0000000000000000000000000000000000000000000000000000001e-400")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"2026-11-24T12:00:00Z\"")]
    [InlineData("{\"$ref\":\"#/definitions/x\"}")]
    [InlineData("null")]
    public void Read_StrangeValues_AreOffTheSchema(string value)
    {
        var (answer, outcome, problems) = AnswerReader.Read($$"""{"outcome":{{value}},"edits":[],"text":"t","choices":[]}""", PromptTask.Plan);
        Assert.Null(answer);
        Assert.True(outcome is ModelOutcome.Schema or ModelOutcome.NotJson, outcome.ToString());
        Assert.NotEmpty(problems);
    }

    [Fact]
    public void Read_DateAsText_IsText() => Assert.Equal("2026-11-24T12:00:00Z", AnswerReader.Read(Shop.Answer("cannot", "2026-11-24T12:00:00Z"), PromptTask.Plan).Answer?.Text);

    [Fact]
    public void Read_DeeplyNested_IsNotJson() => Assert.Equal(ModelOutcome.NotJson, AnswerReader.Read(new string('[', 100_000), PromptTask.Plan).Outcome);

    [Fact]
    public void Read_CarriageReturnBeforeTheEnd_EndsWell() => Assert.True(Read_DamagedAnswer_EndsWell(-1, 0, "\r"));

    /// <summary>An answer with a piece cut out of it, or something put into it: no exception, and edits only of the right form.</summary>
    [Property(MaxTest = 500)]
    public bool Read_DamagedAnswer_EndsWell(int at, byte cut, string? put)
    {
        var start = (int)((uint)at % Right.Length);
        var damaged = Right.Remove(start, Math.Min(cut % 20, Right.Length - start)).Insert(start, put ?? "");
        var (answer, outcome, _) = AnswerReader.Read(damaged, PromptTask.Plan);
        if (answer is null) return outcome != ModelOutcome.Ok;
        var read = EditReader.Read(answer, Shop.Request("send 5% of checkout to v2"), IntentScope.Of(Shop.Request("send 5% of checkout to v2")));
        return read.Edits.IsEmpty || read.Edits.All(e => e.Id.StartsWith("TrafficSplit/", StringComparison.Ordinal));
    }
}
