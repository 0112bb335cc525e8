using System.Text.Json.Nodes;
using PolicyEngine.Cli.Evals;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Cli.Tests.Evals;

public sealed class EvalReportTests
{
    private const string Hostile = "<script>alert(1)</script> [x](javascript:alert(1)) | `code` \u001b[31m\nnew line & \"quotes\" <img src=x onerror=alert(1)>";

    [Fact]
    public void Html_HostileTexts_AreShownAsText()
    {
        var html = ReportTexts.Html(Report(Outcome.SilentlyWrong));
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u001b', html);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_HostileTexts_AreNeitherMarkupNorNewLines()
    {
        var markdown = ReportTexts.Markdown(Report(Outcome.SilentlyWrong));
        Assert.DoesNotContain("<", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', markdown);
        Assert.DoesNotContain("\nnew line", markdown, StringComparison.Ordinal);
        Assert.Contains(@"\[x\](javascript:alert(1)) \| \`code\`", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_DoNotTellWhatWentWrongInTheHeldOutSet()
    {
        var report = Report(Outcome.SilentlyWrong, EvalSet.HeldOut);
        Assert.DoesNotContain("alert(1)", ReportTexts.Html(report) + ReportTexts.Markdown(report) + ReportTexts.Json(report, []).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(1, (int?)ReportTexts.Json(report, [])["sets"]![0]!["all"]!["silentlyWrong"]!["count"]);
    }

    [Fact]
    public void Intervals_AreWilsons()
    {
        // Wilson score interval of 8 in 10 and of 0 in 20, worked out by hand from the formula.
        var most = new Proportion(8, 10);
        Assert.Equal((0.4902, 0.9433), (Math.Round(most.Low, 4), Math.Round(most.High, 4)));
        var none = new Proportion(0, 20);
        Assert.Equal((0, 0.1611), (Math.Round(none.Low, 4), Math.Round(none.High, 4)));
    }

    [Fact]
    public void Latency_IsTheNearestRank()
    {
        var tally = new Tally("x", [Result(Outcome.Right) with { Milliseconds = [.. Enumerable.Range(1, 100).Select(i => (double)i)] }]);
        Assert.Equal((50, 95), (tally.Latency(0.5), tally.Latency(0.95)));
    }

    [Fact]
    public void Baseline_FailsOnFewerRightAndOnMoreSilentlyWrong_AndOnNothingElse()
    {
        var baseline = Baseline.Empty.With(Of(Outcome.Right, Outcome.Right, Outcome.Asked, Outcome.SilentlyWrong));
        Assert.Empty(baseline.Regressions(Of(Outcome.Right, Outcome.Right, Outcome.Asked, Outcome.SilentlyWrong)));
        Assert.Empty(baseline.Regressions(Of(Outcome.Right, Outcome.Right, Outcome.Refused, Outcome.Asked)));
        Assert.Contains("right 1 of 4, was 2 of 4", Assert.Single(baseline.Regressions(Of(Outcome.Right, Outcome.Asked, Outcome.Asked, Outcome.Asked))), StringComparison.Ordinal);
        Assert.Contains("silently wrong 2 of 4, was 1 of 4", Assert.Single(baseline.Regressions(Of(Outcome.Right, Outcome.Right, Outcome.SilentlyWrong, Outcome.SilentlyWrong))), StringComparison.Ordinal);
        // More cases at the same shares are no step back.
        Assert.Empty(baseline.Regressions(Of([.. Enumerable.Repeat(new[] { Outcome.Right, Outcome.Right, Outcome.Asked, Outcome.SilentlyWrong }, 3).SelectMany(o => o)])));
        Assert.Contains("has none", Assert.Single(baseline.Regressions(new EvalReport("scripted", [Result(Outcome.Right) with { Placed = new PlacedCase(EvalRunnerTests.Case([]), "other", EvalSet.Open) }]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Baseline_WrittenAndRead_IsTheSame_AndKeepsOtherPlanners()
    {
        var file = Path.GetTempFileName();
        var both = Baseline.Empty.With(Of(Outcome.Right)).With(Of(Outcome.Asked) with { Planner = "other" });
        both.Write(file);
        var read = Baseline.Read(file);
        Assert.Equal(["other", "scripted"], read.Planners.Keys);
        Assert.Empty(read.Regressions(Of(Outcome.Right)));
        File.WriteAllText(file, "[]");
        Assert.Throws<InvalidDataException>(() => Baseline.Read(file));
        File.Delete(file);
    }

    [Fact]
    public void Cases_AreReadWithoutError_StandInTheSetOfTheirRule_AndAThirdIsHeldOut()
    {
        var (cases, diagnostics) = CaseReader.Read(Cases, Enum.GetValues<EvalSet>());
        Assert.Empty(diagnostics);
        Assert.All(cases, c => Assert.Equal(CaseReader.SetOf(c.Category, c.Case.Id), c.Set));
        Assert.All(cases, c => Assert.StartsWith(c.Category + "-", c.Case.Id, StringComparison.Ordinal));
        Assert.InRange(cases.Count(c => c.Set == EvalSet.HeldOut) / (double)cases.Length, 0.3, 0.36);
        Assert.True(cases.Length >= 420, $"{cases.Length} cases");
    }

    [Fact]
    public void Cases_Mistyped_AreErrorsThatNameTheNearestField()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        Directory.CreateDirectory(Path.Combine(folder, "open"));
        File.WriteAllText(Path.Combine(folder, "open", "x.yaml"), "category: x\ncases:\n  - {id: x-01, catalog: shop, say: hello, efect: []}\n");
        var (_, diagnostics) = CaseReader.Read(folder, [EvalSet.Open]);
        Assert.Contains("effect", Assert.Single(diagnostics).Fix, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task EmbeddedPlanner_OnTheOpenSet_IsNoWorseThanItsBaseline()
    {
        var folders = new EvalFolders(Cases);
        var runner = new EvalRunner(Planners.Of("embedded"), folders.Worlds(), TimeSpan.FromMinutes(1));
        var results = new List<CaseResult>();
        foreach (var placed in CaseReader.Read(folders.Cases, [EvalSet.Open]).Cases) results.Add(await runner.RunAsync(placed, CancellationToken.None));
        var report = new EvalReport("embedded", [.. results]);
        Assert.Empty(Baseline.Read(folders.Baseline).Regressions(report));
        Assert.All(results, r => Assert.True(r.Repeatable, r.Case.Id));
    }

    [Fact]
    public async Task Eval_AsACommand_EndsWithOneWhereItIsWorse_AndWritesReports()
    {
        var root = Directory.CreateTempSubdirectory().FullName;
        Directory.CreateDirectory(Path.Combine(root, "evals", "cases", "open"));
        var (catalog, start) = (Path.Combine(root, "evals", "catalogs", "tiny", "catalog"), Path.Combine(root, "evals", "catalogs", "tiny", "start"));
        foreach (var (from, to) in new[] { ("catalog", catalog), ("policies", start) })
        {
            Directory.CreateDirectory(to);
            foreach (var file in Directory.GetFiles(Path.Combine(RepositoryPaths.Shop, from))) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
        var cases = Path.Combine(root, "evals", "cases");
        await File.WriteAllTextAsync(Path.Combine(cases, "open", "x.yaml"), "category: x\ncases:\n  - {id: x-01, catalog: tiny, say: send 5% of checkout to v2, effect: [{service: checkout, to: {v1: 95%, v2: 5%}}]}\n");
        Assert.Equal(0, (await CommandTests.Run("eval", "--cases", cases, "--update-baseline")).ExitCode);
        await File.AppendAllTextAsync(Path.Combine(cases, "open", "x.yaml"), "  - {id: x-02, catalog: tiny, say: what is the weather in Paris, effect: []}\n");
        var (code, output) = await CommandTests.Run("eval", "--cases", cases, "-o", "json", "--report", Path.Combine(root, "report"));
        Assert.Equal(1, code);
        Assert.Equal("open/x: right 1 of 2, was 1 of 1", (string?)JsonNode.Parse(output[output.IndexOf('{')..(output.LastIndexOf('}') + 1)])!["regressions"]![0]);
        Assert.True(File.Exists(Path.Combine(root, "report", "report.html")) && File.Exists(Path.Combine(root, "report", "report.md")));
        Directory.Delete(root, true);
    }

    private static string Cases => Path.Combine(RepositoryPaths.Root, "evals", "cases");

    private static CaseResult Result(Outcome outcome, EvalSet set = EvalSet.Open) =>
        new(new PlacedCase(EvalRunnerTests.Case([]) with { Say = Hostile }, "test", set), outcome, [Hostile], true, [1, 2, 3]);

    private static EvalReport Report(Outcome outcome, EvalSet set = EvalSet.Open) => new("scripted", [Result(outcome, set)]);

    private static EvalReport Of(params Outcome[] outcomes) => new("scripted", [.. outcomes.Select(o => Result(o))]);
}
