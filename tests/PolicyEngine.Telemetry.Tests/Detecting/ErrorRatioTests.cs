using System.Text.Json;
using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Tests.Simulation;
using Xunit;

namespace PolicyEngine.Telemetry.Tests.Detecting;

public sealed class ErrorRatioTests
{
    [Theory]
    [InlineData(1, 1.0, 5)]
    [InlineData(2, 1.0, 5)]
    [InlineData(3, 0.5, 10)]
    [InlineData(4, 0.3, 15)]
    public void Canary_OfFivePercentThatFails_IsFoundInSeconds(int seed, double errors, int seconds)
    {
        var shop = new Shop(seed);
        Assert.Empty(shop.Run(TimeSpan.FromMinutes(5)));
        var failing = shop.Now;
        shop.Script = _ => [new("v1", 0.95), new("v2", 0.05) { ErrorRatio = errors }];
        var opened = Assert.Single(shop.Run(TimeSpan.FromSeconds(seconds)), c => c.Step == FindingStep.Opened).Finding;
        Assert.True(opened.OpenedAt - failing <= TimeSpan.FromSeconds(seconds), $"{opened.OpenedAt - failing}");
        Assert.Equal((FindingKind.ErrorRatio, "checkout", "v2", "v1"), (opened.Kind, opened.Subject.Service, opened.Subject.Version, opened.Stable));
        Assert.True(opened.Confidence > 0.999);
        Assert.Equal(2, opened.Evidence.Series.Length);
        Assert.Contains("checkout v2", opened.Says, StringComparison.Ordinal);
        Assert.Equal(Verdict.Failing, shop.Detection.VerdictOf("checkout", "v2"));
        Assert.Equal(Verdict.Healthy, shop.Detection.VerdictOf("checkout", "v1"));
        // One incident, not one for each way to see it.
        Assert.DoesNotContain(shop.Run(TimeSpan.FromMinutes(5)), c => c.Step != FindingStep.Updated);
    }

    [Fact]
    public void Canary_NewAndFailingFromItsFirstRequest_IsFoundInSeconds()
    {
        var shop = new Shop(7) { Script = _ => [new("v1", 1)] };
        shop.Run(TimeSpan.FromMinutes(3));
        shop.Script = _ => [new("v1", 0.95), new("v2", 0.05) { ErrorRatio = 1 }];
        Assert.Equal("v2", Assert.Single(shop.Run(TimeSpan.FromSeconds(10))).Finding.Subject.Version);
    }

    [Fact]
    public void Service_WhoseVersionsAllFailAlike_IsFoundAsAWhole()
    {
        var shop = new Shop(8);
        shop.Run(TimeSpan.FromMinutes(10));
        shop.Script = _ => [new("v1", 0.95) { ErrorRatio = 0.4 }, new("v2", 0.05) { ErrorRatio = 0.4 }];
        var opened = Assert.Single(shop.Run(TimeSpan.FromSeconds(20)), c => c.Step == FindingStep.Opened).Finding;
        Assert.Null(opened.Subject.Version);
        Assert.NotEqual(Verdict.Healthy, shop.Detection.VerdictOf("checkout", "v2"));
    }

    [Fact]
    public void FewRequests_OfWhichOneFailed_AreNoFinding()
    {
        var shop = new Shop(9) { Rate = _ => 0.3 };
        shop.Run(TimeSpan.FromMinutes(30));
        shop.Script = _ => [new("v1", 0.95), new("v2", 0.05) { ErrorRatio = 1 }];
        Assert.DoesNotContain(shop.Run(TimeSpan.FromMinutes(2)), c => c.Finding.Kind == FindingKind.ErrorRatio);
        Assert.Equal(Verdict.Unknown, shop.Detection.VerdictOf("checkout", "v2"));
    }

    [Fact]
    public void Verdict_OfWhatNobodyReported_IsUnknown() => Assert.Equal(Verdict.Unknown, new Detection().VerdictOf("checkout", "v1"));

    [Fact]
    public void Finding_CloseAfterHealthHeld_NotAtTheFirstGoodSecond()
    {
        var shop = new Shop(10);
        shop.Run(TimeSpan.FromMinutes(5));
        shop.Script = _ => [new("v1", 0.95), new("v2", 0.05) { ErrorRatio = 1 }];
        var id = shop.Run(TimeSpan.FromSeconds(30))[0].Finding.Id;
        shop.Script = _ => [new("v1", 0.95), new("v2", 0.05)];
        Assert.DoesNotContain(shop.Run(TimeSpan.FromSeconds(29)), c => c.Step == FindingStep.Closed);
        Assert.Equal(id, Assert.Single(shop.Run(TimeSpan.FromMinutes(3)), c => c.Step == FindingStep.Closed).Finding.Id);
    }

    [Theory]
    [InlineData(5, 20)]
    [InlineData(40, 40)]
    [InlineData(120, 240)]
    public void FlappingSignal_MakesNoFlappingFinding(int on, int off)
    {
        var shop = new Shop(11);
        shop.Run(TimeSpan.FromMinutes(5));
        shop.Script = t => [new("v1", 0.95), new("v2", 0.05) { ErrorRatio = (t - Shop.Start).TotalSeconds % (on + off) < on ? 1 : 0.001 }];
        var steps = shop.Run(TimeSpan.FromHours(2)).Where(c => c.Step != FindingStep.Updated).ToList();
        Assert.Single(steps.Select(s => s.Finding.Id).Distinct());
        Assert.InRange(steps.Count, 1, 8);
    }

    [Fact]
    public void CanaryTakenOut_FindingClosesWhenTheServiceIsWellWithoutIt()
    {
        var shop = new Shop(12);
        shop.Detection.Expect(new HashSet<Telemetry.Samples.VersionKey> { new("checkout", "v1"), new("checkout", "v2") });
        shop.Run(TimeSpan.FromMinutes(5));
        shop.Script = _ => [new("v1", 0.95), new("v2", 0.05) { ErrorRatio = 1 }];
        var finding = shop.Run(TimeSpan.FromSeconds(8))[0].Finding;
        var promoted = shop.Now;
        Assert.NotEqual(Verdict.Healthy, shop.Detection.RecoveryOf(finding.Subject, promoted));
        shop.Detection.Expect(new HashSet<Telemetry.Samples.VersionKey> { new("checkout", "v1") });
        shop.Script = _ => [new("v1", 1)];
        shop.Run(TimeSpan.FromSeconds(12));
        Assert.Equal(Verdict.Healthy, shop.Detection.RecoveryOf(finding.Subject, promoted));
        Assert.Contains(shop.Run(TimeSpan.FromMinutes(2)), c => c.Step == FindingStep.Closed);
        Assert.DoesNotContain(shop.Run(TimeSpan.FromMinutes(5)), c => c.Finding.Kind == FindingKind.Silence);
    }

    [Fact]
    public void OpenFinding_OnTheRecord_GoesOnAfterARestartAsTheSameIncident()
    {
        var shop = new Shop(15);
        shop.Run(TimeSpan.FromMinutes(5));
        shop.Script = _ => [new("v1", 0.95), new("v2", 0.05) { ErrorRatio = 1 }];
        var finding = shop.Run(TimeSpan.FromSeconds(8))[0].Finding;
        var read = JsonSerializer.Deserialize<Finding>(JsonSerializer.Serialize(finding, JsonSerializerOptions.Web), JsonSerializerOptions.Web)!;
        Assert.Equal((finding.Subject, finding.Stable, finding.Evidence.Figures.Length), (read.Subject, read.Stable, read.Evidence.Figures.Length));
        var after = new Shop(16) { Script = shop.Script };
        after.Detection.Restore([read]);
        Assert.All(after.Run(TimeSpan.FromMinutes(2)), c => Assert.Equal((FindingStep.Updated, finding.Id), (c.Step, c.Finding.Id)));
        after.Script = _ => [new("v1", 0.95), new("v2", 0.05)];
        Assert.Equal(finding.Id, Assert.Single(after.Run(TimeSpan.FromMinutes(4)), c => c.Step == FindingStep.Closed).Finding.Id);
    }

    [Fact]
    public void WrongRemedy_IsNotTakenForRecovery()
    {
        var shop = new Shop(13);
        shop.Run(TimeSpan.FromMinutes(5));
        shop.Script = _ => [new("v1", 0.95), new("v2", 0.05) { ErrorRatio = 1 }];
        var finding = shop.Run(TimeSpan.FromSeconds(8))[0].Finding;
        var promoted = shop.Now;
        shop.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(Verdict.Failing, shop.Detection.RecoveryOf(finding.Subject, promoted));
    }

    [Fact]
    public void Remedy_AfterWhichNothingIsHeard_IsNotTakenForRecovery()
    {
        var shop = new Shop(14);
        shop.Run(TimeSpan.FromMinutes(5));
        shop.Script = _ => [new("v1", 0.95), new("v2", 0.05) { ErrorRatio = 1 }];
        var finding = shop.Run(TimeSpan.FromSeconds(8))[0].Finding;
        var promoted = shop.Now;
        shop.Script = _ => [];
        shop.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(Verdict.Unknown, shop.Detection.RecoveryOf(finding.Subject, promoted));
    }
}
