using System.Collections.Immutable;
using PolicyEngine.Compiler;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Policies.RateLimits;
using PolicyEngine.Policies.TrafficSplits;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Remedies;
using PolicyEngine.Telemetry.Samples;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Telemetry.Tests.Remedies;

public sealed class RemedyPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly ServiceCatalog Catalog = new(DocumentFolder.Read(Path.Combine(RepositoryPaths.Shop, "catalog")).Documents);
    private static readonly PolicySet Shop = new(DocumentFolder.Read(Path.Combine(RepositoryPaths.Shop, "policies")).Documents);

    public static Playbooks Delivered
    {
        get
        {
            var (playbooks, diagnostics) = Playbooks.Read(Path.Combine(RepositoryPaths.Root, "policies", "playbooks"));
            Assert.Empty(diagnostics);
            return playbooks;
        }
    }

    [Fact]
    public void Playbooks_Delivered_AreThree() => Assert.Equal(["failing-canary", "failing-version", "flooding-clients"], Delivered.All.Select(d => d.Name));

    [Fact]
    public void Canary_ThatFails_GoesBackToStable_ForAnHour_AndCompiles()
    {
        var policies = With(Split("checkout-split", "checkout", ("v1", 95), ("v2", 5)));
        var proposal = RemedyPlanner.For(Failing("checkout", "v2", "v1"), Delivered, policies, Catalog, Now).Proposal!;
        Assert.Equal(("failing-canary", Now.AddHours(1), TimeSpan.FromSeconds(30)), (proposal.Playbook, proposal.EndsAt, proposal.RecoveryWithin));
        var document = Assert.Single(proposal.Edits).Upserted!;
        Assert.Equal(("TrafficSplit/remedy-checkout-split", Now.AddHours(1), "f-1"), (document.Id, document.Metadata.ExpiresAt, document.Metadata.Labels["finding"]));
        Assert.True(Overlay.IsRemedy(document));
        var after = policies.Apply(proposal.Edits);
        // What people wrote still stands, and holds again when the remedy ends.
        Assert.Equal(policies.Find(Kinds.TrafficSplit, "checkout-split"), after.Find(Kinds.TrafficSplit, "checkout-split"));
        Assert.Equal([("checkout.v1", 100)], Targets(after, "checkout"));
        Assert.Equal([new VersionKey("checkout", "v1")], ServingVersions.Of(after, Catalog).Where(v => v.Service == "checkout"));
        Assert.Contains(new VersionKey("checkout", "v2"), ServingVersions.Of(policies, Catalog));
    }

    [Fact]
    public void Version_AmongSeveral_IsTakenOut_AndTheOthersShareInProportion()
    {
        var policies = With(Split("orders-split", "orders", ("v1", 40), ("v2", 60)));
        var proposal = RemedyPlanner.For(Failing("orders", "v2", "v1"), Delivered, policies, Catalog, Now).Proposal!;
        Assert.Equal("failing-version", proposal.Playbook);
        Assert.Equal([("orders.v1", 100)], Targets(policies.Apply(proposal.Edits), "orders"));
    }

    [Fact]
    public void Ejection_OfThreeVersions_AddsUpToTheWhole()
    {
        var catalog = new ServiceCatalog([Document.Of("s", new Policies.Catalog.ServiceSpec { DefaultVersion = "a", Versions = [Version("a"), Version("b"), Version("c"), Version("d")] })]);
        var policies = new PolicySet([Document.Of("split", new TrafficSplitSpec { Target = new() { Service = "s" }, Backends = [Backend("a", 33), Backend("b", 22), Backend("c", 11), Backend("d", 34)] })]);
        var proposal = RemedyPlanner.For(Failing("s", "d", null), Playbook(new PlaybookSpec { Answers = [FindingKind.ErrorRatio], Lasts = TimeSpan.FromHours(1), RecoveryWithin = TimeSpan.FromMinutes(1), Eject = new() }), policies, catalog, Now).Proposal!;
        var spec = (TrafficSplitSpec)proposal.Edits[0].Upserted!.Spec;
        Assert.Equal(Percentage.Whole, spec.Backends.Sum(b => b.Weight.Millionths));
        Assert.Empty(spec.Check());
        Assert.Equal(["a", "b", "c"], spec.Backends.Select(b => b.Version));

        static Policies.Catalog.ServiceVersion Version(string name) => new() { Name = name };
    }

    [Fact]
    public void Split_ThatOnlySomeRequestsFollow_IsLaidOverToo()
    {
        var beta = "apiVersion: policyengine.dev/v1\nkind: TrafficSplit\nmetadata: {name: beta}\nspec: {target: {service: checkout, matches: [{headers: [{name: x-beta, present: true}]}]}, backends: [{version: v2, weight: 100}]}";
        var policies = With([.. Split("checkout-split", "checkout", ("v1", 95), ("v2", 5)), .. DocumentParser.Parse(beta, "b").Documents]);
        var after = policies.Apply(RemedyPlanner.For(Failing("checkout", "v2", "v1"), Delivered, policies, Catalog, Now).Proposal!.Edits);
        Assert.DoesNotContain(new VersionKey("checkout", "v2"), ServingVersions.Of(after, Catalog));
        Assert.Equal([("checkout.v1", 100)], Targets(after, "checkout").Distinct());
    }

    [Theory]
    [InlineData("v1", "is the default version")]
    [InlineData("v2", "no split stands")]
    public void Version_ThatNoSplitSendsTo_IsAPersons(string version, string why)
    {
        var reason = RemedyPlanner.For(Failing("checkout", version, null), Delivered, Shop, Catalog, Now).Reason!;
        Assert.Equal("PE6004", reason.Code);
        Assert.Contains(why, reason.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finding_ThatIsNotSureEnough_IsAPersons() =>
        Assert.Contains("98 % sure, and 99% are needed".Replace(" %", "%", StringComparison.Ordinal),
            RemedyPlanner.For(Failing("checkout", "v2", "v1") with { Confidence = 0.98 }, Delivered, With(Split("checkout-split", "checkout", ("v1", 95), ("v2", 5))), Catalog, Now).Reason!.Message, StringComparison.Ordinal);

    [Fact]
    public void Remedy_ThatStandsAlready_IsNotLaidOverAgain()
    {
        var policies = With(Split("checkout-split", "checkout", ("v1", 95), ("v2", 5)));
        var after = policies.Apply(RemedyPlanner.For(Failing("checkout", "v2", "v1"), Delivered, policies, Catalog, Now).Proposal!.Edits);
        Assert.NotNull(RemedyPlanner.For(Failing("checkout", "v2", "v1"), Delivered, after, Catalog, Now).Reason);
    }

    [Fact]
    public void Flood_IsLimitedByItsKey_AboveWhatAllOthersNeed_AndCompiles()
    {
        var proposal = RemedyPlanner.For(Flood(400, busiestOther: 12), Delivered, Shop, Catalog, Now).Proposal!;
        var spec = Assert.IsType<RateLimitSpec>(Assert.Single(proposal.Edits).Upserted!.Spec);
        Assert.Equal((36, RateUnit.Second, RateLimitKeySource.ClientRange, "search"), (spec.Requests, spec.Per, spec.Key!.From, spec.Target.Service));
        Assert.DoesNotContain(PolicyCompiler.Compile(Catalog, Shop.Apply(proposal.Edits)).Diagnostics, d => d.Severity == Severity.Error);
    }

    [Fact]
    public void Flood_NoGreaterThanWhatOthersNeed_IsAPersons() =>
        Assert.Contains("would not hold the flood back", RemedyPlanner.For(Flood(400, busiestOther: 300), Delivered, Shop, Catalog, Now).Reason!.Message, StringComparison.Ordinal);

    [Fact]
    public void LongAndHostileTexts_MakeValidDocuments()
    {
        var policies = With(Split(new string('a', 63), "checkout", ("v1", 95), ("v2", 5)));
        var proposal = RemedyPlanner.For(Failing("checkout", "v2", "v1") with { Says = new string('x', 5000) }, Delivered, policies, Catalog, Now).Proposal!;
        var parsed = DocumentParser.Parse(proposal.Edits[0].Upserted!.ToYaml(), "r");
        Assert.Empty(parsed.Diagnostics);
        Assert.Single(parsed.Documents);
    }

    [Fact]
    public void SilentSource_AndFailingService_HaveNoRemedy()
    {
        var finding = Failing("checkout", null, null);
        Assert.NotNull(RemedyPlanner.For(finding, Delivered, Shop, Catalog, Now).Reason);
        Assert.NotNull(RemedyPlanner.For(finding with { Subject = new() { Kind = FindingKind.Silence, Source = "prometheus" } }, Delivered, Shop, Catalog, Now).Reason);
        Assert.Contains("no playbook", RemedyPlanner.For(finding, Playbooks.Empty, Shop, Catalog, Now).Reason!.Message, StringComparison.Ordinal);
    }

    private static PolicySet With(params IEnumerable<Document> documents) => Shop.Apply(documents.Select(PolicyEdit.Upsert));

    private static IEnumerable<Document> Split(string name, string service, params (string Version, int Percent)[] backends) =>
        [Document.Of(name, new TrafficSplitSpec { Target = new() { Service = service }, Backends = [.. backends.Select(b => Backend(b.Version, b.Percent))] })];

    private static SplitBackend Backend(string version, int percent) => new() { Version = version, Weight = Percentage.Of(percent) };

    private static Playbooks Playbook(PlaybookSpec spec) => new([Document.Of("p", spec)]);

    private static Finding Failing(string service, string? version, string? stable) => new()
    {
        Id = "f-1",
        Subject = new() { Kind = FindingKind.ErrorRatio, Service = service, Version = version },
        State = FindingState.Open,
        OpenedAt = Now,
        UpdatedAt = Now,
        Says = "it fails",
        Confidence = 0.9999,
        Stable = stable,
        Evidence = Evidence.None,
    };

    private static Finding Flood(double rate, double busiestOther) => Failing("search", null, null) with
    {
        Subject = new() { Kind = FindingKind.Flood, Service = "search", Dimension = KeySample.ClientRange, Key = "203.0.113.0/24" },
        Evidence = new() { Figures = [new("requests a second", "203.0.113.0/24", rate), new("requests a second", "busiest of the others", busiestOther)] },
    };

    /// <summary>Where the compiled routes of a service lead, with their shares in percent.</summary>
    private static IEnumerable<(string Upstream, int Percent)> Targets(PolicySet policies, string service)
    {
        var compiled = PolicyCompiler.Compile(Catalog, policies);
        Assert.DoesNotContain(compiled.Diagnostics, d => d.Severity == Severity.Error);
        return [.. RouteTargets.Of(compiled).Where(t => t.Upstream.StartsWith(service + ".", StringComparison.Ordinal) && t.Percent > 0)];
    }
}
