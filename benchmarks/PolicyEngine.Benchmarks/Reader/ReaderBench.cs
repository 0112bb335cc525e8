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
        if (Environment.GetEnvironmentVariable("READER_TRY") is { } tries)
        {
            foreach (var t in tries.Split(';'))
            {
                var v = t.Split(',');
                (Learner.Epochs, Learner.Rate, Learner.Decay, Learner.Average, Learner.Drop, Learner.Strange) = (int.Parse(v[0]), float.Parse(v[1]), float.Parse(v[2]), v[3] == "1", float.Parse(v[4]), int.Parse(v[5]));
                Console.WriteLine("== " + t);
                Try(examples);
            }
            return 0;
        }
        Validate(examples);
        var weights = Weights.Of(Sentences.Hash(Sentences.Folder(folders)), Learner.Of(examples).Weights);
        Console.WriteLine($"{weights.Count} weights");
        if (output is not null) weights.Save(output);
        return 0;
    }

    private static void Try(List<Example> examples)
    {
        var read = new List<(Example Example, int Effect, double Likelihood)>[Folds];
        Parallel.For(0, Folds, fold =>
        {
            var learner = Learner.Of([.. examples.Where((_, i) => i % Folds != fold)]);
            read[fold] = [.. examples.Where((e, i) => i % Folds == fold && e.Case.Id.StartsWith("training-", StringComparison.Ordinal)).Select(e => learner.Read(e) is var r ? (e, r.Effect, r.Likelihood) : default)];
        });
        var open = read.SelectMany(r => r).Where(r => r.Example.IsOpen && r.Effect >= 0).OrderByDescending(r => r.Likelihood).Select(r => (Right: r.Example.MayPlan && r.Example.Right[r.Effect], r.Likelihood, Trap: !r.Example.MayPlan)).ToList();
        foreach (var n in new[] { 200, 400, 600, 800, 1000, 1200, 1500 }) if (n <= open.Count) Console.Write($"  {n}: {100.0 * open.Take(n).Count(o => o.Right) / n:0.0}%/{100.0 * open.Take(n).Count(o => !o.Right && !o.Trap) / n:0.0}% at {open[n - 1].Likelihood:0.00}");
        Console.WriteLine($"  right {open.Count(o => o.Right)} of {open.Count}");
    }

    /// <summary>Sentences of evals/training alone: the grammar was mended by the open cases.</summary>
    private static void Validate(List<Example> examples)
    {
        var read = new List<(Example Example, int Effect, double Likelihood)>();
        for (var fold = 0; fold < Folds; fold++)
        {
            var learner = Learner.Of([.. examples.Where((_, i) => i % Folds != fold)]);
            read.AddRange(examples.Where((e, i) => i % Folds == fold && e.Case.Id.StartsWith("training-", StringComparison.Ordinal)).Select(e => learner.Read(e) is var r ? (e, r.Effect, r.Likelihood) : default));
        }
        if (Environment.GetEnvironmentVariable("READER_DUMP") is { } dump) File.WriteAllLines(dump, read.Select(r => string.Join("\t", r.Example.Case.Id, r.Example.Case.Expect, r.Example.IsOpen, r.Example.Strict, r.Effect, r.Likelihood.ToString("0.000"), r.Effect >= 0 && r.Example.Right[r.Effect], r.Example.Right.Contains(true), r.Effect >= 0 ? r.Example.Choices.First(c => c.Effect == r.Effect).Text : "", r.Example.Case.Say)));
        Console.WriteLine($"cross-validation in {Folds} parts: {read.Count} sentences, {read.Count(r => !r.Example.MayPlan)} of them to be asked about; the grammar alone: {read.Count(r => r.Example.Strict == Outcome.Right)} right, {read.Count(r => r.Example.Strict == Outcome.SilentlyWrong)} silently wrong");
        foreach (var sure in Sureness)
        {
            var planned = read.Where(r => r.Example.IsOpen && r.Effect >= 0 && r.Likelihood >= sure).ToList();
            var right = planned.Count(r => r.Example.MayPlan && r.Example.Right[r.Effect]);
            Console.WriteLine($"  sure at {sure:0.00}: offers an order for {planned.Count} of {read.Count(r => r.Example.IsOpen)} that the grammar does not understand, {right} of them right; of the others {planned.Count(r => !r.Example.MayPlan)} mean nothing that can be done");
        }
    }
}
