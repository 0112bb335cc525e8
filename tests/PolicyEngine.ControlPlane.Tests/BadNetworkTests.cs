using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>A bad network between a real Envoy and the server: when it ends, nothing is stuck, leaked or out of date.</summary>
public sealed class BadNetworkTests
{
    private const int Clusters = 100;

    /// <summary>Longer than a dead connection takes to be found: the server's pings go out after 30 s and wait for 20.</summary>
    private static readonly TimeSpan SoonEnough = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Latency_OfHalfASecond_DelaysOnly(bool delta) => Survive(delta, async (network, publish, _) =>
    {
        await network.Trouble("latency", ("latency", 500), ("jitter", 200));
        for (var i = 0; i < 50; i++) publish();
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task OneKilobyteASecond_SkipsWhatIsOvertaken(bool delta) => Survive(delta, async (network, publish, host) =>
    {
        await network.Trouble("bandwidth", ("rate", 1));
        for (var i = 0; i < 50; i++) publish();
        await Waiting.Until(() => host.Nodes.Nodes.Any(n => n.State == SyncState.Sent), "something to be on its way");
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Resets_AreComeBackFrom(bool delta) => Survive(delta, async (network, publish, host) =>
    {
        for (var i = 0; i < 5; i++)
        {
            var before = host.Nodes.Nodes.Single().Stream;
            await network.Trouble("reset_peer", ("timeout", 0));
            publish();
            await Waiting.Until(() => host.Nodes.Nodes.All(n => n.Stream != before), "the stream to be gone", SoonEnough);
            await network.Calm();
            publish();
            await Waiting.Until(() => host.Nodes.Nodes.Any(n => n.State == SyncState.Synced), "the node to be back", SoonEnough);
        }
    });

    /// <summary>Envoy finds out after 35 s, the server after 50; the connections that Envoy then opens go unanswered too.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task AMinuteOfSilence_EndsTheStream_AndIsMadeUpFor(bool delta) => Survive(delta, async (network, publish, host) =>
    {
        var before = host.Nodes.Nodes.Single().Stream;
        await network.Trouble("timeout", ("timeout", 0));
        for (var i = 0; i < 10; i++) publish();
        await Waiting.Until(() => host.Nodes.Nodes.All(n => n.Stream != before), "the server to find the connection dead", SoonEnough);
    });

    private static async Task Survive(bool delta, Func<Toxiproxy, Action, XdsHost, Task> trouble)
    {
        EnvoyBinary.Require();
        await using var host = await Start();
        await using var network = await Toxiproxy.Start(host.Port);
        var generation = 0;
        void Publish() => host.Cache.Publish(Generation(++generation));
        Publish();
        // The fleet that these hosts know is called so.
        await using var envoy = await EnvoyProcess.Start(NodeBootstrap.Write("envoy", "fleet", "127.0.0.1", network.Port, delta));
        await Waiting.Until(() => Has(envoy, generation), "the first clusters");

        await trouble(network, Publish, host);
        Publish();
        await network.Calm();

        await Waiting.Until(() => Has(envoy, generation), $"the last of {generation} generations\n{envoy.Log}", SoonEnough);
        await Waiting.Until(() => host.Nodes.Nodes is [{ State: SyncState.Synced }], "one stream, in step", SoonEnough);
        // It is not only that the last came through: what is published now does.
        Publish();
        await Waiting.Until(() => Has(envoy, generation), "what is published afterwards");
        await Waiting.Until(() => host.Nodes.Of(Generation(generation)).Acknowledged == 1, "its acknowledgement");
    }

    private static Snapshot Generation(int n) => Snapshot(null, [.. Enumerable.Range(0, Clusters).Select(i => ($"g{n}-{i}", 1))]);

    private static async Task<bool> Has(EnvoyProcess envoy, int generation)
    {
        var names = (await envoy.Admin("/clusters")).Split('\n').Select(l => l.Split("::")[0]).Where(n => n.StartsWith('g')).ToHashSet();
        return names.Count == Clusters && names.All(n => n.StartsWith($"g{generation}-", StringComparison.Ordinal));
    }
}
