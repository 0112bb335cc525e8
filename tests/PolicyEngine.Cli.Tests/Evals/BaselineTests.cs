using PolicyEngine.Cli.Evals;
using Xunit;

namespace PolicyEngine.Cli.Tests.Evals;

public sealed class BaselineTests
{
    [Fact]
    public void Baseline_FailsOnFewerRightAndOnMoreSilentlyWrong_AndOnNothingElse()
    {
        var baseline = Baseline.Empty.With(EvalReportTests.Of(Outcome.Right, Outcome.Right, Outcome.Asked, Outcome.SilentlyWrong));
        Assert.Empty(baseline.Regressions(EvalReportTests.Of(Outcome.Right, Outcome.Right, Outcome.Asked, Outcome.SilentlyWrong)));
        Assert.Empty(baseline.Regressions(EvalReportTests.Of(Outcome.Right, Outcome.Right, Outcome.Refused, Outcome.Asked)));
        Assert.Contains("right 1 of 4, was 2 of 4", Assert.Single(baseline.Regressions(EvalReportTests.Of(Outcome.Right, Outcome.Asked, Outcome.Asked, Outcome.Asked))), StringComparison.Ordinal);
        Assert.Contains("silently wrong 2 of 4, was 1 of 4", Assert.Single(baseline.Regressions(EvalReportTests.Of(Outcome.Right, Outcome.Right, Outcome.SilentlyWrong, Outcome.SilentlyWrong))), StringComparison.Ordinal);
        // More cases at the same shares are no step back.
        Assert.Empty(baseline.Regressions(EvalReportTests.Of([.. Enumerable.Repeat(new[] { Outcome.Right, Outcome.Right, Outcome.Asked, Outcome.SilentlyWrong }, 3).SelectMany(o => o)])));
        Assert.Contains("has none", Assert.Single(baseline.Regressions(new EvalReport("scripted", [EvalReportTests.Result(Outcome.Right) with { Placed = new PlacedCase(EvalRunnerTests.Case([]), "other", EvalSet.Open) }]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Baseline_WrittenAndRead_IsTheSame_AndKeepsOtherPlanners()
    {
        var file = Path.GetTempFileName();
        var both = Baseline.Empty.With(EvalReportTests.Of(Outcome.Right)).With(EvalReportTests.Of(Outcome.Asked) with { Planner = "other" });
        both.Write(file);
        var read = Baseline.Read(file);
        Assert.Equal(["other", "scripted"], read.Planners.Keys);
        Assert.Empty(read.Regressions(EvalReportTests.Of(Outcome.Right)));
        File.WriteAllText(file, "[]");
        Assert.Throws<InvalidDataException>(() => Baseline.Read(file));
        File.Delete(file);
    }
}
