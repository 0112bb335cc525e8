namespace PolicyEngine.Telemetry.Tests.Simulation;

/// <summary>Chance that is the same on every run.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    public double Next() => _random.NextDouble();

    public int Poisson(double mean)
    {
        if (mean > 60) return Math.Max(0, (int)Math.Round(mean + Math.Sqrt(mean) * Gauss()));
        var (limit, product, count) = (Math.Exp(-mean), _random.NextDouble(), 0);
        while (product > limit)
        {
            product *= _random.NextDouble();
            count++;
        }
        return count;
    }

    public int Binomial(int of, double share) => of > 200 && of * share > 20
        ? Math.Clamp((int)Math.Round(of * share + Math.Sqrt(of * share * (1 - share)) * Gauss()), 0, of)
        : Enumerable.Range(0, of).Count(_ => _random.NextDouble() < share);

    public double Gauss() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
