using System.Collections.Immutable;
using PolicyEngine.Cli.Evals;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Cli.Tests.Evals;

public sealed class SampleTests
{
    [Fact]
    public void Sample_OfAsManyAsCategories_HasOneOfEach_AndIsTheSameAgain()
    {
        var cases = CaseReader.Read(Cases, [EvalSet.Open]).Cases;
        var categories = cases.Select(c => c.Category).Distinct().Count();
        var sample = Sample.Of(cases, categories, 1);
        Assert.Equal(categories, sample.Select(c => c.Category).Distinct().Count());
        Assert.Equal(Ids(sample), Ids(Sample.Of([.. cases.Reverse()], categories, 1)));
        Assert.NotEqual(Ids(sample), Ids(Sample.Of(cases, categories, 2)));
    }

    [Fact]
    public void Sample_OfMore_HoldsTheOneOfFewer_AndIsSpreadEvenly()
    {
        var cases = CaseReader.Read(Cases, [EvalSet.Open]).Cases;
        var more = Sample.Of(cases, 70, 1);
        Assert.Equal(Ids(Sample.Of(cases, 20, 1)), Ids([.. more.Take(20)]));
        var each = more.GroupBy(c => c.Category).Select(g => g.Count()).ToList();
        Assert.True(each.Max() - each.Min() <= 1, string.Join(' ', each));
        Assert.Equal(cases.Length, Sample.Of(cases, int.MaxValue, 1).Length);
    }

    [Fact]
    public void Scope_TellsRunsSampleAndVerdicts()
    {
        var result = EvalReportTests.Result(Outcome.Right);
        var report = new EvalReport("model", [result with { Verdict = "agreed" }, result with { Verdict = "differed" }, result with { Verdict = "differed" }, result]) { Runs = 1, SampleOf = 900 };
        Assert.Equal("1 run a case; a sample of 4 out of 900 cases; of the model's readings 2 differed, 1 agreed", ReportTexts.Scope(report));
        var json = ReportJson.Of(report, []);
        Assert.Equal((1, 900, 2), ((int)json["runs"]!, (int)json["sampleOf"]!, (int)json["verdicts"]!["differed"]!));
    }

    private static readonly string Cases = Path.Combine(RepositoryPaths.Root, "evals", "cases");

    private static IEnumerable<string> Ids(ImmutableArray<PlacedCase> cases) => cases.Select(c => c.Case.Id);
}
