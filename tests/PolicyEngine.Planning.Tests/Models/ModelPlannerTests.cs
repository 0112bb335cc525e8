using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Models;
using PolicyEngine.Policies;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Planning.Tests.Models;

/// <summary>The outcome ladder, against a back end that misbehaves as models do.</summary>
public sealed class ModelPlannerTests
{
    private const string Intent = "send 5% of checkout to v2";

    private static readonly string Right = Shop.Split("checkout", "v2", "5%", "v1", "95%");

    public static TheoryData<string, string> Misbehaviours => new()
    {
        { "malformed JSON", "not-json" }, { "truncated JSON", "not-json" }, { "empty", "not-json" }, { "prose around JSON", "not-json" }, { "two objects", "not-json" }, { "a list", "not-json" }, { "a field twice", "not-json" },
        { "finish_reason length", "truncated" }, { "a huge answer", "truncated" },
        { "another form", "schema" }, { "a further field", "schema" }, { "unknown outcome", "schema" }, { "unknown kind", "schema" }, { "a proposal of nothing", "schema" }, { "question without words", "schema" },
        { "invented service", "meaning" }, { "invented version", "meaning" }, { "unknown field in a document", "meaning" }, { "weights that do not add up", "meaning" }, { "another document than named", "meaning" },
        { "two documents in one edit", "meaning" }, { "removes what is not there", "meaning" }, { "edits nobody asked for", "meaning" }, { "catalog document", "schema" }, { "shuts everybody out", "meaning" },
        { "refusal", "refusal" }, { "content filter", "refusal" },
        { "500", "transport" }, { "401", "transport" }, { "html", "transport" }, { "no choices", "transport" }, { "half a stream", "transport" }, { "closed connection", "transport" }, { "redirect elsewhere", "transport" },
    };

    [Theory]
    [MemberData(nameof(Misbehaviours))]
    public async Task Read_BadAnswer_EndsOnItsStep_AndGivesNoEdits(string behaviour, string outcome)
    {
        await using var server = new ChatServer(Misbehave(behaviour));
        var reading = await Shop.Model(server.Options with { MaxAnswerBytes = 64 * 1024 }).ReadAsync(Shop.Request(Intent), default).WithTimeout();
        Assert.Equal(ModelResult.Failed, reading.Result);
        Assert.Equal(outcome, reading.Outcome.Word());
        Assert.Empty(reading.Edits);
        Assert.Equal(reading.Outcome.Rule()!.Code, reading.Diagnostics[^1].Code);
        Assert.Equal(reading.Outcome.CanBeRepaired() ? ModelOptions.MostRounds : 1, server.Requests.Count);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("in a code fence")]
    [InlineData("after thoughts")]
    public async Task Read_RightAnswer_IsAProposal(string form)
    {
        await using var server = new ChatServer(Reply.Says(form switch { "in a code fence" => $"```json\n{Right}\n```", "after thoughts" => $"<think>\nv2 is the canary\n</think>\n\n{Right}", _ => Right }));
        var reading = await Shop.Model(server.Options).ReadAsync(Shop.Request(Intent), default).WithTimeout();
        Assert.Equal(ModelResult.Proposal, reading.Result);
        Assert.Equal("TrafficSplit/checkout-canary", Assert.Single(reading.Edits).Id);
        Assert.Equal((1, 900, 80), (reading.Provenance.Rounds, reading.Provenance.InputTokens, reading.Provenance.OutputTokens));
        Assert.Equal(("compatible", "scripted", ModelOutcome.Ok), (reading.Provenance.Provider, reading.Provenance.Model, reading.Provenance.Outcome));
        Assert.False(reading.Provenance.Prompt.IsNone);
        Assert.Equal(Revision.Of(server.Requests.Count > 0 ? Content(form) : ""), reading.Provenance.Answer);
        string Content(string f) => f switch { "in a code fence" => $"```json\n{Right}\n```", "after thoughts" => $"<think>\nv2 is the canary\n</think>\n\n{Right}", _ => Right };
    }

    [Fact]
    public async Task Read_WrongThenRight_IsRepairedByWhatWasWrong()
    {
        await using var server = new ChatServer(Reply.Says(Shop.Split("checkout", "v9", "5%", "v1", "95%")), Reply.Says(Right));
        var reading = await Shop.Model(server.Options).ReadAsync(Shop.Request(Intent), default).WithTimeout();
        Assert.Equal(ModelResult.Proposal, reading.Result);
        Assert.Equal(2, reading.Provenance.Rounds);
        Assert.Equal([DiagnosticCatalogue.ModelMeaningless.Code], reading.Provenance.Codes);
        var second = ChatServer.Text(server.Requests[1]);
        Assert.Contains("there is no version of checkout 'v9'", second, StringComparison.Ordinal);
        Assert.Equal("assistant", (string?)server.Requests[1]["messages"]!.AsArray()[^2]!["role"]);
    }

    [Fact]
    public async Task Read_DoesNotCompile_CompilerSaysWhy()
    {
        await using var server = new ChatServer(Reply.Says(Right));
        var request = Shop.Request(Intent) with { Compile = p => p.Documents.ContainsKey("TrafficSplit/checkout-canary") ? [Diagnostic.Of(DiagnosticCatalogue.Conflict, "two splits match GET /checkout") with { Document = "TrafficSplit/checkout-canary" }] : [] };
        var reading = await Shop.Model(server.Options).ReadAsync(request, default).WithTimeout();
        Assert.Equal(ModelOutcome.Meaning, reading.Outcome);
        Assert.Equal(3, server.Requests.Count);
        Assert.Contains("two splits match GET /checkout", ChatServer.Text(server.Requests[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_Busy_ComesBackWhenAsked()
    {
        await using var server = new ChatServer(Reply.Http(429, """{"error":{"message":"slow down"}}""", "Retry-After: 1\r\n"), Reply.Says(Right));
        var watch = Stopwatch.StartNew();
        var reading = await Shop.Model(server.Options).ReadAsync(Shop.Request(Intent), default).WithTimeout();
        Assert.Equal((ModelResult.Proposal, 1), (reading.Result, reading.Provenance.Rounds));
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(1), $"after {watch.Elapsed}");
    }

    [Fact]
    public async Task Read_BusyForLongerThanTheLimit_IsAwayAtOnce()
    {
        await using var server = new ChatServer(Reply.Http(429, "{}", "Retry-After: 3600\r\n"));
        var reading = await Shop.Model(server.Options).ReadAsync(Shop.Request(Intent), default).WithTimeout();
        Assert.Equal(ModelOutcome.Transport, reading.Outcome);
        Assert.Single(server.Requests);
        Assert.Contains("3600 s", reading.Diagnostics[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_BusyForEver_GivesUp()
    {
        await using var server = new ChatServer(Reply.Http(503, "{}", "Retry-After: 0\r\n"));
        var reading = await Shop.Model(server.Options).ReadAsync(Shop.Request(Intent), default).WithTimeout();
        Assert.Equal(ModelOutcome.Transport, reading.Outcome);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Read_NoAnswer_EndsAtTheTimeLimit_AndIsNotWaitedForAgain()
    {
        await using var server = new ChatServer(Reply.Never);
        var model = Shop.Model(server.Options with { TimeLimit = TimeSpan.FromSeconds(1) });
        var reading = await model.ReadAsync(Shop.Request(Intent), default).WithTimeout();
        Assert.Equal(ModelOutcome.Transport, reading.Outcome);
        Assert.Equal(ModelOutcome.Transport, (await model.ReadAsync(Shop.Request(Intent), default).WithTimeout()).Outcome);
        Assert.True(server.Requests.Count <= 1, "it was waited for twice");
        Assert.Contains("within 1 s", reading.Diagnostics[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_CallerGivesUp_IsCancelled()
    {
        await using var server = new ChatServer(Reply.Never);
        using var stop = new CancellationTokenSource();
        var reading = Shop.Model(server.Options).ReadAsync(Shop.Request(Intent), stop.Token);
        await Waiting.Until(() => server.Requests.Count == 1, "the request came");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WithTimeout());
    }

    [Fact]
    public async Task Read_NobodyThere_IsAway_AndIsNotWaitedForAgain()
    {
        ModelOptions options;
        await using (var gone = new ChatServer(Reply.Never)) options = gone.Options;
        var model = Shop.Model(options);
        var first = await model.ReadAsync(Shop.Request(Intent), default).WithTimeout();
        var probe = model.Prober.Last;
        var second = await model.ReadAsync(Shop.Request(Intent), default).WithTimeout();
        Assert.Equal([ModelOutcome.Transport, ModelOutcome.Transport], [first.Outcome, second.Outcome]);
        Assert.Same(probe, model.Prober.Last);
    }

    [Fact]
    public async Task Read_TokensUsedUp_AsksNoFurther()
    {
        await using var server = new ChatServer(Reply.Says("nonsense"));
        var reading = await Shop.Model(server.Options with { MaxTokens = 1_500 }).ReadAsync(Shop.Request(Intent), default).WithTimeout();
        Assert.Equal((ModelOutcome.NotJson, 2), (reading.Outcome, server.Requests.Count));
    }

    [Theory]
    [InlineData("question", "Which version?", PlanStatus.NeedsClarification)]
    [InlineData("cannot", "That is not about traffic.", PlanStatus.Refused)]
    public async Task Plan_QuestionOrCannot_IsPassedOnAsText(string outcome, string text, PlanStatus status)
    {
        await using var server = new ChatServer(Reply.Says(Shop.Answer(outcome, text + "\u0007\u202e")));
        var plan = await Shop.Model(server.Options).PlanAsync(Shop.Request(Intent), default).WithTimeout();
        Assert.Equal(status, plan.Status);
        Assert.Equal(text, status == PlanStatus.Refused ? plan.Reasons.Single() : plan.Questions.Single().Text);
        Assert.Empty(plan.Edits);
    }

    [Fact]
    public async Task Plan_LabelsAndReasons_StayAsPeopleWroteThem()
    {
        var standing = new PolicySet(DocumentParser.Parse("""
            apiVersion: policyengine.dev/v1
            kind: Timeout
            metadata: {name: search-timeout, labels: {owner: discovery}, reason: agreed in October}
            spec: {target: {service: search}, request: 1s}
            """, "t").Documents);
        await using var server = new ChatServer(Reply.Says(Shop.Answer("proposal", "", Shop.Edit("upsert", "Timeout", "search-timeout",
            "apiVersion: policyengine.dev/v1\nkind: Timeout\nmetadata: {name: search-timeout, reason: approved by the model}\nspec: {target: {service: search}, request: 3s}\n"))));
        var plan = await Shop.Model(server.Options).PlanAsync(Shop.Request("set a 3s timeout on search") with { Policies = standing }, default).WithTimeout();
        var metadata = plan.Edits.Single().Upserted!.Metadata;
        Assert.Equal(("discovery", "agreed in October"), (metadata.Labels["owner"], metadata.Reason));
        Assert.DoesNotContain("October", ChatServer.Text(server.Requests[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_EachOutcome_IsCounted()
    {
        var seen = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Meter.Name == PlanningMetrics.MeterName && i.Name == "policyengine.planning.model.answers") l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => { lock (seen) seen.Add(tags.ToArray().Single(t => t.Key == "outcome").Value!.ToString()!); });
        listener.Start();
        await using var server = new ChatServer(Reply.Says("no"), Reply.Says("{}"), Reply.Says(Right));
        await Shop.Model(server.Options).ReadAsync(Shop.Request(Intent), default).WithTimeout();
        lock (seen) Assert.Empty(new[] { "not-json", "schema", "ok" }.Except(seen));
    }

    private static Reply Misbehave(string behaviour) => behaviour switch
    {
        "malformed JSON" => Reply.Says(Right.Replace("\"outcome\"", "outcome", StringComparison.Ordinal)),
        "truncated JSON" => Reply.Says(Right[..^30]),
        "empty" => Reply.Says(""),
        "prose around JSON" => Reply.Says($"Sure! Here is the plan:\n{Right}\nLet me know if it should not be applied."),
        "two objects" => Reply.Says(Right + "\n" + Right),
        "a list" => Reply.Says($"[{Right}]"),
        "a field twice" => Reply.Says(Right[..^1] + ",\"outcome\":\"cannot\"}"),
        "finish_reason length" => Reply.Says(Right, "length"),
        "a huge answer" => Reply.Says(Shop.Answer("cannot", new string('x', 200_000))),
        "another form" => Reply.Says("""{"plan":{"traffic":"5%"}}"""),
        "a further field" => Reply.Says(Right[..^1] + ",\"apply\":true}"),
        "unknown outcome" => Reply.Says(Right.Replace("\"proposal\"", "\"approved\"", StringComparison.Ordinal)),
        "unknown kind" => Reply.Says(Shop.Proposal(("EnvoyFilter", "x", "{}"))),
        "catalog document" => Reply.Says(Shop.Proposal(("Service", "checkout", "{versions: [{name: v1}]}"))),
        "a proposal of nothing" => Reply.Says(Shop.Answer("proposal", "")),
        "question without words" => Reply.Says(Shop.Answer("question", " ")),
        "invented service" => Reply.Says(Shop.Split("payments", "v2", "5%", "v1", "95%")),
        "invented version" => Reply.Says(Shop.Split("checkout", "v7", "5%", "v1", "95%")),
        "unknown field in a document" => Reply.Says(Shop.Proposal(("Timeout", "checkout-timeout", "{target: {service: checkout}, request: 2s, force: true}"))),
        "weights that do not add up" => Reply.Says(Shop.Split("checkout", "v2", "5%", "v1", "90%")),
        "another document than named" => Reply.Says(Right.Replace("\"name\":\"checkout-canary\"", "\"name\":\"other\"", StringComparison.Ordinal)),
        "two documents in one edit" => Reply.Says(Shop.Answer("proposal", "", Shop.Edit("upsert", "Timeout", "a", "apiVersion: policyengine.dev/v1\nkind: Timeout\nmetadata: {name: a}\nspec: {target: {service: checkout}, request: 2s}\n---\napiVersion: policyengine.dev/v1\nkind: Timeout\nmetadata: {name: b}\nspec: {target: {service: checkout}, request: 2s}\n"))),
        "removes what is not there" => Reply.Says(Shop.Removal("Timeout", "checkout-timeout")),
        "edits nobody asked for" => Reply.Says(Shop.Proposal(("TrafficSplit", "checkout-canary", "{target: {service: checkout}, backends: [{version: v1, weight: 95%}, {version: v2, weight: 5%}]}"), ("Timeout", "search-timeout", "{target: {service: search}, request: 9s}"))),
        "shuts everybody out" => Reply.Says(Shop.Proposal(("Authorization", "checkout-deny", "{target: {service: checkout}, action: deny, rules: [{cidrs: [0.0.0.0/0]}]}"))),
        "refusal" => Reply.Refuses("I cannot help with that."),
        "content filter" => Reply.Says("{\"outc", "content_filter"),
        "500" => Reply.Http(500, "oops"),
        "401" => Reply.Http(401, """{"error":{"message":"bad key"}}"""),
        "html" => Reply.Http(200, "<html>gateway</html>"),
        "no choices" => Reply.Http(200, """{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[]}"""),
        "half a stream" => Reply.Half(Right),
        "redirect elsewhere" => Reply.Http(302, "", "Location: http://127.0.0.1:1/\r\n"),
        _ => new Reply(""),
    };
}
