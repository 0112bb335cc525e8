using PolicyEngine.Cli.Evals;
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
        Assert.DoesNotContain("alert(1)", ReportTexts.Html(report) + ReportTexts.Markdown(report) + ReportJson.Of(report, []).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(1, (int?)ReportJson.Of(report, [])["sets"]![0]!["all"]!["silentlyWrong"]!["count"]);
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

    internal static CaseResult Result(Outcome outcome, EvalSet set = EvalSet.Open) =>
        new(new PlacedCase(EvalRunnerTests.Case([]) with { Say = Hostile }, "test", set), outcome, [Hostile], true, [1, 2, 3]);

    private static EvalReport Report(Outcome outcome, EvalSet set = EvalSet.Open) => new("scripted", [Result(outcome, set)]);

    internal static EvalReport Of(params Outcome[] outcomes) => new("scripted", [.. outcomes.Select(o => Result(o))]);
}
