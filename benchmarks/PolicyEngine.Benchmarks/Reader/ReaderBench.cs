using System.Collections.Concurrent;
using PolicyEngine.Cli.Evals;
using PolicyEngine.Planning.Learned;

namespace PolicyEngine.Benchmarks.Reader;

/// <summary>
/// Teaches the reader (<c>LearnedReader</c>) what sentences mean, and says by cross-validation over sentences that it did not see what it wins and what it costs.
/// The same sentences give the same file.
/// </summary>
internal static class ReaderBench
{
    private const int Folds = 4;
    private static readonly double[] Sureness = [0.5, 0.7, 0.8, 0.9, 0.95, 0.98];

    public static int Run(string? output)
    {
        var folders = EvalFolders.Find(null) ?? throw new InvalidOperationException("there is no evals/cases here or above");
        var (cases, worlds) = (Sentences.Read(folders), folders.Worlds());
        foreach (var (catalog, stands) in cases.Select(c => (c.Catalog, c.Stands)).Distinct()) worlds.Of(catalog, stands);
        var laid = new ConcurrentDictionary<string, Example>(StringComparer.Ordinal);
        Parallel.ForEach(cases, c => laid[c.Id] = Example.Of(worlds.Of(c.Catalog, c.Stands), c));
        List<Example> examples = [.. cases.Select(c => laid[c.Id])];
        Console.WriteLine($"{examples.Count} sentences, {examples.Average(e => e.Choices.Length):0} orders each that the grammar reads; of {examples.Count(e => !e.MayAsk)} with one effect {examples.Count(e => !e.MayAsk && e.Right.Contains(true))} have it among them");
        Validate(examples);
        var weights = Weights.Of(Sentences.Hash(Sentences.Folder(folders)), Learner.Of(examples).Weights);
        Console.WriteLine($"{weights.Count} weights");
        if (output is not null) weights.Save(output);
        return 0;
    }

    /// <summary>Sentences of evals/training alone: the grammar was mended by the open cases.</summary>
    private static void Validate(List<Example> examples)
    {
        var read = new List<(Example Example, int Effect, double Likelihood)>();
        for (var fold = 0; fold < Folds; fold++)
        {
            var learner = Learner.Of([.. examples.Where((_, i) => i % Folds != fold)]);
            read.AddRange(examples.Where((e, i) => i % Folds == fold && e.Case.Id.StartsWith("training-", StringComparison.Ordinal)).Select(e => Likeliest(e, learner)));
        }
        Console.WriteLine($"cross-validation in {Folds} parts: {read.Count} sentences, {read.Count(r => !r.Example.MayPlan)} of them to be asked about; the grammar alone: {read.Count(r => r.Example.Strict == Outcome.Right)} right, {read.Count(r => r.Example.Strict == Outcome.SilentlyWrong)} silently wrong");
        foreach (var sure in Sureness)
        {
            var planned = read.Where(r => r.Example.IsOpen && r.Effect >= 0 && r.Likelihood >= sure).ToList();
            var right = planned.Count(r => r.Example.MayPlan && r.Example.Right[r.Effect]);
            Console.WriteLine($"  sure at {sure:0.00}: offers an order for {planned.Count} of {read.Count(r => r.Example.IsOpen)} that the grammar does not understand, {right} of them right; of the others {planned.Count(r => !r.Example.MayPlan)} mean nothing that can be done");
        }
    }

    /// <summary>The likeliest effect with how likely it is; -1 where asking is likelier.</summary>
    private static (Example Example, int Effect, double Likelihood) Likeliest(Example example, Learner learner)
    {
        var (effects, nothing, other) = learner.Read(example);
        var best = effects.Length == 0 ? -1 : Array.IndexOf(effects, effects.Max());
        return best < 0 || nothing + other > effects[best] ? (example, -1, nothing + other) : (example, best, effects[best]);
    }
}
