using PolicyEngine.Telemetry.Tests.Simulation;
using Xunit;

namespace PolicyEngine.Telemetry.Tests.Detecting;

/// <summary>A fault-free hour, with the noise that production has, makes no finding.</summary>
public sealed class QuietHourTests
{
    [Theory]
    [InlineData(101)]
    [InlineData(102)]
    [InlineData(103)]
    [InlineData(104)]
    public void QuietHour_OfRealisticNoise_MakesNoFinding(int seed)
    {
        var dice = new Dice(seed);
        var (minute, burst, slow) = (-1, 0.0, 1.0);
        var shop = new Shop(seed) { Lost = 0.02 };
        // A tide of load, minutes in which everything fails a little more, minutes in which everything is a little slower.
        shop.Rate = t => 200 + 80 * Math.Sin((t - Shop.Start).TotalSeconds / 600) + 30 * Math.Sin((t - Shop.Start).TotalSeconds / 7);
        shop.Script = t =>
        {
            if (minute != (int)(t - Shop.Start).TotalMinutes)
            {
                minute = (int)(t - Shop.Start).TotalMinutes;
                (burst, slow) = (dice.Next() < 0.1 ? 0.01 * dice.Next() : 0, 1 + 0.3 * dice.Next());
            }
            return [new("v1", 0.95) { ErrorRatio = 0.002 + burst, MedianMs = 30 * slow }, new("v2", 0.05) { ErrorRatio = 0.004 + burst, MedianMs = 34 * slow }];
        };
        Assert.Empty(shop.Run(TimeSpan.FromHours(1)).Select(c => c.Finding.Says));
    }

    [Theory]
    [InlineData(111)]
    [InlineData(112)]
    public void QuietHour_OfFewRequests_MakesNoFinding(int seed)
    {
        var shop = new Shop(seed) { Rate = _ => 2, Lost = 0.05 };
        shop.Script = _ => [new("v1", 0.9) { ErrorRatio = 0.01 }, new("v2", 0.1) { ErrorRatio = 0.01 }];
        Assert.Empty(shop.Run(TimeSpan.FromHours(1)).Select(c => c.Finding.Says));
    }
}
