using System.Text.Json.Nodes;

namespace PolicyEngine.Cli.Evals;

/// <summary>A report as JSON, in a shape that stays.</summary>
internal static class ReportJson
{
    public static JsonObject Of(EvalReport report, IEnumerable<string> regressions) => new()
    {
        ["planner"] = report.Planner,
        ["runs"] = report.Runs,
        ["sampleOf"] = report.SampleOf,
        ["verdicts"] = new JsonObject(report.Verdicts.Select(v => KeyValuePair.Create(v.Verdict, (JsonNode?)v.Cases))),
        ["sets"] = new JsonArray([.. report.Sets.Select(s => new JsonObject
        {
            ["set"] = CaseReader.Folder(s),
            ["all"] = Of(report.Whole(s)),
            ["categories"] = new JsonArray([.. report.Categories(s).Select(Of)]),
        })]),
        ["notRight"] = new JsonArray([.. report.Shown.Select(r => new JsonObject
        {
            ["id"] = r.Case.Id,
            ["outcome"] = ReportTexts.Word(r),
            ["say"] = ReportTexts.Said(r),
            ["repeatable"] = r.Repeatable,
            ["details"] = new JsonArray([.. r.Details.Select(d => (JsonNode)d)]),
        })]),
        ["regressions"] = new JsonArray([.. regressions.Select(r => (JsonNode)r)]),
    };

    private static JsonObject Of(Tally tally) => new()
    {
        ["category"] = tally.Category,
        ["cases"] = tally.Cases,
        ["right"] = Of(tally.Of(Outcome.Right)),
        ["asked"] = Of(tally.Of(Outcome.Asked)),
        ["offered"] = Of(tally.Offered),
        ["refused"] = Of(tally.Of(Outcome.Refused)),
        ["silentlyWrong"] = Of(tally.Of(Outcome.SilentlyWrong)),
        ["error"] = Of(tally.Of(Outcome.Error)),
        ["repeatable"] = tally.Repeatable.Count,
        ["medianMilliseconds"] = Math.Round(tally.Latency(0.5), 3),
        ["p95Milliseconds"] = Math.Round(tally.Latency(0.95), 3),
    };

    private static JsonObject Of(Proportion share) => new() { ["count"] = share.Count, ["share"] = Math.Round(share.Value, 4), ["low"] = Math.Round(share.Low, 4), ["high"] = Math.Round(share.High, 4) };
}
