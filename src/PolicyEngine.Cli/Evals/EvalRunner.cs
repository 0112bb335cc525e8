using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using PolicyEngine.Changes;
using PolicyEngine.Changes.DryRuns;
using PolicyEngine.Changes.Journal;
using PolicyEngine.Ir;
using PolicyEngine.Planning;
using PolicyEngine.Policies;

namespace PolicyEngine.Cli.Evals;

/// <summary>
/// Puts cases to a planner: plans each several times, applies the edits, compiles what would stand and judges it by what it does to
/// requests. The clock stands still, so a run can be repeated.
/// </summary>
internal sealed class EvalRunner(IPlanner planner, Worlds worlds, TimeSpan limit, int times = EvalRunner.Runs)
{
    public const int Runs = 5;

    /// <summary>When every intent is said.</summary>
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Long = TimeSpan.FromDays(3650);

    private sealed record Run(Plan Plan, PolicySet After, double Milliseconds, string Bytes);

    public async Task<CaseResult> RunAsync(PlacedCase placed, CancellationToken cancellation)
    {
        var world = worlds.Of(placed.Case.Catalog, placed.Case.Stands);
        var runs = new List<Run>();
        try
        {
            for (var i = 0; i < times; i++) runs.Add(await Turns(world, placed.Case, cancellation));
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Whatever a planner under test throws is a result, not the end of the run.
            return Result(Outcome.Error, [e is OperationCanceledException ? $"no plan within {limit.TotalSeconds} s" : $"{e.GetType().Name}: {e.Message}"]);
        }
        var (outcome, details) = Judge(world, placed.Case, runs[0].Plan, runs[0].After);
        return Result(outcome, details) with { IsOffered = outcome == Outcome.Asked && await Offers(world, placed.Case, runs[0], cancellation), Verdict = runs[0].Plan.Provenance.Model is { } model ? model.Verdict ?? "unjudged" : null };

        CaseResult Result(Outcome outcome, IEnumerable<string> details) =>
            new(placed, outcome, [.. details], runs.Select(r => r.Bytes).Distinct(StringComparer.Ordinal).Count() <= 1, [.. runs.Select(r => r.Milliseconds)]);
    }

    /// <summary>Every turn on what the ones before it left; the last one is the one that is timed.</summary>
    private async Task<Run> Turns(World world, EvalCase @case, CancellationToken cancellation)
    {
        var (policies, earlier) = (world.Policies, new List<PlanTurn>());
        foreach (var turn in @case.After)
        {
            var plan = await Plan(world, policies, earlier, turn, cancellation);
            earlier.Add(new PlanTurn(turn, plan, policies));
            policies = policies.Apply(plan.Edits);
        }
        var started = Stopwatch.GetTimestamp();
        var last = await Plan(world, policies, earlier, @case.Say, cancellation);
        return new Run(last, policies.Apply(last.Edits), Stopwatch.GetElapsedTime(started).TotalMilliseconds, Bytes(last));
    }

    private async Task<Plan> Plan(World world, PolicySet policies, List<PlanTurn> earlier, string intent, CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(limit);
        return await planner.PlanAsync(new PlanRequest
        {
            Intent = intent,
            Catalog = world.Catalog,
            Policies = policies,
            Earlier = [.. earlier],
            Now = Now,
            Compile = p => Candidate.Of(world.Catalog, p, world.Before).Diagnostics,
        }, bounded.Token).WaitAsync(bounded.Token);
    }

    /// <summary>Whether a yes to what the question offers would give what was expected.</summary>
    private async Task<bool> Offers(World world, EvalCase @case, Run run, CancellationToken cancellation)
    {
        if (run.Plan.Questions is not [{ Id: Question.Meant, Choices: [var order] }, ..]) return false;
        var plan = await Plan(world, run.After, [], order, cancellation);
        return Judge(world, @case, plan, run.After.Apply(plan.Edits)).Outcome == Outcome.Right;
    }

    private static string Bytes(Plan plan) => JsonSerializer.Serialize(new
    {
        plan.Status,
        plan.Summary,
        Edits = plan.Edits.Select(e => EditJson.Write(e).ToJsonString()),
        plan.Questions,
        plan.Reasons,
    }, JournalJson.Options);

    /// <summary>What is to be said of a plan, and of the policies that it would leave.</summary>
    internal static (Outcome Outcome, IEnumerable<string> Details) Judge(World world, EvalCase @case, Plan plan, PolicySet after) => (@case.Expect, plan.Status) switch
    {
        (Expected.Effect or Expected.EffectOrQuestion, PlanStatus.Planned) => Compiled(world, @case, plan, after),
        (Expected.Question or Expected.QuestionOrRefusal or Expected.EffectOrQuestion, PlanStatus.NeedsClarification) => (Outcome.Right, []),
        (Expected.Refusal or Expected.QuestionOrRefusal, PlanStatus.Refused) => (Outcome.Right, []),
        (_, PlanStatus.NeedsClarification) => (Outcome.Asked, plan.Questions.Select(q => $"asked: {q.Text}")),
        (_, PlanStatus.Refused) => (Outcome.Refused, plan.Reasons.Select(r => $"refused: {r}")),
        _ => (Outcome.SilentlyWrong, [$"planned: {plan.Summary}"]),
    };

    private static (Outcome Outcome, IEnumerable<string> Details) Compiled(World world, EvalCase @case, Plan plan, PolicySet after)
    {
        if (Errors(world, after) is { Count: > 0 } errors) return (Outcome.Error, errors);
        var best = @case.Effects.Select(e => Mismatches(world, after, e, @case.Ends)).OrderBy(m => m.Count).First();
        return best.Count == 0 ? (Outcome.Right, []) : (Outcome.SilentlyWrong, best.Prepend($"planned: {plan.Summary}"));
    }

    private static List<string> Errors(World world, PolicySet policies) =>
        [.. Candidate.Of(world.Catalog, policies, world.Before).Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.ToString())];

    /// <summary>The effect while it should hold, and what stood before once it should have ended; without an end it holds for ever.</summary>
    private static List<string> Mismatches(World world, PolicySet after, ImmutableArray<Effect> effects, TimeSpan? ends)
    {
        var found = At(world, after, Now + (ends is { } end ? end - TimeSpan.FromSeconds(1) : Long), effects);
        if (ends is { } ended) found.AddRange(At(world, after, Now + ended, []).Select(m => $"after {Duration.Format(ended)}: {m}"));
        return found;
    }

    private static List<string> At(World world, PolicySet policies, DateTimeOffset time, ImmutableArray<Effect> effects)
    {
        var standing = new PolicySet(policies.Documents.Values.Where(d => d.Metadata.ExpiresAt is not { } end || end > time));
        var candidate = Candidate.Of(world.Catalog, standing, world.Before);
        return [.. EffectCheck.Mismatches(world.Before.Compiled.Fleets, candidate.Compiled.Fleets, world.Catalog, effects)];
    }
}
