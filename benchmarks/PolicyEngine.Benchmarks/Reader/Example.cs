using System.Collections.Immutable;
using PolicyEngine.Cli.Evals;
using PolicyEngine.Planning;
using PolicyEngine.Planning.Learned;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies;

namespace PolicyEngine.Benchmarks.Reader;

/// <summary>An order that the grammar reads: what speaks for it, and which of the effects it has.</summary>
internal sealed record Choice(uint[] Features, int Effect);

/// <summary>A sentence laid out for learning: the orders that could be meant, which effects are right, and what speaks for asking.</summary>
internal sealed record Example(EvalCase Case, bool IsOpen, Outcome Strict, ImmutableArray<Choice> Choices, ImmutableArray<bool> Right, uint[] Nothing, uint[] Other)
{
    public bool MayPlan => Case.Expect is Expected.Effect or Expected.EffectOrQuestion;

    public bool MayAsk => Case.Expect != Expected.Effect;

    /// <summary>Every order is read by the grammar and, where its kinds are those expected, judged by what it does to requests.</summary>
    public static Example Of(World world, EvalCase @case)
    {
        var request = new PlanRequest { Intent = @case.Say, Catalog = world.Catalog, Policies = world.Policies, Now = EvalRunner.Now };
        var tokens = Lexer.For(world.Catalog).First(@case.Say, EvalRunner.Now, w => Kinds.All.Any(k => world.Policies.Documents.ContainsKey($"{k.Name}/{w}")));
        var facts = new Facts(@case.Say, tokens, world.Catalog, world.Policies);
        var features = new Planning.Learned.Features(facts);
        var (effects, right, choices) = (new Dictionary<string, int>(StringComparer.Ordinal), ImmutableArray.CreateBuilder<bool>(), ImmutableArray.CreateBuilder<Choice>());
        var mayPlan = @case.Expect is Expected.Effect or Expected.EffectOrQuestion;
        foreach (var candidate in Candidates.Of(facts).DistinctBy(c => (c.Text, string.Join(',', c.Slots))))
        {
            var plan = EmbeddedPlanner.Strictly(request, candidate.Text);
            if (plan.Status != PlanStatus.Planned) continue;
            var effect = LearnedReader.Effect(plan.Edits);
            if (!effects.TryGetValue(effect, out var at))
            {
                at = effects[effect] = effects.Count;
                right.Add(mayPlan && EvalRunner.Judge(world, @case, plan, world.Policies.Apply(plan.Edits)).Outcome == Outcome.Right);
            }
            choices.Add(new Choice([.. features.Of(candidate)], at));
        }
        var strict = EmbeddedPlanner.Grammatical(request);
        return new Example(@case, EmbeddedPlanner.IsOpen(strict), EvalRunner.Judge(world, @case, strict, world.Policies.Apply(strict.Edits)).Outcome, choices.ToImmutable(), right.ToImmutable(), [.. features.Of(false)], [.. features.Of(true)]);
    }
}
