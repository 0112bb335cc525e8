using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;

namespace PolicyEngine.Cli.Evals;

/// <summary>A report as Markdown and as one HTML page that fetches nothing. Intents and plans are hostile text in both.</summary>
internal static class ReportTexts
{
    private static readonly ImmutableArray<string> Columns = ["category", "cases", "right", "asked", "refused", "silently wrong", "error", "repeatable", "median", "p95"];

    public static string Markdown(EvalReport report)
    {
        var text = new StringBuilder($"# Evaluation of the {report.Planner} planner\n\nShares with Wilson 95 % intervals; {Scope(report)}; times of the last turn.\n");
        foreach (var set in report.Sets)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {CaseReader.Folder(set)}\n\n| {string.Join(" | ", Columns)} |\n|{string.Concat(Columns.Select(_ => "---|"))}\n");
            foreach (var row in Rows(report, set)) text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row.Select(Escaped))} |\n");
        }
        text.Append("\n## Not right (open set)\n\n");
        foreach (var result in report.Shown)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {Escaped(result.Case.Id)}, {Word(result)}: {Escaped(Said(result))}\n");
            foreach (var detail in result.Details) text.Append(CultureInfo.InvariantCulture, $"  - {Escaped(detail)}\n");
        }
        return text.ToString();
    }

    public static string Html(EvalReport report)
    {
        var text = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        text.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">");
        text.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Evaluation</title><style>");
        text.Append(":root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}.wide{overflow-x:auto}");
        text.Append("table{border-collapse:collapse}th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid #8884;white-space:nowrap}th:first-child,td:first-child{text-align:left}");
        text.Append("li{margin:.3rem 0;overflow-wrap:anywhere}b{font-weight:600}</style></head><body>\n");
        text.Append(CultureInfo.InvariantCulture, $"<h1>Evaluation of the {Encoded(report.Planner)} planner</h1>\n<p>Shares with Wilson 95&nbsp;% intervals; {Encoded(Scope(report))}; times of the last turn.</p>\n");
        foreach (var set in report.Sets)
        {
            text.Append(CultureInfo.InvariantCulture, $"<h2>{CaseReader.Folder(set)}</h2>\n<div class=\"wide\"><table><thead><tr>{string.Concat(Columns.Select(c => $"<th scope=\"col\">{c}</th>"))}</tr></thead><tbody>\n");
            foreach (var row in Rows(report, set)) text.Append(CultureInfo.InvariantCulture, $"<tr>{string.Concat(row.Select(c => $"<td>{Encoded(c)}</td>"))}</tr>\n");
            text.Append("</tbody></table></div>\n");
        }
        text.Append("<h2>Not right (open set)</h2>\n<ul>\n");
        foreach (var result in report.Shown)
            text.Append(CultureInfo.InvariantCulture, $"<li><b>{Encoded(result.Case.Id)}</b>, {Word(result)}: {Encoded(Said(result))}<ul>{string.Concat(result.Details.Select(d => $"<li>{Encoded(d)}</li>"))}</ul></li>\n");
        return text.Append("</ul>\n</body></html>\n").ToString();
    }

    public static IEnumerable<ImmutableArray<string>> Rows(EvalReport report, EvalSet set) => report.Categories(set).Append(report.Whole(set)).Select(t => (ImmutableArray<string>)
    [
        t.Category, Number(t.Cases), Interval(t.Of(Outcome.Right)), Number(t.Of(Outcome.Asked).Count), Number(t.Of(Outcome.Refused).Count), Interval(t.Of(Outcome.SilentlyWrong)),
        Number(t.Of(Outcome.Error).Count), $"{t.Repeatable.Count}/{t.Cases}", Milliseconds(t.Latency(0.5)), Milliseconds(t.Latency(0.95)),
    ]);

    /// <summary>As many columns as a terminal is wide.</summary>
    public static IEnumerable<ImmutableArray<string>> ShortRows(EvalReport report, EvalSet set) => report.Categories(set).Append(report.Whole(set)).Select(t => (ImmutableArray<string>)
    [
        t.Category, Number(t.Cases), .. Enum.GetValues<Outcome>().Select(o => Number(t.Of(o).Count)), Milliseconds(t.Latency(0.95)),
    ]);

    public static string Summary(Tally tally) =>
        $"of {tally.Cases} cases right {Interval(tally.Of(Outcome.Right))}, asked with the right order offered {Interval(tally.Offered)}, silently wrong {Interval(tally.Of(Outcome.SilentlyWrong))}; repeatable {tally.Repeatable.Count}; median {Milliseconds(tally.Latency(0.5))}";

    /// <summary>How many runs, of which cases, and what became of a model's part.</summary>
    public static string Scope(EvalReport report)
    {
        var verdicts = report.Verdicts.ToList();
        return $"{(report.Runs == 1 ? "1 run" : $"{report.Runs} runs")} a case"
            + (report.SampleOf is { } all ? $"; a sample of {report.Results.Length} out of {all} cases" : "")
            + (verdicts.Count > 0 ? $"; of the model's readings {string.Join(", ", verdicts.Select(v => $"{v.Cases} {v.Verdict}"))}" : "");
    }

    public static string Said(CaseResult result) => string.Join(" → ", result.Case.After.Append(result.Case.Say));

    public static string Word(CaseResult result) => (result.Outcome == Outcome.SilentlyWrong ? "silently wrong" : result.Outcome.ToString().ToLowerInvariant()) + (result.Repeatable ? "" : ", not repeatable");

    private static string Interval(Proportion share) =>
        string.Create(CultureInfo.InvariantCulture, $"{share.Count} · {100 * share.Value:0.0} % [{100 * share.Low:0.0}–{100 * share.High:0.0}]");

    private static string Milliseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.00} ms");

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Encoded(string text) => WebUtility.HtmlEncode(Visible(text));

    /// <summary>On one line, with nothing that Markdown or HTML within it would read as more than text.</summary>
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in Visible(text))
            if (c is '&') escaped.Append("&amp;");
            else if (c is '<') escaped.Append("&lt;");
            else if (c is '>') escaped.Append("&gt;");
            else if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '!' or '#' or '~') escaped.Append('\\').Append(c);
            else escaped.Append(c);
        return escaped.ToString();
    }

    private static string Visible(string text) => string.Concat(text.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? ' ' : c));
}
