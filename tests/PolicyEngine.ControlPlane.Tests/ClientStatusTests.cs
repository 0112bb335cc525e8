using Envoy.Admin.V3;
using Envoy.Service.Discovery.V3;
using Envoy.Service.Status.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using EnvoyNode = Envoy.Config.Core.V3.Node;
using GenericXdsConfig = Envoy.Service.Status.V3.ClientConfig.Types.GenericXdsConfig;
using Secret = Envoy.Extensions.TransportSockets.Tls.V3.Secret;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>CSDS: what the server says that its clients have.</summary>
public sealed class ClientStatusTests
{
    [Fact]
    public async Task F1_EachResource_IsSentAcknowledgedOrRefused()
    {
        await using var host = await Start();
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster);
        await client.Send(ResourceType.RouteTable, subscribe: ["none"]);
        Assert.Equal(ConfigStatus.NotSent, (await Until(host, c => c.Any(x => x.TypeUrl == ResourceType.RouteTable.TypeUrl))).Single(x => x.TypeUrl == ResourceType.Cluster.TypeUrl).ConfigStatus);
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        var clusters = await client.Next();
        var sent = (await Until(host, c => c.Any(x => x.Name == "a"))).Single(x => x.Name == "a");
        Assert.Equal((ConfigStatus.Stale, ClientResourceStatus.Requested), (sent.ConfigStatus, sent.ClientStatus));
        Assert.Equal(clusters.Resources[0].Version, sent.VersionInfo);
        await client.Ack(clusters);
        await client.Next();
        await Until(host, c => c.Count(x => x.ConfigStatus == ConfigStatus.Synced && x.Name.Length == 1) == 2);
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 2)));
        var refused = await client.Next();
        await client.Send(ResourceType.Cluster, refused.Nonce, "b is wrong");
        var after = await Until(host, c => c.Any(x => x.ConfigStatus == ConfigStatus.Error));
        Assert.Equal(ConfigStatus.Synced, after.Single(x => x.Name == "a").ConfigStatus);
        var error = after.Single(x => x.Name == "b");
        Assert.Equal((ConfigStatus.Error, ClientResourceStatus.Nacked, "b is wrong"), (error.ConfigStatus, error.ClientStatus, error.ErrorState.Details));
        // What is shown is what was refused.
        Assert.Equal(TimeSpan.FromMilliseconds(2), error.ErrorState.FailedConfiguration.Unpack<EnvoyCluster>().ConnectTimeout.ToTimeSpan());
        Assert.Equal(error.XdsConfig, error.ErrorState.FailedConfiguration);
        Assert.NotNull(error.ErrorState.LastUpdateAttempt);
    }

    [Fact]
    public async Task F1_NodeMatchers_AreOred_AndStreamAnswersEachRequest()
    {
        await using var host = await Start();
        await using var one = host.Sotw("edge-1");
        await using var two = host.Sotw("edge-2");
        await using var three = host.Delta("cell-1");
        await one.Raw(Hello("edge-1", "eu"));
        await two.Raw(Hello("edge-2", "us"));
        await three.Send(ResourceType.Cluster);
        await Waiting.Until(() => host.Nodes.Nodes.Length == 3, "three nodes to be known");
        using var call = new ClientStatusDiscoveryService.ClientStatusDiscoveryServiceClient(host.Channel).StreamClientStatus();
        Assert.Equal(["cell-1", "edge-1", "edge-2"], await Ids());
        Assert.Equal(["edge-2"], await Ids(new NodeMatcher { NodeId = new StringMatcher { Exact = "EDGE-2", IgnoreCase = true } }));
        Assert.Equal(["cell-1", "edge-2"], await Ids(new NodeMatcher { NodeId = new StringMatcher { Suffix = "-2" } }, new NodeMatcher { NodeId = new StringMatcher { SafeRegex = new RegexMatcher { Regex = "cell-[0-9]" } } }));
        Assert.Equal(["edge-1"], await Ids(new NodeMatcher { NodeId = new StringMatcher { Prefix = "edge" }, NodeMetadatas = { Zone(new ValueMatcher { StringMatch = new StringMatcher { Exact = "eu" } }) } }));
        Assert.Equal(["cell-1"], await Ids(new NodeMatcher { NodeMetadatas = { Zone(new ValueMatcher { PresentMatch = false }) } }));
        Assert.Empty(await Ids(new NodeMatcher { NodeId = new StringMatcher { SafeRegex = new RegexMatcher { Regex = "edge" } } }));

        async Task<IEnumerable<string>> Ids(params NodeMatcher[] matchers)
        {
            await call.RequestStream.WriteAsync(new ClientStatusRequest { NodeMatchers = { matchers } });
            Assert.True(await call.ResponseStream.MoveNext().WithTimeout());
            return call.ResponseStream.Current.Config.Select(c => c.Node.Id);
        }
    }

    [Theory]
    [InlineData("(")]
    [InlineData("(?=a)")]
    [InlineData("")]
    public async Task F1_MatcherThatCannotBeMeant_IsInvalidArgument(string regex)
    {
        await using var host = await Start();
        var refused = await Assert.ThrowsAsync<RpcException>(() => Fetch(host, new ClientStatusRequest { NodeMatchers = { new NodeMatcher { NodeId = new StringMatcher { SafeRegex = new RegexMatcher { Regex = regex } } } } }));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    [Fact]
    public async Task F1_ExponentialExpression_DoesNotHoldTheServerUp()
    {
        await using var host = await Start();
        await using var client = host.Sotw(new string('a', 5_000) + "!");
        await client.Send(ResourceType.Cluster);
        await Waiting.Until(() => host.Nodes.Nodes.Length == 1, "the node to be known");
        Assert.Empty((await Fetch(host, new ClientStatusRequest { NodeMatchers = { new NodeMatcher { NodeId = new StringMatcher { SafeRegex = new RegexMatcher { Regex = "(a+)+" } } } } })).Config);
    }

    [Fact]
    public async Task F1_Secrets_AreNotShown()
    {
        await using var host = await Start();
        var secret = new Secret
        {
            Name = "s",
            TlsCertificate = new() { CertificateChain = new() { InlineString = "public chain" }, PrivateKey = new() { InlineBytes = Google.Protobuf.ByteString.CopyFromUtf8("private key") }, Password = new() { InlineString = "password" } },
        };
        host.Cache.Publish(Xds.Snapshot.Of("fleet", [Xds.Resource.Of(ResourceType.Secret, "s", secret, []), DiscoveryClients.All["secret"].Resource("g", 7)]));
        await using var client = host.Delta();
        await client.Send(ResourceType.Secret, subscribe: ["s", "g"]);
        // The node itself gets it whole.
        Assert.Equal("private key", (await client.Next()).Resources.Single(r => r.Name == "s").Resource_.Unpack<Secret>().TlsCertificate.PrivateKey.InlineBytes.ToStringUtf8());
        var shown = (await Until(host, c => c.Any(x => x.Name == "s"))).ToDictionary(x => x.Name, x => x.XdsConfig.Unpack<Secret>());
        Assert.Equal("public chain", shown["s"].TlsCertificate.CertificateChain.InlineString);
        Assert.Equal("[redacted]", shown["s"].TlsCertificate.PrivateKey.InlineBytes.ToStringUtf8());
        Assert.Equal("[redacted]", shown["s"].TlsCertificate.Password.InlineString);
        Assert.Equal("[redacted]", shown["g"].GenericSecret.Secret.InlineString);
    }

    [Fact]
    public async Task F1_SecretsInsideOfPackedMessages_AreNotShown()
    {
        await using var host = await Start();
        var cluster = new EnvoyCluster
        {
            Name = "c",
            TransportSocket = new()
            {
                Name = "tls",
                TypedConfig = Canonical.Pack(new Envoy.Extensions.TransportSockets.Tls.V3.UpstreamTlsContext
                {
                    Sni = "shown",
                    CommonTlsContext = new() { TlsCertificates = { new Envoy.Extensions.TransportSockets.Tls.V3.TlsCertificate { PrivateKey = new() { InlineString = "private key" } } } },
                }),
            },
        };
        host.Cache.Publish(Xds.Snapshot.Of("fleet", [Xds.Resource.Of(ResourceType.Cluster, "c", cluster, [])]));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        await client.Next();
        var bytes = (await Until(host, c => c.Any(x => x.Name == "c"))).Single().XdsConfig.Value.ToStringUtf8();
        Assert.Contains("shown", bytes, StringComparison.Ordinal);
        Assert.DoesNotContain("private key", bytes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F1_WithoutContents_NamesAndVersionsOnly()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = host.Sotw();
        await client.Send(ResourceType.Cluster);
        var clusters = await client.Next();
        await Until(host, c => c.Any(x => x.Name == "a"));
        var config = (await Fetch(host, new ClientStatusRequest { ExcludeResourceContents = true })).Config.Single().GenericXdsConfigs.Single();
        Assert.Equal(("a", clusters.VersionInfo), (config.Name, config.VersionInfo));
        Assert.Null(config.XdsConfig);
    }

    private static DiscoveryRequest Hello(string id, string zone) =>
        new() { TypeUrl = ResourceType.Cluster.TypeUrl, Node = new EnvoyNode { Id = id, Cluster = "fleet", Metadata = new Struct { Fields = { ["zone"] = Value.ForString(zone) } } } };

    private static StructMatcher Zone(ValueMatcher value) => new() { Path = { new StructMatcher.Types.PathSegment { Key = "zone" } }, Value = value };

    private static Task<ClientStatusResponse> Fetch(XdsHost host, ClientStatusRequest request) => new ClientStatusDiscoveryService.ClientStatusDiscoveryServiceClient(host.Channel).FetchClientStatusAsync(request).ResponseAsync;

    private static async Task<IReadOnlyList<GenericXdsConfig>> Until(XdsHost host, Func<IReadOnlyList<GenericXdsConfig>, bool> holds)
    {
        IReadOnlyList<GenericXdsConfig> configs = [];
        await Waiting.Until(
            async () =>
            {
                configs = [.. (await Fetch(host, new ClientStatusRequest())).Config.SelectMany(c => c.GenericXdsConfigs)];
                return holds(configs);
            },
            "the status to be so");
        return configs;
    }
}
