using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>Make before break: services are renamed, split, removed and added again under load, a hundred times, and no request fails (D1–D3).</summary>
public sealed class ChurnTests
{
    private const int Rounds = 25;
    private const int RequestsPerSecond = 2_000;

    [Theory]
    [InlineData("GRPC")]
    [InlineData("DELTA_GRPC")]
    public async Task Services_RenamedSplitRemovedAndAddedAgain_FailNoRequest(string protocol)
    {
        EnvoyBinary.Require();
        await using var engine = await EngineFixture.Start();
        await using var envoy = await engine.Envoy(protocol);
        await engine.Acknowledged();
        var start = engine.Engine.Head.Catalog;
        using var stop = new CancellationTokenSource();
        var load = Load.Sustain(engine.ListenerPort, ["/orders", "/search", "/checkout", "/"], RequestsPerSecond, stop.Token);
        try
        {
            for (var i = 1; i <= Rounds; i++) await Round(engine, start, i);
        }
        finally
        {
            await stop.CancelAsync();
        }
        var (answers, took) = await load;
        var all = answers.Values.Sum();
        TestContext.Current.TestOutputHelper?.WriteLine($"{protocol}: {all} requests, {all / took.TotalSeconds:0} a second, {4 * Rounds} changes: {string.Join(", ", answers.OrderBy(a => a.Key).Select(a => $"{a.Key.Status} {a.Key.Version}: {a.Value}"))}");
        Assert.All(answers.Keys, k => Assert.Equal(200, k.Status));
        Assert.Equal(["checkout-v1", "orders-v1", "orders-v2", "search-v1", "storefront-v1"], answers.Keys.Select(k => k.Version).Order(StringComparer.Ordinal));
        await engine.Acknowledged();
        Assert.Equal(0, await envoy.Stat("listener_manager.listener_modified"));
        Assert.Equal(0, await envoy.Stat("cluster_manager.cds.update_rejected"));
        // What was taken away is gone, and its warming left nothing behind.
        Assert.DoesNotContain($"orders-{Rounds - 1}", await envoy.Admin("/clusters"), StringComparison.Ordinal);
        Assert.Equal(0, await envoy.Stat("cluster_manager.warming_clusters"));
    }

    /// <summary>Four changes, every other one as soon as the one before it is promoted, whether Envoy has it by then or not.</summary>
    private static async Task Round(EngineFixture engine, ServiceCatalog start, int i)
    {
        var (before, now) = (i == 1 ? "orders" : $"orders-{i - 1}", $"orders-{i}");

        // Renamed: the new name, the route to it, and the old one is no more.
        await Catalog(engine, [.. start.Documents.Values, .. i == 1 ? [] : new[] { Renamed(start, before) }, Renamed(start, now)]);
        await engine.Change([.. i == 1 ? [] : new[] { PolicyEdit.Remove(Kinds.TrafficSplit, $"split-{i - 1}") }, Route("orders", now)]);
        await Catalog(engine, [.. start.Documents.Values, Renamed(start, now)]);

        // Split, while the one before may still be on its way.
        await engine.Change(Policy("TrafficSplit", $"split-{i}", $"target: {{service: {now}}}\n  backends: [{{version: v1, weight: 50}}, {{version: v2, weight: 50}}]"));
        await engine.Acknowledged();

        // Removed, cluster and all: the storefront answers for it; and added again.
        await engine.Change(PolicyEdit.Remove(Kinds.Route, "search"), PolicyEdit.Remove(Kinds.Timeout, "search-timeout"));
        await Catalog(engine, [.. start.Documents.Values.Where(d => d.Id != "Service/search"), Renamed(start, now)]);
        if (i % 2 == 0) await engine.Acknowledged();
        await Catalog(engine, [.. start.Documents.Values, Renamed(start, now)]);
        await engine.Change(Route("search", "search"));
        if (i % 3 == 0) await engine.Acknowledged();
    }

    private static async Task Catalog(EngineFixture engine, IEnumerable<Document> documents) =>
        Assert.Empty((await engine.Engine.UpdateCatalogAsync(new ServiceCatalog(documents), CancellationToken.None)).Where(d => d.Severity == Ir.Severity.Error));

    private static Document Renamed(ServiceCatalog start, string name)
    {
        var orders = start.Find(Kinds.Service, "orders")!;
        return orders.With(orders.Metadata with { Name = name });
    }

    private static PolicyEdit Route(string name, string service) => Policy("Route", name, $"hosts: [shop.example.com]\n  matches: [{{path: {{prefix: /{name}}}}}]\n  backends: [{{service: {service}}}]");

    private static PolicyEdit Policy(string kind, string name, string spec) =>
        PolicyEdit.Upsert(DocumentParser.Parse($"apiVersion: policyengine.dev/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec:\n  {spec}\n", "churn").Documents.Single());
}
