using System.CommandLine;
using PolicyEngine.Cli.Evals;
using PolicyEngine.Cli.Output;
using PolicyEngine.Ir;
using PolicyEngine.Planning;

namespace PolicyEngine.Cli.Offline;

/// <summary><c>policyctl eval</c>: how well a planner does on intents whose effect is known, and whether it got worse.</summary>
internal static class EvalCommand
{
    private static readonly TimeSpan LongestPlan = TimeSpan.FromSeconds(60);

    public static Command Build()
    {
        var cases = new Option<string?>("--cases") { Description = "Folder with open/ and held-out/ (evals/cases, if not named); catalogs/ and baseline.json are beside it", HelpName = "DIR" };
        var set = new Option<string>("--set") { Description = "Which cases: open, held-out or all", DefaultValueFactory = _ => "open" };
        set.AcceptOnlyFromAmong("open", "held-out", "all");
        var planner = new PlannerOptions();
        var report = new Option<string?>("--report") { Description = "Also write report.md and report.html here", HelpName = "DIR" };
        var update = new Option<bool>("--update-baseline") { Description = "Take these figures as the baseline" };
        var output = Inputs.Output("text", "json");
        var command = new Command("eval", "Puts a planner to the test: intents, and what must come of them. Ends with 1 if it does worse than the baseline") { cases, set, report, update, output };
        planner.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (EvalFolders.Find(parsed.GetValue(cases)) is not { } folders)
            {
                Out.Error(parsed.GetValue(cases) is { } named ? $"there is no folder '{named}'" : "there is no evals/cases here or above; name the folder: --cases DIR");
                return ExitCodes.Error;
            }
            try
            {
                var sets = parsed.GetValue(set) switch { "open" => [EvalSet.Open], "held-out" => [EvalSet.HeldOut], _ => Enum.GetValues<EvalSet>() };
                using var planners = planner.Create(parsed);
                if (await Run(folders, sets, planner.Name(parsed), planners.Planner, cancellation) is not { } result) return ExitCodes.Error;
                return Tell(result, folders, parsed.GetValue(report), parsed.GetValue(update), parsed.GetValue(output) == "json");
            }
            catch (Exception e) when (e is ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException)
            {
                Out.Error(e.Message);
                return ExitCodes.Error;
            }
        });
        return command;
    }

    /// <summary>Null after what is wrong with the cases was said.</summary>
    private static async Task<EvalReport?> Run(EvalFolders folders, EvalSet[] sets, string name, IPlanner planner, CancellationToken cancellation)
    {
        var (cases, diagnostics) = CaseReader.Read(folders.Cases, sets);
        if (diagnostics.HasErrors())
        {
            Out.Diagnostics(diagnostics);
            return null;
        }
        Out.Note($"putting {cases.Length} cases to the {name} planner, {EvalRunner.Runs} runs each");
        var runner = new EvalRunner(planner, folders.Worlds(), LongestPlan);
        var results = new List<CaseResult>();
        foreach (var placed in cases)
        {
            results.Add(await runner.RunAsync(placed, cancellation));
            if (results.Count % 100 == 0) Out.Note($"{results.Count} of {cases.Length}");
        }
        return new EvalReport(name, [.. results]);
    }

    private static int Tell(EvalReport result, EvalFolders folders, string? folder, bool update, bool json)
    {
        var baseline = Baseline.Read(folders.Baseline);
        var regressions = baseline.Regressions(result).ToList();
        if (json) Out.Json(ReportJson.Of(result, regressions));
        else Show(result);
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "report.md"), ReportTexts.Markdown(result));
            File.WriteAllText(Path.Combine(folder, "report.html"), ReportTexts.Html(result));
            Out.Note($"written: {Path.Combine(folder, "report.md")} and report.html");
        }
        if (update)
        {
            baseline.With(result).Write(folders.Baseline);
            Out.Note($"written: {folders.Baseline}");
            return ExitCodes.Done;
        }
        foreach (var regression in regressions) Out.Error($"worse than {folders.Baseline}: {regression}");
        return regressions.Count > 0 ? ExitCodes.Error : ExitCodes.Done;
    }

    private static void Show(EvalReport report)
    {
        foreach (var set in report.Sets)
        {
            Out.Line($"{CaseReader.Folder(set)}: {ReportTexts.Summary(report.Whole(set))}");
            Out.Table(["CATEGORY", "CASES", "RIGHT", "ASKED", "REFUSED", "WRONG", "ERROR", "P95"], ReportTexts.ShortRows(report, set).Select(r => r.AsEnumerable()));
        }
    }
}
