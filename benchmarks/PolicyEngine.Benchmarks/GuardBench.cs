using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using PolicyEngine.Cli.Evals;
using PolicyEngine.Planning;

namespace PolicyEngine.Benchmarks;

/// <summary>
/// Whether a classifier that stands guard over the embedded planner would win anything: trained on the open cases (which policy kinds does a
/// text speak of, or none of ours?), with a fixed seed, it turns a plan into a question where it is sure and the plan says otherwise. Told
/// for the held-out cases, as figures: wrong plans that it would have stopped, and right ones that it would have.
/// </summary>
internal static partial class GuardBench
{
    private const int Seed = 1;
    private const string NoBusiness = "none of our business";
    private static readonly double[] Sureness = [0.80, 0.90, 0.95, 0.98, 0.99, 0.995];

    public static async Task Run()
    {
        var folders = EvalFolders.Find(null) ?? throw new InvalidOperationException("there is no evals/cases here or above");
        var (cases, diagnostics) = CaseReader.Read(folders.Cases, Enum.GetValues<EvalSet>());
        if (diagnostics.Length > 0) throw new InvalidDataException(diagnostics[0].ToString());
        var worlds = folders.Worlds();
        // A turn of a conversation means what the ones before it say: alone its text speaks of nothing.
        List<PlacedCase> alone = [.. cases.Where(c => c.Case.After.IsEmpty)];
        var train = alone.Where(c => c.Set == EvalSet.Open && Spoken(c.Case) is not null).Select(c => (Text: Masked(worlds, c.Case), Kinds: Spoken(c.Case)!)).ToList();
        var guard = Guard.Train(train);
        Console.WriteLine($"trained on {train.Count} open cases, seed {Seed}, kinds: {string.Join(", ", guard.Kinds)}");
        Console.WriteLine($"itself, on {alone.Count(c => c.Set == EvalSet.HeldOut && Spoken(c.Case) is not null)} held-out cases: {Accuracy(guard, worlds, alone):P1} of its answers (one a kind and case) are right");

        var judged = new List<(Outcome Outcome, double Doubt)>();
        foreach (var placed in alone.Where(c => c.Set == EvalSet.HeldOut))
        {
            var result = await new EvalRunner(new EmbeddedPlanner(), worlds, TimeSpan.FromSeconds(60), times: 1).RunAsync(placed, default);
            if (await Planned(worlds, placed.Case) is { } kinds) judged.Add((result.Outcome, guard.Doubt(Masked(worlds, placed.Case), kinds)));
        }
        var (right, wrong) = (judged.Where(j => j.Outcome == Outcome.Right).ToList(), judged.Where(j => j.Outcome == Outcome.SilentlyWrong).ToList());
        Console.WriteLine($"plans on held-out cases outside of conversations: {right.Count} right, {wrong.Count} silently wrong");
        foreach (var sure in Sureness)
            Console.WriteLine($"  sure at {sure:0.000}: stops {wrong.Count(j => j.Doubt >= sure)} of {wrong.Count} wrong, and {right.Count(j => j.Doubt >= sure)} of {right.Count} right");
    }

    /// <summary>What a case speaks of; null where that cannot be told from what is expected.</summary>
    private static ImmutableHashSet<string>? Spoken(EvalCase @case) => @case.Expect switch
    {
        Expected.Refusal or Expected.QuestionOrRefusal => [NoBusiness],
        Expected.Effect when !@case.Effect.IsEmpty => [.. @case.Effect.SelectMany(Of)],
        _ => null,
    };

    private static IEnumerable<string> Of(Effect effect)
    {
        if (effect.To.Count > 0 || effect.Respond is not null || effect.Redirect is not null || effect.Rewrite is not null || effect.None.Contains("route")) yield return "routing";
        if (effect.Timeout is not null || effect.Idle is not null || effect.Connect is not null) yield return "Timeout";
        if (effect.Retry is not null || effect.None.Contains("retry")) yield return "Retry";
        if (effect.Limit is not null || effect.None.Contains("limit")) yield return "RateLimit";
        if (effect.Access is not null || effect.Shadow is not null) yield return "Authorization";
        if (effect.Mirror.Count > 0 || effect.None.Contains("mirror")) yield return "Mirror";
        if (effect.Delay is not null || effect.Abort is not null || effect.None.Contains("delay") || effect.None.Contains("abort")) yield return "FaultInjection";
        if (!effect.Headers.IsEmpty) yield return "Headers";
    }

    /// <summary>The kinds that the embedded planner plans; null where it plans nothing.</summary>
    private static async Task<ImmutableHashSet<string>?> Planned(Worlds worlds, EvalCase @case)
    {
        var world = worlds.Of(@case.Catalog, @case.Stands);
        var plan = await new EmbeddedPlanner().PlanAsync(new PlanRequest { Intent = @case.Say, Catalog = world.Catalog, Policies = world.Policies, Now = EvalRunner.Now }, default);
        return plan.Status == PlanStatus.Planned ? [.. plan.Edits.Select(e => e.Id[..e.Id.IndexOf('/')]).Select(k => k is "TrafficSplit" or "Route" ? "routing" : k)] : null;
    }

    /// <summary>Names and numbers say nothing of the kind.</summary>
    private static string Masked(Worlds worlds, EvalCase @case)
    {
        var text = @case.Say.ToLowerInvariant();
        foreach (var name in worlds.Of(@case.Catalog, @case.Stands).Catalog.Services.Keys.OrderByDescending(n => n.Length)) text = text.Replace(name.ToLowerInvariant(), " svc ", StringComparison.Ordinal);
        return Numbers().Replace(text, " num ");
    }

    private static double Accuracy(Guard guard, Worlds worlds, IEnumerable<PlacedCase> cases)
    {
        var answers = from c in cases where c.Set == EvalSet.HeldOut let spoken = Spoken(c.Case) where spoken is not null let said = guard.Read(Masked(worlds, c.Case)) from kind in guard.Kinds select said[kind] >= 0.5 == spoken.Contains(kind);
        return answers.Average(right => right ? 1.0 : 0);
    }

    [GeneratedRegex(@"\d[\d.,:/]*")]
    private static partial Regex Numbers();

    private sealed class Guard(ImmutableSortedDictionary<string, PredictionEngine<Text, Said>> models)
    {
        public IEnumerable<string> Kinds => models.Keys;

        public static Guard Train(List<(string Text, ImmutableHashSet<string> Kinds)> cases) => new(cases.SelectMany(c => c.Kinds).Distinct().ToImmutableSortedDictionary(k => k, k =>
        {
            var context = new MLContext(Seed);
            var data = context.Data.LoadFromEnumerable(cases.Select(c => new Text { Words = c.Text, Label = c.Kinds.Contains(k) }));
            var trainer = context.BinaryClassification.Trainers.SdcaLogisticRegression(new SdcaLogisticRegressionBinaryTrainer.Options { NumberOfThreads = 1, MaximumNumberOfIterations = 50 });
            var model = context.Transforms.Text.FeaturizeText("Features", nameof(Text.Words)).Append(trainer).Fit(data);
            return context.Model.CreatePredictionEngine<Text, Said>(model);
        }, StringComparer.Ordinal));

        public Dictionary<string, double> Read(string text) => models.ToDictionary(m => m.Key, m => (double)m.Value.Predict(new Text { Words = text }).Probability);

        /// <summary>How sure it is that a plan of these kinds is not what the text speaks of.</summary>
        public double Doubt(string text, ImmutableHashSet<string> planned) => Read(text).Max(r => planned.Contains(r.Key) ? 1 - r.Value : r.Value);
    }

    private sealed class Text
    {
        public string Words { get; set; } = "";

        public bool Label { get; set; }
    }

    private sealed class Said
    {
        [ColumnName("Probability")]
        public float Probability { get; set; }
    }
}
