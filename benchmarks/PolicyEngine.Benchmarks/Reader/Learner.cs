namespace PolicyEngine.Benchmarks.Reader;

/// <summary>
/// A conditional log-linear model over the orders of a sentence and asking, learnt by AdaGrad (Duchi, Hazan and Singer 2011) with a fixed seed: what is likely
/// is an effect, whatever the order that has it.
/// </summary>
internal sealed class Learner
{
    public static int Epochs = 12;
    public static int LeastSentences = 2;
    public static float Rate = 0.1f;
    public static float Decay = 1e-5f;
    public static bool Average;
    public static float Drop;
    public static int Strange;
    private Dictionary<uint,int> _counts = [];

    private readonly Dictionary<uint, int> _places = [];
    private float[] _weights = [];

    public IEnumerable<KeyValuePair<uint, float>> Weights => _places.Select(p => KeyValuePair.Create(p.Key, _weights[p.Value])).Where(w => Math.Abs(w.Value) >= 0.05f);

    public static Learner Of(IReadOnlyList<Example> examples)
    {
        var learner = new Learner();
        learner.Learn(examples);
        return learner;
    }

    /// <summary>The likeliest effect with how likely it is; -1 for asking.</summary>
    public (int Effect, double Likelihood) Read(Example example)
    {
        var scores = Lay(example, 0).Select(Sum).ToArray();
        var likelihoods = Likelihoods(scores);
        var effects = new double[example.Right.Length];
        for (var i = 0; i < example.Choices.Length; i++) effects[example.Choices[i].Effect] += likelihoods[i];
        var best = effects.Length == 0 ? -1 : Array.IndexOf(effects, effects.Max());
        return best < 0 || likelihoods[^1] > effects[best] ? (-1, likelihoods[^1]) : (best, effects[best]);
    }

    private void Learn(IReadOnlyList<Example> examples)
    {
        var counts = _counts;
        foreach (var feature in examples.SelectMany(e => e.Choices.SelectMany(c => c.Features).Concat(e.Nothing).Distinct())) counts[feature] = counts.GetValueOrDefault(feature) + 1;
        foreach (var feature in counts.Where(c => c.Value >= LeastSentences).Select(c => c.Key).Order()) _places[feature] = _places.Count;
        for (uint x = 1; x < 2000; x++) _places[x] = _places.Count;
        (_weights, var squares) = (new float[_places.Count], new float[_places.Count]);
        var laid = examples.Select(e => Lay(e, 1)).ToArray();
        var (random, order) = (new Random(1), Enumerable.Range(0, examples.Count).ToArray());
        var sum = new double[_weights.Length];
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle(order);
            foreach (var at in order) Step(Drop > 0 ? Dropped(laid[at], random) : laid[at], Gold(examples[at]), squares);
            if (epoch >= 2) for (var i = 0; i < sum.Length; i++) sum[i] += _weights[i];
        }
        if (Average) for (var i = 0; i < sum.Length; i++) _weights[i] = (float)(sum[i] / (Epochs - 2));
        if (Drop > 0) for (var i = 0; i < sum.Length; i++) _weights[i] *= 1 - Drop;
    }

    /// <summary>Which of the orders, and of asking at the end, are right.</summary>
    private static bool[] Gold(Example example)
    {
        var gold = example.Choices.Select(c => example.MayPlan && example.Right[c.Effect]).ToArray();
        return [.. gold, example.MayAsk || !gold.Contains(true)];
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

    private static int[][] Dropped(int[][] laid, Random random)
    {
        var salt = (uint)random.Next();
        var limit = (uint)(Drop * uint.MaxValue);
        return [.. laid.Select(l => l.Where(p => unchecked(((uint)p ^ salt) * 2654435761u * 2246822519u) >= limit).ToArray())];
    }

    private int[][] Lay(Example e, int own)
    {
        var s = 0; var b = 0;
        if (Strange > 0)
        {
            s = Math.Min(4, e.Unigrams.Count(w => _counts.GetValueOrDefault(w) <= own));
            b = e.Bigrams.Length == 0 ? 0 : 5 * e.Bigrams.Count(w => _counts.GetValueOrDefault(w) <= own) / e.Bigrams.Length;
        }
        IEnumerable<int> More(int base0) => Strange == 0 ? [] : [_places[(uint)(base0 + s)], _places[(uint)(base0 + 10 + b)], _places[(uint)(base0 + 20 + 6 * s + b)]];
        return [.. e.Choices.Select(c => Places(c.Features).Concat(More(1)).ToArray()), [.. Places(e.Nothing), .. More(100)]];
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
