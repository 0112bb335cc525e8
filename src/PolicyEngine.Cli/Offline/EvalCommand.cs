using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using PolicyEngine.Cli.Evals;
using PolicyEngine.Cli.Output;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Models;

namespace PolicyEngine.Cli.Offline;

/// <summary><c>policyctl eval</c>: how well a planner does on intents whose effect is known, and whether it got worse.</summary>
internal static class EvalCommand
{
    private const int MostRuns = 20;
    private static readonly TimeSpan BetweenNotes = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestPlan = TimeSpan.FromSeconds(60);

    /// <summary>A model keeps a limit of its own; this only ends what hangs.</summary>
    private static readonly TimeSpan LongestPlanOfModel = TimeSpan.FromMinutes(30);

    public static Command Build()
    {
        var cases = new Option<string?>("--cases") { Description = "Folder with open/ and held-out/ (evals/cases, if not named); catalogs/ and baseline.json are beside it", HelpName = "DIR" };
        var set = new Option<string>("--set") { Description = "Which cases: open, held-out or all", DefaultValueFactory = _ => "open" };
        set.AcceptOnlyFromAmong("open", "held-out", "all");
        var planner = new PlannerOptions();
        var report = new Option<string?>("--report") { Description = "Also write report.md and report.html here", HelpName = "DIR" };
        var update = new Option<bool>("--update-baseline") { Description = "Take these figures as the baseline" };
        var sample = new Option<int?>("--sample") { Description = "Only N of the cases, spread over the categories; not held against the baseline", HelpName = "N" };
        sample.Validators.Add(r => Within(r, 1, int.MaxValue));
        var seed = new Option<int>("--seed") { Description = "Which sample", DefaultValueFactory = _ => 1, HelpName = "N" };
        var runs = new Option<int>("--runs") { Description = "How often each case is planned, to see whether the plan is always the same", DefaultValueFactory = _ => EvalRunner.Runs, HelpName = "N" };
        runs.Validators.Add(r => Within(r, 1, MostRuns));
        var output = Inputs.Output("text", "json");
        var command = new Command("eval", "Puts a planner to the test: intents, and what must come of them. Ends with 1 if it does worse than the baseline") { cases, set, sample, seed, runs, report, update, output };
        planner.AddTo(command);
        command.Validators.Add(r =>
        {
            if (r.GetValue(update) && r.GetValue(sample) is not null) r.AddError("a sample is no baseline: --update-baseline goes without --sample");
        });
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
                var scope = new Scope(sets, parsed.GetValue(sample), parsed.GetValue(seed), parsed.GetValue(runs));
                if (await Run(folders, scope, planner.Name(parsed), planners, cancellation) is not { } result) return ExitCodes.Error;
                var told = Tell(result, folders, parsed.GetValue(report), parsed.GetValue(update), parsed.GetValue(output) == "json");
                return cancellation.IsCancellationRequested ? ExitCodes.Error : told;
            }
            catch (Exception e) when (e is ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException)
            {
                Out.Error(e.Message);
                return ExitCodes.Error;
            }
        });
        return command;
    }

    private sealed record Scope(EvalSet[] Sets, int? Sample, int Seed, int Runs);

    /// <summary>Null after what is wrong with the cases was said.</summary>
    private static async Task<EvalReport?> Run(EvalFolders folders, Scope scope, string name, PlannerSet planners, CancellationToken cancellation)
    {
        var (all, diagnostics) = CaseReader.Read(folders.Cases, scope.Sets);
        if (diagnostics.HasErrors())
        {
            Out.Diagnostics(diagnostics);
            return null;
        }
        var cases = scope.Sample is { } size ? Sample.Of(all, size, scope.Seed) : all;
        Out.Note($"putting {cases.Length} cases to the {name} planner, {(scope.Runs == 1 ? "1 run" : $"{scope.Runs} runs")} each");
        var runner = new EvalRunner(planners.Planner, folders.Worlds(), planners.Prober is null ? LongestPlan : LongestPlanOfModel, scope.Runs);
        var results = new List<CaseResult>();
        var told = Stopwatch.GetTimestamp();
        foreach (var placed in cases)
        {
            try
            {
                // Planning leaves a model that was away alone for a while; here each case is to have its answer.
                if (planners.Prober is { Last.Reachable: false } prober) await prober.ProbeAsync(cancellation);
                results.Add(await runner.RunAsync(placed, cancellation));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Of a slow planner what was measured until Ctrl-C is worth as much as a smaller sample: the cases come in its order.
                Out.Note($"stopped after {results.Count} of {cases.Length}");
                break;
            }
            if (Stopwatch.GetElapsedTime(told) < BetweenNotes) continue;
            told = Stopwatch.GetTimestamp();
            Out.Note($"{results.Count} of {cases.Length}");
        }
        return new EvalReport(name, [.. results]) { Runs = scope.Runs, SampleOf = results.Count < all.Length ? all.Length : null };
    }

    private static int Tell(EvalReport result, EvalFolders folders, string? folder, bool update, bool json)
    {
        var baseline = Baseline.Read(folders.Baseline);
        // What a sample leaves out is not worse than it was.
        var regressions = result.SampleOf is null ? baseline.Regressions(result).ToList() : [];
        if (json) Out.Json(ReportJson.Of(result, regressions));
        else Show(result);
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "report.md"), ReportTexts.Markdown(result));
            File.WriteAllText(Path.Combine(folder, "report.html"), ReportTexts.Html(result));
            Out.Note($"written: {Path.Combine(folder, "report.md")} and report.html");
        }
        if (update && result.SampleOf is null)
        {
            baseline.With(result).Write(folders.Baseline);
            Out.Note($"written: {folders.Baseline}");
            return ExitCodes.Done;
        }
        foreach (var regression in regressions) Out.Error($"worse than {folders.Baseline}: {regression}");
        return regressions.Count > 0 ? ExitCodes.Error : ExitCodes.Done;
    }

    private static void Within(OptionResult result, int least, int most)
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && (value < least || value > most))
            result.AddError(most == int.MaxValue ? $"{result.Option.Name} is at least {least}" : $"{result.Option.Name} is {least} to {most}");
    }

    private static void Show(EvalReport report)
    {
        Out.Line(ReportTexts.Scope(report));
        foreach (var set in report.Sets)
        {
            Out.Line($"{CaseReader.Folder(set)}: {ReportTexts.Summary(report.Whole(set))}");
            Out.Table(["CATEGORY", "CASES", "RIGHT", "ASKED", "REFUSED", "WRONG", "ERROR", "P95"], ReportTexts.ShortRows(report, set).Select(r => r.AsEnumerable()));
        }
    }
}
