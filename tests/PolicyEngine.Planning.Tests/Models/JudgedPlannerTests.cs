using System.Collections.Immutable;
using PolicyEngine.Planning.Models;
using PolicyEngine.Planning.Models.Judging;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Planning.Tests.Models;

/// <summary>What gets through when a model proposes and the embedded planner judges.</summary>
public sealed class JudgedPlannerTests
{
    private static readonly string FiveToV2 = Shop.Split("checkout", "v2", "5%", "v1", "95%");

    [Fact]
    public async Task Plan_BothAgree_IsPlanned_WhateverTheModelCallsIt()
    {
        await using var server = new ChatServer(Reply.Says(FiveToV2.Replace("checkout-canary", "my-split", StringComparison.Ordinal)));
        var plan = await Plan(server, "send 5% of checkout to v2");
        Assert.Equal(PlanStatus.Planned, plan.Status);
        Assert.Equal("TrafficSplit/checkout-canary", plan.Edits.Single().Id);
        Assert.Equal(("judged", "agreed", 1), (plan.Provenance.Planner, plan.Provenance.Model!.Verdict, plan.Provenance.Model.Rounds));
    }

    [Fact]
    public async Task Plan_TheyDiffer_ShowsBothReadings_AndTheAnswerChooses()
    {
        await using var server = new ChatServer(Reply.Says(Shop.Split("checkout", "v2", "50%", "v1", "50%")));
        var planner = Shop.Judged(server);
        var plan = await planner.PlanAsync(Shop.Request("send 5% of checkout to v2"), default).WithTimeout();
        Assert.Equal(PlanStatus.NeedsClarification, plan.Status);
        var question = plan.Questions.Single();
        Assert.Equal(["95% of the requests to checkout go to v1 and 5% to v2", "50% of the requests to checkout go to v1 and 50% to v2"], question.Choices);
        foreach (var (answer, share) in new[] { ("1", "5%"), ("2", "50%"), (question.Choices[1], "50%"), ("the first", "5%") })
        {
            var chosen = await Answer(planner, "send 5% of checkout to v2", plan, answer);
            Assert.Equal(PlanStatus.Planned, chosen.Status);
            Assert.Contains($"and {share} to v2", chosen.Summary, StringComparison.Ordinal);
            Assert.Equal("chosen", chosen.Provenance.Model!.Verdict);
        }
        Assert.Equal(PlanStatus.NeedsClarification, (await Answer(planner, "send 5% of checkout to v2", plan, "neither")).Status);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Plan_AnswerAfterARestart_FindsTheReadingAgain()
    {
        await using var server = new ChatServer(Reply.Says(Shop.Split("checkout", "v2", "50%", "v1", "50%")));
        var plan = await Plan(server, "send 5% of checkout to v2");
        var chosen = await Answer(Shop.Judged(server), "send 5% of checkout to v2", plan, "2");
        Assert.Equal(PlanStatus.Planned, chosen.Status);
        Assert.Contains("and 50% to v2", chosen.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_AnswerAfterThePoliciesChanged_IsAskedAgain()
    {
        await using var server = new ChatServer(Reply.Says(Shop.Split("checkout", "v2", "50%", "v1", "50%")));
        var planner = Shop.Judged(server);
        var plan = await planner.PlanAsync(Shop.Request("send 5% of checkout to v2"), default).WithTimeout();
        var moved = Shop.Standing.Apply(EmbeddedPlanner.Plan(Shop.Request("send 30% of checkout to v2")).Edits);
        var again = await planner.PlanAsync(Shop.Request("2") with { Policies = moved, Earlier = [new PlanTurn("send 5% of checkout to v2", plan, Shop.Standing)] }, default).WithTimeout();
        Assert.Equal(PlanStatus.NeedsClarification, again.Status);
    }

    [Theory]
    [InlineData("deny everyone on checkout")]
    [InlineData("block 0.0.0.0/0 from checkout")]
    [InlineData("delete all policies")]
    [InlineData("write a poem in Paris")]
    public async Task Plan_Dangerous_IsRefused_AndNobodyIsAsked(string intent)
    {
        await using var server = new ChatServer(Reply.Says(FiveToV2));
        Assert.Equal(PlanStatus.Refused, (await Plan(server, intent)).Status);
        Assert.Empty(server.Requests);
    }

    /// <summary>Twins of a plain sentence, one word apart: the model passes the word over, as poor models do. Never a plan.</summary>
    [Theory]
    [InlineData("keep 5% of checkout off v2")]
    [InlineData("send 5% of checkout to v2 except on Sundays")]
    [InlineData("send 5% of checkout to v2 if it is stable")]
    [InlineData("send 5% of checkout to v2 unless it fails")]
    [InlineData("do not send 5% of checkout to v2")]
    [InlineData("never send 5% of checkout to v2")]
    [InlineData("send all but 5% of checkout to v2")]
    [InlineData("send 5% of checkout anywhere except v2")]
    [InlineData("spare 5% of checkout from v2")]
    [InlineData("send 5% of chekout to v2")]
    [InlineData("send 5% of checkout to v2 on weekends")]
    [InlineData("send 5% of checkout to v2 exept mobile")]
    public async Task Plan_WordThatTurnsTheSentence_IsNeverPlanned(string intent)
    {
        await using var server = new ChatServer(Reply.Says(FiveToV2));
        Assert.Equal(PlanStatus.NeedsClarification, (await Plan(server, intent)).Status);
    }

    /// <summary>"Shoppers" may be all of them or some: the reading is offered, since it accounts for every value, and one yes settles it.</summary>
    [Fact]
    public async Task Plan_UnknownWord_TheReadingIsOffered()
    {
        await using var server = new ChatServer(Reply.Says(FiveToV2));
        var planner = Shop.Judged(server);
        var plan = await planner.PlanAsync(Shop.Request("send 5% of checkout wombats to v2"), default).WithTimeout();
        Assert.Equal((PlanStatus.NeedsClarification, "offered"), (plan.Status, plan.Provenance.Model!.Verdict));
        Assert.Contains("'wombats'", plan.Questions.Single().Text, StringComparison.Ordinal);
        Assert.Equal(PlanStatus.Planned, (await Answer(planner, "send 5% of checkout wombats to v2", plan, "Yes.")).Status);
    }

    [Fact]
    public async Task Plan_WordsNobodyTaughtIt_AreOffered_AndPlannedOnAYes()
    {
        const string intent = "search ought to capitulate after 800ms";
        await using var server = new ChatServer(Reply.Says(Shop.Proposal(("Timeout", "search-timeout", "{target: {service: search}, request: 800ms}"))));
        var planner = Shop.Judged(server);
        var plan = await planner.PlanAsync(Shop.Request(intent), default).WithTimeout();
        Assert.Equal((PlanStatus.NeedsClarification, "offered"), (plan.Status, plan.Provenance.Model!.Verdict));
        Assert.Equal(["requests to search time out after 800ms"], plan.Questions.Single().Choices);
        Assert.Equal(PlanStatus.Planned, (await Answer(planner, intent, plan, "yes")).Status);
    }

    /// <summary>Proposals that do not account for what was said, or bring in what was not: never planned, never offered.</summary>
    [Theory]
    [InlineData("send 5% of checkout wombats to v2", "15%", "85%")]
    [InlineData("send checkout wombats to v2", "5%", "95%")]
    [InlineData("send 5% of checkout wombats to v2 for two hours", "5%", "95%")]
    [InlineData("send 5% of checkout wombats with header x-beta to v2", "5%", "95%")]
    [InlineData("send 5% of checkout and search wombats to v2", "5%", "95%")]
    public async Task Plan_Unaccounted_TheEmbeddedQuestionStands(string intent, string share, string rest)
    {
        await using var server = new ChatServer(Reply.Says(Shop.Split("checkout", "v2", share, "v1", rest)));
        var plan = await Plan(server, intent);
        Assert.Equal(PlanStatus.NeedsClarification, plan.Status);
        Assert.DoesNotContain(plan.Questions, q => q.Id.StartsWith("words:reading:", StringComparison.Ordinal));
    }

    /// <summary>What goes beside what was asked: a further kind, a removal, a part of what stands.</summary>
    [Theory]
    [InlineData("Mirror", "search-mirror", "{target: {service: search}, to: {version: v2}}")]
    [InlineData("Timeout", "search-timeout", null)]
    [InlineData("Route", "search", null)]
    public async Task Plan_SomethingBesideWhatWasAsked_IsNotOffered(string kind, string name, string? spec)
    {
        var right = Shop.Edit("upsert", "TrafficSplit", "search-canary", "apiVersion: policyengine.dev/v1\nkind: TrafficSplit\nmetadata: {name: search-canary}\nspec: {target: {service: search}, backends: [{version: v1, weight: 95%}, {version: v2, weight: 5%}]}\n");
        var more = spec is null ? Shop.Edit("remove", kind, name, "") : Shop.Edit("upsert", kind, name, $"apiVersion: policyengine.dev/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n");
        await using var server = new ChatServer(Reply.Says(Shop.Answer("proposal", "", right)), Reply.Says(Shop.Answer("proposal", "", right, more)));
        Assert.Equal("offered", (await Plan(server, "send 5% of search wombats to v2")).Provenance.Model!.Verdict);
        Assert.Equal("unaccounted", (await Plan(server, "send 5% of search wombats to v2")).Provenance.Model!.Verdict);
    }

    [Fact]
    public async Task Plan_SharesSwapped_IsNotEvenOffered()
    {
        await using var server = new ChatServer(Reply.Says(Shop.Split("checkout", "v1", "5%", "v2", "95%")));
        var plan = await Plan(server, "send 5% of checkout wombats to v2");
        Assert.Equal((PlanStatus.NeedsClarification, "unaccounted"), (plan.Status, plan.Provenance.Model!.Verdict));
    }

    [Theory]
    [InlineData("send 5% of checkout to v2", PlanStatus.Planned)]
    [InlineData("send 5% of checkout wombats to v2", PlanStatus.NeedsClarification)]
    public async Task Plan_ModelAway_EmbeddedAnswers_AndItIsSaid(string intent, PlanStatus status)
    {
        ModelOptions options;
        await using (var gone = new ChatServer(Reply.Never)) options = gone.Options;
        var plan = await new JudgedPlanner(Shop.Model(options)).PlanAsync(Shop.Request(intent), default).WithTimeout();
        Assert.Equal(status, plan.Status);
        Assert.Contains("The model is away (PE4010)", plan.Summary, StringComparison.Ordinal);
        Assert.Equal(("away", ModelOutcome.Transport), (plan.Provenance.Model!.Verdict, plan.Provenance.Model.Outcome));
        Assert.Equal(EmbeddedPlanner.Plan(Shop.Request(intent)).Edits.Select(e => e.Id), plan.Edits.Select(e => e.Id));
    }

    [Fact]
    public async Task Plan_ModelTalksNonsense_EmbeddedAnswers_AndItIsSaid()
    {
        await using var server = new ChatServer(Reply.Says("I would be happy to help!"));
        var plan = await Plan(server, "send 5% of checkout to v2");
        Assert.Equal((PlanStatus.Planned, "failed"), (plan.Status, plan.Provenance.Model!.Verdict));
        Assert.Contains("PE4013", plan.Summary, StringComparison.Ordinal);
        Assert.Equal(["PE4013", "PE4013", "PE4013"], plan.Provenance.Model.Codes);
    }

    [Fact]
    public async Task Plan_UndoThat_AsksNoModel()
    {
        await using var server = new ChatServer(Reply.Says(FiveToV2));
        var first = EmbeddedPlanner.Plan(Shop.Request("send 5% of checkout to v2"));
        var plan = await Shop.Judged(server).PlanAsync(Shop.Request("undo that") with { Policies = Shop.Standing.Apply(first.Edits), Earlier = [new PlanTurn("send 5% of checkout to v2", first, Shop.Standing)] }, default).WithTimeout();
        Assert.Equal(PlanStatus.Planned, plan.Status);
        Assert.Empty(server.Requests);
        Assert.Null(plan.Provenance.Model);
    }

    private static Task<Plan> Plan(ChatServer server, string intent) => Shop.Judged(server).PlanAsync(Shop.Request(intent), default).WithTimeout();

    private static Task<Plan> Answer(JudgedPlanner planner, string intent, Plan asked, string answer) =>
        planner.PlanAsync(Shop.Request(answer) with { Earlier = ImmutableArray.Create(new PlanTurn(intent, asked, Shop.Standing)) }, default).WithTimeout();
}
