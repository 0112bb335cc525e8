namespace PolicyEngine.Benchmarks.Reader;

/// <summary>
/// A conditional log-linear model over the orders of a sentence and asking, learnt by AdaGrad (Duchi, Hazan and Singer 2011) with a fixed seed: what is likely
/// is an effect, whatever the order that has it.
/// </summary>
internal sealed class Learner
{
    private const int Epochs = 12;
    private const int LeastSentences = 2;
    private const float Rate = 0.1f;
    private const float Decay = 1e-5f;
    private readonly Dictionary<uint, int> _places = [];
    private float[] _weights = [];

    public IEnumerable<KeyValuePair<uint, float>> Weights => _places.Select(p => KeyValuePair.Create(p.Key, _weights[p.Value])).Where(w => Math.Abs(w.Value) >= 0.05f);

    public static Learner Of(IReadOnlyList<Example> examples)
    {
        var learner = new Learner();
        learner.Learn(examples);
        return learner;
    }

    /// <summary>How likely each effect is, that nobody should plan it, and that it means something else.</summary>
    public (double[] Effects, double Nothing, double Other) Read(Example example)
    {
        var likelihoods = Likelihoods([.. Laid(example).Select(Sum)]);
        var effects = new double[example.Right.Length];
        for (var i = 0; i < example.Choices.Length; i++) effects[example.Choices[i].Effect] += likelihoods[i];
        return (effects, likelihoods[^2], likelihoods[^1]);
    }

    private int[][] Laid(Example example) => [.. example.Choices.Select(c => Places(c.Features)), Places(example.Nothing), Places(example.Other)];

    private void Learn(IReadOnlyList<Example> examples)
    {
        var counts = new Dictionary<uint, int>();
        foreach (var feature in examples.SelectMany(e => e.Choices.SelectMany(c => c.Features).Concat(e.Nothing).Concat(e.Other).Distinct())) counts[feature] = counts.GetValueOrDefault(feature) + 1;
        foreach (var feature in counts.Where(c => c.Value >= LeastSentences).Select(c => c.Key).Order()) _places[feature] = _places.Count;
        (_weights, var squares) = (new float[_places.Count], new float[_places.Count]);
        var laid = examples.Select(Laid).ToArray();
        var (random, order) = (new Random(1), Enumerable.Range(0, examples.Count).ToArray());
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle(order);
            foreach (var at in order) Step(laid[at], Gold(examples[at]), squares);
        }
    }

    /// <summary>Which of the orders, and of asking and something else at the end, are right.</summary>
    private static bool[] Gold(Example example)
    {
        var gold = example.Choices.Select(c => example.MayPlan && example.Right[c.Effect]).ToArray();
        return [.. gold, example.MayAsk, example.MayPlan && !gold.Contains(true)];
    }

    private void Step(int[][] laid, bool[] gold, float[] squares)
    {
        var likelihoods = Likelihoods([.. laid.Select(Sum)]);
        var right = likelihoods.Where((_, i) => gold[i]).Sum();
        for (var i = 0; i < laid.Length; i++)
        {
            var slope = (float)(likelihoods[i] - (gold[i] && right > 0 ? likelihoods[i] / right : 0));
            if (Math.Abs(slope) < 1e-4f) continue;
            foreach (var place in laid[i])
            {
                var step = slope + Decay * _weights[place];
                squares[place] += step * step;
                _weights[place] -= Rate * step / MathF.Sqrt(squares[place] + 1e-6f);
            }
        }
    }

    private int[] Places(uint[] features) => [.. features.Select(f => _places.GetValueOrDefault(f, -1)).Where(p => p >= 0)];

    private double Sum(int[] places)
    {
        var sum = 0.0;
        foreach (var place in places) sum += _weights[place];
        return sum;
    }

    private static double[] Likelihoods(double[] scores)
    {
        var most = scores.Max();
        var raised = scores.Select(s => Math.Exp(s - most)).ToArray();
        var sum = raised.Sum();
        return [.. raised.Select(r => r / sum)];
    }
}
