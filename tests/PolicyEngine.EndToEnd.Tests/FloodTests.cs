using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PolicyEngine.Changes.Stores;
using PolicyEngine.Engine;
using PolicyEngine.Engine.Remedies;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Remedies;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>One range of clients asks for far more than all others: from the entries of a real Envoy's access log to the limit in that Envoy, and back.</summary>
public sealed class FloodTests
{
    private const int Others = 12;
    private static readonly string PlaybookFolder = Path.Combine(RepositoryPaths.Root, "policies", "playbooks");

    [Fact]
    public async Task FloodingRange_IsNamedInTenSeconds_AndOnceApprovedIsLimitedAloneUntilItIsCalm()
    {
        EnvoyBinary.Require();
        await using var engine = await EngineFixture.Start(Impatient, null, false, "--playbooks", PlaybookFolder);
        await using var envoy = await engine.Envoy("DELTA_GRPC");
        await using var others = new Clients([.. Enumerable.Range(0, Others).Select(i => new Client(engine.ListenerPort, $"127.0.{20 + i}.1", 4))]);
        // Who the clients usually are is learnt from quiet times.
        await Waiting.Until(() => engine.Backend("search-v1").Requests > Others * 4 * 8, "the detector to have seen ordinary clients");
        Assert.Empty(await Findings(engine));

        // Each of its addresses asks for no more than a limit for one client would leave it.
        await using var flood = new Clients([.. Enumerable.Range(1, 20).Select(i => new Client(engine.ListenerPort, $"127.0.9.{i}", 20))]);
        var watch = Stopwatch.StartNew();
        await Waiting.Until(async () => (await Findings(engine)).Count > 0, "the finding");
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
        var subject = (await Findings(engine)).Single()["finding"]!["subject"]!;
        Assert.Equal(("flood", "search", "client-range", "127.0.9.0/24"), ((string?)subject["kind"], (string?)subject["service"], (string?)subject["dimension"], (string?)subject["key"]));

        await Waiting.Until(async () => (string?)(await Findings(engine)).Single()["remedy"]?["phase"] == "awaiting-approval", "the remedy to wait for approval");
        Assert.Equal([200], flood.Statuses);
        var change = JsonNode.Parse(await engine.Http.GetStringAsync($"changes/{(string)(await Findings(engine)).Single()["remedy"]!["change"]!}"))!.AsObject();
        Assert.Equal(("awaiting-approval", "flooding-clients"), ((string?)change["state"], (string?)change["provenance"]!["playbook"]));
        await engine.Post($"changes/{change["id"]}/approve", new JsonObject { ["reportHash"] = (string)change["reportHash"]! });
        await engine.Post($"changes/{change["id"]}/promote", []);
        await engine.Acknowledged();

        await Waiting.Until(() => flood.Statuses.Contains(429), "the flood to be limited");
        await Waiting.Until(async () => (string?)(await Findings(engine)).Single()["remedy"]?["phase"] == "standing", "recovery to be seen", TimeSpan.FromSeconds(60));
        // It goes on asking all the while; what is refused keeps nothing open.
        await Waiting.Until(async () => (string?)(await Findings(engine)).Single()["finding"]!["state"] == "closed", "the finding to close", TimeSpan.FromSeconds(60));
        Assert.Equal([200], others.Statuses);
    }

    /// <summary>As the engine is set up, but sooner convinced of what is usual and of what is over.</summary>
    private static void Impatient(IServiceCollection services) => services.AddSingleton(s => new RemedyService(new RemedyParts(
        s.GetRequiredService<PolicyEngineService>(), s.GetRequiredService<IChangeStore>(), s.GetRequiredService<TimeProvider>(), () => Playbooks.Read(PlaybookFolder).Playbooks)
    {
        Detection = new DetectionOptions { FloodPastNeeded = TimeSpan.FromSeconds(4), ShortWindow = TimeSpan.FromSeconds(5), CloseAfter = TimeSpan.FromSeconds(5) },
    }));

    private static async Task<IReadOnlyList<JsonObject>> Findings(EngineFixture engine) =>
        [.. JsonNode.Parse(await engine.Http.GetStringAsync("findings"))!["findings"]!.AsArray().OfType<JsonObject>()];

    private sealed record Client(int Port, string Address, int Rate);

    private sealed class Clients : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly ConcurrentDictionary<(int Status, string Version), int> _answers = new();
        private readonly Task _running;

        public Clients(IReadOnlyList<Client> clients) =>
            _running = Task.WhenAll(clients.Select(c => Load.Sustain(c.Port, ["/search"], c.Rate, _end.Token, concurrency: 1, from: IPAddress.Parse(c.Address), counts: _answers)));

        public IEnumerable<int> Statuses => _answers.Keys.Select(k => k.Status).Distinct().Order();

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _running;
            _end.Dispose();
        }
    }
}
