using System.Text.Json.Nodes;
using PolicyEngine.Planning.Models;
using PolicyEngine.Planning.Models.Backends;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Planning.Tests.Models;

/// <summary>What the probe says of back ends that promise more than they do.</summary>
public sealed class ProbeTests
{
    private const string Honest = """{"colour":"vermilion-7"}""";
    private const string Obvious = """{"colour":"blue"}""";

    [Theory]
    [InlineData("honours the schema", AnswerForm.JsonSchema, AnswerForm.JsonSchema, true, true, false)]
    [InlineData("takes the schema and ignores it", AnswerForm.JsonSchema, AnswerForm.JsonObject, true, true, true)]
    [InlineData("takes the schema and writes prose", AnswerForm.JsonSchema, AnswerForm.Text, true, true, true)]
    [InlineData("knows only json_object", AnswerForm.JsonObject, AnswerForm.JsonObject, true, true, true)]
    [InlineData("knows no response_format", AnswerForm.Text, AnswerForm.Text, true, true, true)]
    [InlineData("takes no temperature", AnswerForm.JsonSchema, AnswerForm.JsonSchema, true, false, false)]
    [InlineData("ignores the system message", AnswerForm.JsonSchema, AnswerForm.JsonSchema, false, true, false)]
    public async Task Probe_BackEnd_IsSeenThrough(string kind, AnswerForm accepts, AnswerForm honours, bool system, bool tuning, bool warns)
    {
        await using var server = new ChatServer((_, _) => Reply.Says(Shop.Answer("cannot", "no")), body => Behave(kind, body));
        var model = Shop.Model(server.Options);
        var probe = await model.Prober.ProbeAsync(default).WithTimeout();
        Assert.Equal((true, accepts, honours, system, tuning), (probe.Reachable, probe.Accepts, probe.Honours, probe.SystemMessage, probe.Tuning));
        Assert.Equal(warns ? ["PE4016"] : [], probe.Diagnostics.Select(d => d.Code));
        Assert.DoesNotContain("test-key", probe.ToString(), StringComparison.Ordinal);

        // What planning sends is what the back end can take.
        await model.ReadAsync(Shop.Request("set a 3s timeout on search"), default).WithTimeout();
        var sent = server.Requests.Single();
        Assert.Equal(accepts == AnswerForm.Text ? null : ModelProbe.Word(accepts), (string?)sent["response_format"]?["type"]);
        Assert.Equal(system ? ["system", "user"] : ["user"], sent["messages"]!.AsArray().Select(m => (string)m!["role"]!));
        Assert.Equal(tuning, sent["temperature"] is not null);
    }

    [Fact]
    public async Task Probe_WrongKey_IsAway_AndSaysWhy()
    {
        await using var server = new ChatServer((_, _) => Reply.Never, _ => Reply.Http(401, """{"error":{"message":"no such key"}}"""));
        var probe = await Shop.Model(server.Options).Prober.ProbeAsync(default).WithTimeout();
        Assert.False(probe.Reachable);
        Assert.Contains("no such key", probe.ToString(), StringComparison.Ordinal);
        Assert.Equal("PE4010", probe.Diagnostics.Single().Code);
        Assert.Single(server.Probes);
    }

    private static Reply Behave(string kind, JsonObject body)
    {
        var format = (string?)body["response_format"]?["type"];
        if (kind == "takes no temperature" && body["temperature"] is not null) return Reply.Http(400, """{"error":{"message":"Unsupported value: temperature"}}""");
        if (!ChatServer.Text(body).Contains("sky", StringComparison.Ordinal)) return Reply.Says(kind == "ignores the system message" ? "Four." : "Heron.");
        return kind switch
        {
            "takes the schema and ignores it" => Reply.Says(Obvious),
            "takes the schema and writes prose" => Reply.Says("The sky is blue."),
            "knows only json_object" => format == "json_schema" ? Reply.Http(400, "{}") : Reply.Says(Obvious),
            "knows no response_format" => format is not null ? Reply.Http(422, "{}") : Reply.Says(Obvious),
            _ => Reply.Says(Honest),
        };
    }
}
