using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>
/// What an istiod asks of a configuration source (MCP over xDS), replayed: sixteen first requests on the aggregated stream, each with the time
/// for a nonce; an answer owed to each; acknowledgements, and never a refusal.
/// </summary>
public sealed class ConfigurationSourceTests
{
    private const string MeshConfig = "core/v1alpha1/MeshConfig";

    private static readonly string[] Kinds =
    [
        MeshConfig,
        "security.istio.io/v1/AuthorizationPolicy", "networking.istio.io/v1/DestinationRule", "networking.istio.io/v1alpha3/EnvoyFilter", "networking.istio.io/v1/Gateway",
        "security.istio.io/v1/PeerAuthentication", "networking.istio.io/v1beta1/ProxyConfig", "security.istio.io/v1/RequestAuthentication", "networking.istio.io/v1/ServiceEntry",
        "networking.istio.io/v1/Sidecar", "telemetry.istio.io/v1/Telemetry", "extensions.istio.io/v1alpha1/TrafficExtension", "networking.istio.io/v1/VirtualService",
        "extensions.istio.io/v1alpha1/WasmPlugin", "networking.istio.io/v1/WorkloadEntry", "networking.istio.io/v1/WorkloadGroup",
    ];

    /// <summary>Whether or not a fleet wants the istiod.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("fleet")]
    public async Task SixteenRequests_EachWithAForeignNonce_AreEachAnsweredOnce_AlsoAfterReconnecting(string cluster)
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        for (var connection = 1; connection <= 2; connection++)
        {
            await using var istiod = host.Sotw();
            foreach (var (kind, i) in Kinds.Select((k, i) => (k, i)))
                await istiod.Raw(new DiscoveryRequest { Node = Node(cluster), TypeUrl = kind, ResponseNonce = $"2026-11-24 12:0{connection}:00.{i:000000000} +0000 UTC m=+0.{i}" });
            var answers = new List<DiscoveryResponse>();
            foreach (var _ in Kinds)
            {
                var answer = await istiod.Next();
                Assert.Empty(answer.Resources);
                answers.Add(answer);
                // Of the mesh configuration only an empty answer is acknowledged; here, none is: nothing may wait for it.
                if (answer.TypeUrl != MeshConfig) await istiod.Raw(new DiscoveryRequest { Node = Node(cluster), TypeUrl = answer.TypeUrl, VersionInfo = answer.VersionInfo, ResponseNonce = answer.Nonce });
            }
            Assert.Equal(Kinds, answers.Select(a => a.TypeUrl));
            Assert.Equal(Kinds.Length, answers.Select(a => a.Nonce).Distinct().Count());
            Assert.All(answers, a => Assert.NotEmpty(a.VersionInfo));
            // An acknowledgement is not answered: the next thing on the stream is what is asked for next.
            await istiod.Raw(new DiscoveryRequest { Node = Node(cluster), TypeUrl = "networking.istio.io/v1alpha3/VirtualService" });
            Assert.Equal("networking.istio.io/v1alpha3/VirtualService", (await istiod.Next()).TypeUrl);
        }
    }

    [Fact]
    public async Task Kinds_AreBounded_AndDisturbNoOtherType()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = host.Sotw();
        for (var i = 0; i < 300; i++) await client.Raw(new DiscoveryRequest { Node = Node("fleet"), TypeUrl = $"group/v1/Kind{i}" });
        for (var i = 0; i < 256; i++) Assert.Equal($"group/v1/Kind{i}", (await client.Next()).TypeUrl);
        await client.Send(ResourceType.Cluster);
        Assert.Equal(["a"], SotwClient.Clusters(await client.Next()));
        await Waiting.Until(() => host.Nodes.Nodes.Single().Types.Length == 1, "the node to be known by what it asked for");
    }

    private static Node Node(string cluster) => new() { Id = "sidecar~10.0.0.1~istiod-1.istio-system~istio-system.svc.cluster.local", Cluster = cluster };
}
