using System.Text.Json.Nodes;
using PolicyEngine.Cli.Evals;
using PolicyEngine.Ir;
using PolicyEngine.Planning;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Headers;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Cli.Tests.Evals;

/// <summary>The cases of the repository, run.</summary>
public sealed class EvalRunTests
{
    [Fact]
    public async Task EmbeddedPlanner_OnTheOpenSet_IsNoWorseThanItsBaseline()
    {
        var folders = new EvalFolders(Cases);
        var runner = new EvalRunner(new EmbeddedPlanner(), folders.Worlds(), TimeSpan.FromMinutes(1));
        var results = new List<CaseResult>();
        foreach (var placed in CaseReader.Read(folders.Cases, [EvalSet.Open]).Cases) results.Add(await runner.RunAsync(placed, CancellationToken.None));
        var report = new EvalReport("embedded", [.. results]);
        Assert.Empty(Baseline.Read(folders.Baseline).Regressions(report));
        Assert.All(results, r => Assert.True(r.Repeatable, r.Case.Id));
    }

    [Fact]
    public async Task Judge_OfPlansThatAreRight_RejectsThemOnceTheyAreCorrupted()
    {
        var worlds = new EvalFolders(Cases).Worlds();
        var (corrupted, taken) = (0, new List<string>());
        foreach (var placed in CaseReader.Read(Cases, [EvalSet.Open]).Cases.Where(c => c.Case.Expect == Expected.Effect))
        {
            if ((await Run(placed, plan => plan)).Outcome != Outcome.Right || (await Run(placed, Nothing)).Outcome == Outcome.Right) continue;
            foreach (var corrupt in new Func<Plan, Plan>[] { WithoutLastEdit, p => WithExtraEdit(p, worlds.Of(placed.Case.Catalog, placed.Case.Stands).Catalog) })
            {
                corrupted++;
                if ((await Run(placed, corrupt)).Outcome == Outcome.Right) taken.Add($"{placed.Case.Id}: {placed.Case.Say}");
            }
        }
        Assert.True(corrupted > 100, $"only {corrupted} corrupted plans");
        Assert.Empty(taken);

        Task<CaseResult> Run(PlacedCase placed, Func<Plan, Plan> change) => new EvalRunner(new Changed(new EmbeddedPlanner(), change), worlds, TimeSpan.FromMinutes(1), 1).RunAsync(placed, CancellationToken.None);
    }

    [Fact]
    public async Task Cases_ThatExpectAnEffect_AreNotRightByDoingNothing_ButWhereThatIsThePoint()
    {
        // "Send it back to blue" where blue has it all; "never retry" where nothing is retried.
        string[] meant = ["benign-13", "retry-new-16"];
        var runner = new EvalRunner(new Changed(new EmbeddedPlanner(), Nothing), new EvalFolders(Cases).Worlds(), TimeSpan.FromMinutes(1), 1);
        var idle = new List<string>();
        foreach (var placed in CaseReader.Read(Cases, Enum.GetValues<EvalSet>()).Cases.Where(c => c.Case is { Expect: Expected.Effect, After: [] }))
            if ((await runner.RunAsync(placed, CancellationToken.None)).Outcome == Outcome.Right) idle.Add(placed.Case.Id);
        Assert.Equal(meant, idle.Order(StringComparer.Ordinal));
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

    private static Plan Nothing(Plan plan) => plan with { Status = PlanStatus.Planned, Edits = [] };

    private static Plan WithoutLastEdit(Plan plan) => plan.Edits.Length > 0 ? plan with { Edits = plan.Edits.RemoveAt(plan.Edits.Length - 1) } : plan;

    /// <summary>One more response header on everything that the gateway's fleet serves.</summary>
    private static Plan WithExtraEdit(Plan plan, ServiceCatalog catalog) => plan.Status != PlanStatus.Planned ? plan : plan with
    {
        Edits = plan.Edits.Add(PolicyEdit.Upsert(Document.Of("zz-extra", new HeadersSpec
        {
            Target = Target.OfFleet(catalog.Fleets.First(f => f.Value.Role == FleetRole.Gateway).Key),
            Response = new HeaderEditsSpec { Remove = ["x-zz-extra"] },
        }))),
    };

    private sealed class Changed(IPlanner planner, Func<Plan, Plan> change) : IPlanner
    {
        public string Name => planner.Name;

        public async Task<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation) => change(await planner.PlanAsync(request, cancellation));
    }
}
