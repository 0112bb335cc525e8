namespace PolicyEngine.Telemetry;

/// <summary>Bounds of a share that was seen in a sample (Wilson's score interval), honest for small samples too.</summary>
public static class Wilson
{
    /// <summary>The share lies above this, but for the chance that <paramref name="z"/> standard deviations leave. 0 where nothing was seen.</summary>
    public static double Lower(double hits, double of, double z) => of <= 0 ? 0 : Math.Clamp(Centre(hits, of, z) - Half(hits, of, z), 0, 1);

    /// <summary>The share lies below this. 1 where nothing was seen: no data is no good news.</summary>
    public static double Upper(double hits, double of, double z) => of <= 0 ? 1 : Math.Clamp(Centre(hits, of, z) + Half(hits, of, z), 0, 1);

    private static double Centre(double hits, double of, double z) => (hits + z * z / 2) / (of + z * z);

    private static double Half(double hits, double of, double z)
    {
        var p = Math.Clamp(hits / of, 0, 1);
        return z / (of + z * z) * Math.Sqrt(of * p * (1 - p) + z * z / 4);
    }
}

/// <summary>The normal distribution.</summary>
internal static class Normal
{
    /// <summary>The chance of at most z (Abramowitz and Stegun 7.1.26; off by at most 1.5e-7).</summary>
    public static double Cdf(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        var t = 1 / (1 + 0.3275911 * x);
        var erf = 1 - ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.Exp(-x * x);
        return z >= 0 ? (1 + erf) / 2 : (1 - erf) / 2;
    }

    /// <summary>How sure it is that the first share is truly greater than the second: both shares pooled, one-sided.</summary>
    public static double Greater(double hits, double of, double otherHits, double otherOf)
    {
        if (of <= 0 || otherOf <= 0) return 0;
        var pooled = (hits + otherHits) / (of + otherOf);
        var deviation = Math.Sqrt(pooled * (1 - pooled) * (1 / of + 1 / otherOf));
        return deviation > 0 ? Cdf((hits / of - otherHits / otherOf) / deviation) : 0.5;
    }
}
