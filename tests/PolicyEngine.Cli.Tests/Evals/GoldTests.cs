using System.Collections.Immutable;
using PolicyEngine.Cli.Evals;
using PolicyEngine.Ir;
using PolicyEngine.Planning;
using PolicyEngine.Policies;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Cli.Tests.Evals;

public sealed class GoldTests
{
    /// <summary>A case that no plan can meet would only measure its author.</summary>
    [Fact]
    public async Task Cases_WithAnEffect_CanAllBeMet_EachAlternativeByItself()
    {
        var folders = new EvalFolders(Path.Combine(RepositoryPaths.Root, "evals", "cases"));
        var worlds = folders.Worlds();
        var unmet = new List<string>();
        foreach (var placed in CaseReader.Read(folders.Cases, Enum.GetValues<EvalSet>()).Cases.Where(c => c.Case.Expect is Expected.Effect or Expected.EffectOrQuestion))
            foreach (var effects in placed.Case.Effects)
            {
                var only = placed.Case with { Effect = effects, Or = [], After = [] };
                var planner = new Gold(GoldPlans.Edits(worlds.Of(only.Catalog, only.Stands), only));
                var result = await new EvalRunner(planner, worlds, TimeSpan.FromMinutes(1), 1).RunAsync(placed with { Case = only }, CancellationToken.None);
                if (result.Outcome != Outcome.Right) unmet.Add($"{only.Id}: {only.Say}: {string.Join(" | ", result.Details.Take(3))}");
            }
        Assert.True(unmet.Count == 0, string.Join("\n", unmet));
    }

    private sealed class Gold(ImmutableArray<PolicyEdit> edits) : IPlanner
    {
        public string Name => "gold";

        public Task<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation) =>
            Task.FromResult(new Plan { Status = PlanStatus.Planned, Summary = "as expected", Edits = edits, Provenance = new Provenance(Name, "1", Revision.None) });
    }
}
