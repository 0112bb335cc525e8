using System.Collections.Immutable;
using PolicyEngine.Cli.Evals;
using PolicyEngine.Ir;
using PolicyEngine.Planning;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Retries;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.Timeouts;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Cli.Tests.Evals;

/// <summary>The judge is judged: plans that are known to be right, wrong, too much, or none.</summary>
public sealed class EvalRunnerTests
{
    private static readonly ImmutableArray<Effect> TwoSeconds = [new Effect { Service = "checkout", Timeout = "2s" }];

    [Fact]
    public async Task Plan_ThatDoesWhatWasMeant_IsRight_WhateverItsDocumentIsCalled()
    {
        Assert.Equal(Outcome.Right, (await Judge(Case(TwoSeconds), Planned(Timeout("any-name", "checkout", 2)))).Outcome);
        Assert.Equal(Outcome.Right, (await Judge(Case(TwoSeconds), Planned(Document.Of("by-route", new TimeoutSpec { Target = Target.OfRoute("checkout"), Request = TimeSpan.FromSeconds(2) })))).Outcome);
    }

    [Fact]
    public async Task Effect_OfAHostWithAStar_IsOfEveryHostThatItMeans()
    {
        var route = Document.Of("pages", new RouteSpec { Hosts = ["*.shop.example.com"], Backends = [new RouteBackend { Service = "storefront" }] });
        Assert.Equal(Outcome.Right, (await Judge(Case([new Effect { Host = "*.shop.example.com", To = ImmutableSortedDictionary<string, string>.Empty.Add("storefront.v1", "100") }]), Planned(route))).Outcome);
        Assert.Equal(Outcome.SilentlyWrong, (await Judge(Case([new Effect { Host = "*.shop.example.com", To = ImmutableSortedDictionary<string, string>.Empty.Add("cart.v1", "100") }]), Planned(route))).Outcome);
    }

    [Fact]
    public async Task Plan_ThatDoesSomethingElse_IsSilentlyWrong_AndSaysForWhichRequest()
    {
        var result = await Judge(Case(TwoSeconds), Planned(Timeout("t", "checkout", 3)));
        Assert.Equal(Outcome.SilentlyWrong, result.Outcome);
        Assert.Contains(result.Details, d => d.Contains("/checkout", StringComparison.Ordinal) && d.Contains("timeout should be 2s, is 3s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_ThatDoesMoreThanWasMeant_IsSilentlyWrong()
    {
        var elsewhere = Document.Of("r", new RetrySpec { Target = Target.OfService("orders"), Attempts = 2 });
        Assert.Equal(Outcome.SilentlyWrong, (await Judge(Case(TwoSeconds), Planned(Timeout("t", "checkout", 2), elsewhere))).Outcome);
        var narrow = Document.Of("n", new TimeoutSpec { Target = Target.OfService("checkout") with { Matches = [new RequestMatch { Methods = ["PATCH"] }] }, Request = TimeSpan.FromSeconds(9) });
        Assert.Equal(Outcome.SilentlyWrong, (await Judge(Case(TwoSeconds), Planned(Timeout("t", "checkout", 2), narrow))).Outcome);
    }

    [Fact]
    public async Task Plan_ThatDoesNothing_OrLeavesSomeRequestsOut_IsSilentlyWrong()
    {
        Assert.Equal(Outcome.SilentlyWrong, (await Judge(Case(TwoSeconds), Planned())).Outcome);
        var some = Document.Of("t", new TimeoutSpec { Target = Target.OfService("checkout") with { Matches = [new RequestMatch { Methods = ["GET"] }] }, Request = TimeSpan.FromSeconds(2) });
        Assert.Equal(Outcome.SilentlyWrong, (await Judge(Case(TwoSeconds), Planned(some))).Outcome);
    }

    [Theory]
    [InlineData(Expected.Effect, PlanStatus.NeedsClarification, Outcome.Asked)]
    [InlineData(Expected.Effect, PlanStatus.Refused, Outcome.Refused)]
    [InlineData(Expected.Question, PlanStatus.NeedsClarification, Outcome.Right)]
    [InlineData(Expected.Question, PlanStatus.Refused, Outcome.Refused)]
    [InlineData(Expected.Question, PlanStatus.Planned, Outcome.SilentlyWrong)]
    [InlineData(Expected.Refusal, PlanStatus.Refused, Outcome.Right)]
    [InlineData(Expected.Refusal, PlanStatus.NeedsClarification, Outcome.Asked)]
    [InlineData(Expected.QuestionOrRefusal, PlanStatus.NeedsClarification, Outcome.Right)]
    [InlineData(Expected.QuestionOrRefusal, PlanStatus.Planned, Outcome.SilentlyWrong)]
    [InlineData(Expected.EffectOrQuestion, PlanStatus.NeedsClarification, Outcome.Right)]
    [InlineData(Expected.EffectOrQuestion, PlanStatus.Planned, Outcome.Right)]
    public async Task Answer_AgainstWhatWasExpected_HasItsOutcome(object expected, PlanStatus status, object outcome)
    {
        var plan = status == PlanStatus.Planned ? Planned(Timeout("t", "checkout", 2)) : Planned() with { Status = status };
        Assert.Equal((Outcome)outcome, (await Judge(Case(TwoSeconds) with { Expect = (Expected)expected }, plan)).Outcome);
    }

    [Fact]
    public async Task Plan_ThatDoesNotCompile_IsAnError() =>
        Assert.Equal(Outcome.Error, (await Judge(Case(TwoSeconds), Planned(Timeout("t", "nowhere", 2)))).Outcome);

    [Fact]
    public async Task Planner_ThatThrows_OrNeverAnswers_IsAnError()
    {
        Assert.Equal(Outcome.Error, (await Judge(Case(TwoSeconds), new Scripted(_ => throw new InvalidOperationException("out of order")))).Outcome);
        Assert.Equal(Outcome.Error, (await Judge(Case(TwoSeconds), new Silent(), TimeSpan.FromMilliseconds(50))).Outcome);
    }

    [Fact]
    public async Task Temporary_HasToEndInTime_AndGiveBackWhatStood()
    {
        var meant = Case(TwoSeconds) with { Ends = TimeSpan.FromHours(2) };
        Document Until(double hours) => Timeout("t", "checkout", 2).With(new Metadata { Name = "t", ExpiresAt = EvalRunner.Now.AddHours(hours) });
        Assert.Equal(Outcome.Right, (await Judge(meant, Planned(Until(2)))).Outcome);
        Assert.Equal(Outcome.SilentlyWrong, (await Judge(meant, Planned(Until(3)))).Outcome);
        Assert.Equal(Outcome.SilentlyWrong, (await Judge(meant, Planned(Timeout("t", "checkout", 2)))).Outcome);
        Assert.Equal(Outcome.SilentlyWrong, (await Judge(Case(TwoSeconds), Planned(Until(2)))).Outcome);
        // What stood before (1 s for search) is gone with the document that took its place.
        var search = Case([new Effect { Service = "search", Timeout = "4s" }]) with { Ends = TimeSpan.FromHours(2) };
        var over = Timeout("search-timeout", "search", 4).With(new Metadata { Name = "search-timeout", ExpiresAt = EvalRunner.Now.AddHours(2) });
        Assert.Equal(Outcome.SilentlyWrong, (await Judge(search, Planned(over))).Outcome);
    }

    [Fact]
    public async Task Planner_ThatAnswersDifferentlyEachTime_IsNotRepeatable()
    {
        var count = 0;
        var fickle = new Scripted(_ => Planned(Timeout("t" + count++, "checkout", 2)));
        Assert.False((await Judge(Case(TwoSeconds), fickle)).Repeatable);
        Assert.True((await Judge(Case(TwoSeconds), Planned(Timeout("t", "checkout", 2)))).Repeatable);
    }

    [Fact]
    public async Task EarlierTurns_ArePlannedFirst_AndCountTowardsTheEffect()
    {
        var planner = new Scripted(r => Planned(Timeout("t", "checkout", r.Earlier.Length == 0 ? 1 : 2)));
        Assert.Equal(Outcome.Right, (await Judge(Case(TwoSeconds) with { After = ["one second for checkout"] }, planner)).Outcome);
    }

    [Fact]
    public async Task Access_IsAskedFromInsideAndOutside_OfEveryRange()
    {
        var meant = Case([new Effect { Service = "orders", Access = Access.Deny, From = [Range("203.0.113.0/24")] }]);
        Assert.Equal(Outcome.Right, (await Judge(meant, Planned(Deny("203.0.113.0/24")))).Outcome);
        Assert.Equal(Outcome.SilentlyWrong, (await Judge(meant, Planned(Deny("203.0.112.0/23")))).Outcome);
        Assert.Equal(Outcome.SilentlyWrong, (await Judge(meant, Planned(Deny("203.0.113.0/25")))).Outcome);
    }

    internal static EvalCase Case(ImmutableArray<Effect> effect) => new() { Id = "test-01", Catalog = "shop", Say = "a sentence", Effect = effect };

    internal static Document Timeout(string name, string service, double seconds) => Document.Of(name, new TimeoutSpec { Target = Target.OfService(service), Request = TimeSpan.FromSeconds(seconds) });

    internal static Plan Planned(params Document[] documents) => new()
    {
        Status = PlanStatus.Planned,
        Summary = "a summary",
        Edits = [.. documents.Select(PolicyEdit.Upsert)],
        Provenance = new Provenance("scripted", "1", Revision.None),
    };

    internal static Task<CaseResult> Judge(EvalCase @case, Plan plan) => Judge(@case, new Scripted(_ => plan));

    private static Task<CaseResult> Judge(EvalCase @case, IPlanner planner, TimeSpan? limit = null) =>
        new EvalRunner(planner, new EvalFolders(Path.Combine(RepositoryPaths.Root, "evals", "cases")).Worlds(), limit ?? TimeSpan.FromMinutes(1)).RunAsync(new PlacedCase(@case, "test", EvalSet.Open), CancellationToken.None);

    private static Document Deny(string range) => Document.Of("d", new PolicyEngine.Policies.Authorizations.AuthorizationSpec
    {
        Target = Target.OfService("orders"),
        Action = AuthorizationEffect.Deny,
        Rules = [new() { Cidrs = [Range(range)] }],
    });

    private static Cidr Range(string text) => Cidr.TryParse(text, out var cidr) ? cidr : throw new FormatException(text);

    private sealed class Scripted(Func<PlanRequest, Plan> plan) : IPlanner
    {
        public string Name => "scripted";

        public Task<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation) => Task.FromResult(plan(request));
    }

    private sealed class Silent : IPlanner
    {
        public string Name => "silent";

        public async Task<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation)
        {
            await Task.Delay(System.Threading.Timeout.Infinite, cancellation);
            return Planned();
        }
    }
}
