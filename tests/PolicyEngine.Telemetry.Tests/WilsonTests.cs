using FsCheck.Xunit;
using PolicyEngine.Telemetry.Samples;
using Xunit;

namespace PolicyEngine.Telemetry.Tests;

public sealed class WilsonTests
{
    // Values from the interval's closed form, worked out by hand for 8 of 10 at 1.96: (0.4902, 0.9433).
    [Fact]
    public void Bounds_OfEightInTen_AreTheTextbooks()
    {
        Assert.Equal(0.4902, Wilson.Lower(8, 10, 1.96), 4);
        Assert.Equal(0.9433, Wilson.Upper(8, 10, 1.96), 4);
    }

    [Fact]
    public void Bounds_OfNothing_SayNothing() => Assert.Equal((0, 1), (Wilson.Lower(0, 0, 3), Wilson.Upper(0, 0, 3)));

    [Property]
    public bool Bounds_AlwaysHoldTheRatioBetweenThem(byte hits, byte more) =>
        hits + more == 0 || Wilson.Lower(hits, hits + more, 3) <= hits / (double)(hits + more) + 1e-9 && Wilson.Upper(hits, hits + more, 3) >= hits / (double)(hits + more) - 1e-9;

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1.96, 0.975)]
    [InlineData(-3.29, 0.0005)]
    public void Cdf_IsTheTables(double z, double p) => Assert.Equal(p, Normal.Cdf(z), 4);

    [Fact]
    public void Histogram_Quantiles_AreUpperLimitsOfBuckets()
    {
        var histogram = Histogram.Of([10, 50, 100], [50, 30, 15, 5]);
        Assert.Equal((10, 100, double.PositiveInfinity), (histogram.UpperQuantile(0.5), histogram.UpperQuantile(0.95), histogram.UpperQuantile(0.99)));
        Assert.Equal((20, 5), (histogram.Above(50), histogram.Above(1000)));
        Assert.Null(Histogram.TryOf([10, 5], [1, 2, 3]));
        Assert.Null(Histogram.TryOf([10], [1, double.NaN]));
        Assert.Null(histogram.Since(Histogram.Of([10, 50, 100], [51, 30, 15, 5])));
    }
}
