using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Tests.Simulation;
using Xunit;

namespace PolicyEngine.Telemetry.Tests.Detecting;

public sealed class SilenceTests
{
    [Fact]
    public void Version_ThatReportedAndStopped_IsFoundAndItsVerdictIsUnknown()
    {
        var shop = new Shop(31);
        shop.Run(TimeSpan.FromMinutes(5));
        shop.Script = _ => [new("v1", 0.95), new("v2", 0.05) { Reports = false }];
        var opened = Assert.Single(shop.Run(TimeSpan.FromSeconds(40)), c => c.Step == FindingStep.Opened).Finding;
        Assert.Equal((FindingKind.Silence, "v2"), (opened.Kind, opened.Subject.Version));
        shop.Run(TimeSpan.FromSeconds(40));
        Assert.NotEqual(Verdict.Healthy, shop.Detection.VerdictOf("checkout", "v2"));
    }

    [Fact]
    public void Service_NobodyAsksAnyMore_IsOneFinding()
    {
        var shop = new Shop(32);
        shop.Run(TimeSpan.FromMinutes(5));
        shop.Rate = _ => 0;
        var opened = Assert.Single(shop.Run(TimeSpan.FromMinutes(2)), c => c.Step == FindingStep.Opened).Finding;
        Assert.Equal((FindingKind.Silence, "checkout", null), (opened.Kind, opened.Subject.Service, opened.Subject.Version));
        shop.Rate = _ => 200;
        Assert.Contains(shop.Run(TimeSpan.FromMinutes(3)), c => c.Step == FindingStep.Closed);
    }

    [Fact]
    public void Source_ThatDies_IsTheFinding_NotWhatItReportedOf()
    {
        var shop = new Shop(33) { Nodes = 1 };
        shop.Run(TimeSpan.FromMinutes(5));
        shop.Nodes = 0;
        var opened = Assert.Single(shop.Run(TimeSpan.FromMinutes(3)), c => c.Step == FindingStep.Opened).Finding;
        Assert.Equal("lrs/edge-0", opened.Subject.Source);
        Assert.Equal(Verdict.Unknown, shop.Detection.VerdictOf("checkout", "v1"));
    }

    [Fact]
    public void Source_ThatSaidItGoes_IsNoFinding()
    {
        var shop = new Shop(37);
        shop.Run(TimeSpan.FromMinutes(5));
        shop.Nodes = 1;
        shop.Detection.Leave("lrs/edge-1");
        Assert.Empty(shop.Run(TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public void Source_ThatNeverComesBack_IsGivenUpInTheEnd()
    {
        var shop = new Shop(38) { Rate = _ => 20, Every = TimeSpan.FromSeconds(5) };
        shop.Run(TimeSpan.FromMinutes(5));
        shop.Nodes = 1;
        Assert.Equal([FindingStep.Opened, FindingStep.Closed], shop.Run(TimeSpan.FromHours(2.2)).Where(c => c.Step != FindingStep.Updated).Select(c => c.Step));
    }

    [Fact]
    public void FailingVersion_OfWhichNothingIsHeardAnyMore_StaysAFinding()
    {
        var shop = new Shop(34);
        shop.Run(TimeSpan.FromMinutes(5));
        shop.Script = _ => [new("v1", 0.95), new("v2", 0.05) { ErrorRatio = 1 }];
        shop.Run(TimeSpan.FromSeconds(20));
        shop.Nodes = 0;
        shop.Run(TimeSpan.FromMinutes(20));
        Assert.Equal(FindingState.Open, Assert.Single(shop.Detection.Findings, f => f.Kind == FindingKind.ErrorRatio).State);
    }

    [Fact]
    public void Version_NotMeantToGetRequests_IsNotCalledSilent()
    {
        var shop = new Shop(35);
        shop.Run(TimeSpan.FromMinutes(5));
        shop.Detection.Expect(new HashSet<Telemetry.Samples.VersionKey> { new("checkout", "v1") });
        shop.Script = _ => [new("v1", 1)];
        Assert.Empty(shop.Run(TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public void OwnClock_ThatLeaps_BlamesNobody()
    {
        var detection = new Detection();
        var shop = new Shop(36, detection);
        shop.Run(TimeSpan.FromMinutes(5));
        Assert.Empty(detection.Evaluate(shop.Now.AddHours(3)));
        Assert.Empty(detection.Evaluate(shop.Now.AddSeconds(1)));
        Assert.Empty(shop.Run(TimeSpan.FromMinutes(5)));
        Assert.True(detection.Counts.ClockSteps >= 2);
    }
}
