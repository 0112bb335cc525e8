using System.Diagnostics;
using System.Text.Json.Nodes;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>Anomaly, remedy, proof: a real Envoy that reports its loads, and backends that begin to fail.</summary>
public sealed class RemedyTests
{
    private static readonly string Playbooks = Path.Combine(RepositoryPaths.Root, "policies", "playbooks");

    [Fact]
    public async Task FailingCanary_IsNamedInTenSeconds_AndTheRemedyWaitsForApproval()
    {
        await using var engine = await EngineFixture.Start(null, false, "--playbooks", Playbooks);
        await using var envoy = await engine.Envoy("DELTA_GRPC");
        await using var traffic = await Canary(engine);
        engine.Backend("checkout-v2").Status = 503;
        var watch = Stopwatch.StartNew();
        await Waiting.Until(async () => (await Findings(engine)).Any(), "the finding");
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
        var finding = (await Findings(engine)).Single();
        Assert.Equal(("checkout", "v2"), ((string?)finding["finding"]!["subject"]!["service"], (string?)finding["finding"]!["subject"]!["version"]));
        await Waiting.Until(async () => (string?)(await Findings(engine)).Single()["remedy"]?["phase"] == "awaiting-approval", "the remedy to wait for approval");
        var change = await Change(engine, (string)(await Findings(engine)).Single()["remedy"]!["change"]!);
        Assert.Equal(("awaiting-approval", "remedy"), ((string?)change["state"], (string?)change["channel"]));
        Assert.Equal("failing-canary", (string?)change["provenance"]!["playbook"]);
        // A person says yes; recovery is seen, and the remedy stands.
        await engine.Post($"changes/{change["id"]}/approve", new JsonObject { ["reportHash"] = (string)change["reportHash"]! });
        await engine.Post($"changes/{change["id"]}/promote", []);
        await Waiting.Until(async () => (string?)(await Findings(engine)).Single()["remedy"]?["phase"] == "standing", "recovery to be seen", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task FailingCanary_WhereRemediesMayPass_TrafficIsCleanInFifteenSeconds()
    {
        await using var engine = await EngineFixture.Start(null, false, "--playbooks", Playbooks, "--approval", SelfApproval());
        await using var envoy = await engine.Envoy("DELTA_GRPC");
        await using var traffic = await Canary(engine);
        engine.Backend("checkout-v2").Status = 503;
        var watch = Stopwatch.StartNew();
        // 200 clean answers may be luck while 5 % still go to v2: they count from when the remedy is promoted.
        await Waiting.Until(async () => await InForce(engine), "the remedy to be in force", TimeSpan.FromSeconds(40));
        await Waiting.Until(async () => (await Load.Send(engine.ListenerPort, "/checkout", 200)).Keys.All(k => k.Status == 200), "clean traffic", TimeSpan.FromSeconds(40));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 15);
        await Waiting.Until(async () => (string?)(await Findings(engine)).Single()["remedy"]?["phase"] == "standing", "recovery to be seen", TimeSpan.FromSeconds(60));
        var change = await Change(engine, (string)(await Findings(engine)).Single()["remedy"]!["change"]!);
        Assert.Equal("promoted", (string?)change["state"]);
        Assert.Contains("checkout", (string?)change["intent"]);
        Assert.NotEmpty(change["provenance"]!["finding"]!["evidence"]!["figures"]!.AsArray());
        Assert.True((bool)JsonNode.Parse(await engine.Http.GetStringAsync("journal/verify"))!["isSound"]!);
    }

    [Fact]
    public async Task WrongRemedy_IsUndone_AndAPersonIsAsked()
    {
        await using var engine = await EngineFixture.Start(null, false, "--playbooks", Playbooks, "--approval", SelfApproval());
        await using var envoy = await engine.Envoy("DELTA_GRPC");
        await using var traffic = await Canary(engine);
        engine.Backend("checkout-v2").Status = 503;
        await Waiting.Until(async () => await InForce(engine), "the remedy to be in force", TimeSpan.FromSeconds(40));
        // It was not v2 but what both need.
        engine.Backend("checkout-v1").Status = 503;
        await Waiting.Until(async () => (await Findings(engine)).Any(f => (string?)f["remedy"]?["phase"] == "with-person"), "the remedy to be rolled back", TimeSpan.FromSeconds(90));
        var change = await Change(engine, (string)(await Findings(engine)).First(f => f["remedy"]?["change"] is not null)["remedy"]!["change"]!);
        Assert.Equal("rolled-back", (string?)change["state"]);
    }

    [Fact]
    public async Task SwitchedOff_NothingIsProposed()
    {
        await using var engine = await EngineFixture.Start(null, false, "--playbooks", Playbooks, "--approval", SelfApproval());
        await engine.Post("remedies/switch", new JsonObject { ["on"] = false });
        await using var envoy = await engine.Envoy("DELTA_GRPC");
        await using var traffic = await Canary(engine);
        engine.Backend("checkout-v2").Status = 503;
        await Waiting.Until(async () => (string?)(await Findings(engine) is [var f, ..] ? f : null)?["remedy"]?["why"] == "remedies are switched off", "the finding");
        Assert.DoesNotContain(engine.Engine.Changes, c => c.Channel == "remedy");
    }

    /// <summary>5 % of checkout on v2, and about 200 requests a second until disposed.</summary>
    private static async Task<Traffic> Canary(EngineFixture engine)
    {
        await engine.Change("send 5% of checkout to v2");
        await engine.Acknowledged();
        var traffic = new Traffic(engine.ListenerPort);
        // The detectors compare with what they saw: a little of both versions first.
        await Waiting.Until(() => engine.Backend("checkout-v2").Requests > 20, "v2 to have been asked", TimeSpan.FromSeconds(40));
        return traffic;
    }

    private static async Task<IReadOnlyList<JsonObject>> Findings(EngineFixture engine) =>
        [.. JsonNode.Parse(await engine.Http.GetStringAsync("findings"))!["findings"]!.AsArray().OfType<JsonObject>()];

    private static async Task<bool> InForce(EngineFixture engine) =>
        (string?)(await Findings(engine) is [var f, ..] ? f : null)?["remedy"]?["phase"] is "watching" or "standing";

    private static async Task<JsonObject> Change(EngineFixture engine, string id) => JsonNode.Parse(await engine.Http.GetStringAsync($"changes/{id}"))!.AsObject();

    private static string SelfApproval()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("policyengine-approval-").FullName, "approval.yaml");
        File.WriteAllText(file, "apiVersion: policyengine.dev/v1\nkind: Approval\nmetadata: {name: approval}\nspec:\n  remedies: {playbooks: [failing-canary, failing-version], atMost: 1h}\n");
        return file;
    }

    private sealed class Traffic : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Task _running;

        public Traffic(int port) => _running = Run(port, _end.Token);

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _running;
            _end.Dispose();
        }

        private static async Task Run(int port, CancellationToken cancellation)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            try
            {
                while (await timer.WaitForNextTickAsync(cancellation)) await Load.Send(port, "/checkout", 20, concurrency: 4);
            }
            catch (OperationCanceledException)
            {
                // The end of the test.
            }
        }
    }
}
