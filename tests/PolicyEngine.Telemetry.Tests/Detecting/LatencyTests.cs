using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Tests.Simulation;
using Xunit;

namespace PolicyEngine.Telemetry.Tests.Detecting;

public sealed class LatencyTests
{
    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Canary_ThatSlowsDown_IsFound(int seed)
    {
        var shop = new Shop(seed);
        shop.Run(TimeSpan.FromMinutes(8));
        shop.Script = _ => [new("v1", 0.95), new("v2", 0.05) { MedianMs = 300 }];
        var opened = Assert.Single(shop.Run(TimeSpan.FromSeconds(20)), c => c.Step == FindingStep.Opened).Finding;
        Assert.Equal((FindingKind.LatencyShift, "v2", "v1"), (opened.Kind, opened.Subject.Version, opened.Stable));
    }

    [Fact]
    public void Service_WithoutSiblings_ThatSlowsDown_IsFoundAgainstItsOwnPast()
    {
        var shop = new Shop(23) { Script = _ => [new("v1", 1)] };
        shop.Run(TimeSpan.FromMinutes(10));
        shop.Script = _ => [new("v1", 1) { MedianMs = 400 }];
        var opened = Assert.Single(shop.Run(TimeSpan.FromSeconds(20)), c => c.Step == FindingStep.Opened).Finding;
        Assert.Equal((FindingKind.LatencyShift, null), (opened.Kind, opened.Subject.Version));
    }

    [Fact]
    public void Version_ThatTurnsSlow_AndStays_IsNotLearntAsUsual()
    {
        var shop = new Shop(24) { Script = _ => [new("v1", 1)] };
        shop.Run(TimeSpan.FromMinutes(10));
        shop.Script = _ => [new("v1", 1) { MedianMs = 400 }];
        shop.Run(TimeSpan.FromMinutes(40));
        Assert.Equal(FindingState.Open, Assert.Single(shop.Detection.Findings).State);
    }

    [Fact]
    public void Everything_ALittleSlower_IsNoFinding()
    {
        var shop = new Shop(25);
        shop.Run(TimeSpan.FromMinutes(10));
        shop.Script = _ => [new("v1", 0.95) { MedianMs = 38 }, new("v2", 0.05) { MedianMs = 40 }];
        Assert.Empty(shop.Run(TimeSpan.FromMinutes(10)));
    }
}
