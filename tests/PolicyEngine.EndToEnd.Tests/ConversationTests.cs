using System.Text.Json.Nodes;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>Conversations over REST: what a turn means depends on the ones before, also after a restart.</summary>
public sealed class ConversationTests
{
    [Fact]
    public async Task Turns_GoOnFromEachOther_AndTheLastProposalHoldsThemAll()
    {
        await using var engine = await EngineFixture.Start();
        var first = await Say(engine, null, "send 5% of checkout to v2");
        var id = (string)first["conversation"]!;
        var second = await Say(engine, id, "now make it 20%");
        Assert.Equal("awaiting-approval", (string?)second["state"]);
        Assert.Contains("20%", (string?)second["summary"]);
        Assert.Equal("rejected", (string?)(await Get(engine, $"changes/{first["id"]}"))["state"]);
        var third = await Say(engine, id, "and a 2s timeout");
        Assert.Equal(2, third["edits"]!.AsArray().Count);
        var undone = await Say(engine, id, "undo that");
        Assert.Single(undone["edits"]!.AsArray());
        await engine.Post($"changes/{undone["id"]}/approve", new JsonObject { ["reportHash"] = (string)undone["reportHash"]! });
        Assert.Equal("promoted", (string?)(await engine.Post($"changes/{undone["id"]}/promote", []))["state"]);
        var after = await Say(engine, id, "now make it 30%");
        Assert.Contains("30%", (string?)after["summary"]);
        Assert.Equal(5, (await Get(engine, $"conversations/{id}"))["turns"]!.AsArray().Count);
    }

    [Fact]
    public async Task TakingEverythingBack_LeavesNothingToApprove()
    {
        await using var engine = await EngineFixture.Start();
        var first = await Say(engine, null, "send 5% of checkout to v2");
        var undone = await Say(engine, (string)first["conversation"]!, "undo that");
        Assert.Equal("refused", (string?)undone["state"]);
        Assert.Equal("rejected", (string?)(await Get(engine, $"changes/{first["id"]}"))["state"]);
    }

    [Fact]
    public async Task AnswerToAQuestion_CarriesTheSamePlanOn()
    {
        await using var engine = await EngineFixture.Start();
        var asked = await Say(engine, null, "send 5% of traffic to v2");
        Assert.Equal("needs-answer", (string?)asked["state"]);
        var answered = await Say(engine, (string)asked["conversation"]!, "checkout");
        Assert.Equal((string?)asked["id"], (string?)answered["id"]);
        Assert.Equal("awaiting-approval", (string?)answered["state"]);
    }

    [Fact]
    public async Task Restart_TheConversationGoesOn()
    {
        var folder = Directory.CreateTempSubdirectory("policyengine-talk-").FullName;
        string id;
        await using (var engine = await EngineFixture.Start(folder, keep: true)) id = (string)(await Say(engine, null, "send 5% of checkout to v2"))["conversation"]!;
        await using var again = await EngineFixture.Start(folder);
        var next = await Say(again, id, "now make it 20%");
        Assert.Contains("20%", (string?)next["summary"]);
    }

    [Fact]
    public async Task SomebodyElse_CannotGoOn_AndUnknownOnesAreNotFound()
    {
        await using var engine = await EngineFixture.Start();
        var id = (string)(await Say(engine, null, "send 5% of checkout to v2"))["conversation"]!;
        var other = (string)(await engine.Post("users", new JsonObject { ["name"] = "other", ["roles"] = new JsonArray("operator") }))["token"]!;
        engine.Http.DefaultRequestHeaders.Authorization = new("Bearer", other);
        Assert.Contains("403", (await Assert.ThrowsAsync<InvalidOperationException>(() => Say(engine, id, "now make it 20%"))).Message);
        Assert.Contains("404", (await Assert.ThrowsAsync<InvalidOperationException>(() => Say(engine, "c-77", "now make it 20%"))).Message);
    }

    /// <summary>What happens to a change arrives as server-sent events while it happens.</summary>
    [Fact]
    public async Task Events_TellEachStepOfATurn()
    {
        await using var engine = await EngineFixture.Start();
        using var stream = await engine.Http.GetAsync("events", HttpCompletionOption.ResponseHeadersRead).WithTimeout();
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        var said = await Say(engine, null, "send 5% of checkout to v2");
        var steps = new List<string>();
        while (steps.LastOrDefault() != "DryRun" && await lines.ReadLineAsync().WithTimeout() is { } line)
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
            var notice = JsonNode.Parse(line["data: ".Length..])!;
            Assert.Equal((string?)said["id"], (string?)notice["change"]);
            steps.Add((string)notice["event"]!);
        }
        Assert.Equal(["Submitted", "Planned", "DryRun"], steps);
    }

    private static Task<JsonObject> Say(EngineFixture engine, string? conversation, string text) =>
        engine.Post(conversation is null ? "conversations" : $"conversations/{conversation}/say", new JsonObject { ["text"] = text });

    private static async Task<JsonObject> Get(EngineFixture engine, string path) => JsonNode.Parse(await engine.Http.GetStringAsync(path).WithTimeout())!.AsObject();
}
