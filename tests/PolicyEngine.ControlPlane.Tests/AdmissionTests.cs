using Envoy.Service.Discovery.V3;
using Grpc.Core;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>How many may come, and how fast; statement F7.</summary>
public sealed class AdmissionTests
{
    [Fact]
    public async Task MoreStreamsOfAPeerThanItMayHave_AreRefused_AndAPlaceIsGivenBack()
    {
        await using var host = await XdsHost.Start(new ControlPlaneOptions { MostStreamsPerPeer = 2 });
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var one = await Served(host, "n1");
        await using (await Served(host, "n2"))
        {
            var refused = await Refused(host, "n3");
            Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
            Assert.Contains("127.0.0.1 has its 2 streams already", refused.Status.Detail);
            Assert.Equal(2, host.Nodes.Nodes.Length);
        }
        await Waiting.Until(() => host.Nodes.Nodes.Length == 1, "the place to be free");
        await Waiting.Until(async () =>
        {
            try
            {
                await using var three = await Served(host, "n3");
                return true;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
            {
                return false;
            }
        }, "a third to come in");
    }

    [Fact]
    public async Task MoreStreamsThanTheServerHasPlacesFor_AreRefused()
    {
        await using var host = await XdsHost.Start(new ControlPlaneOptions { MostStreams = 1 });
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var one = await Served(host, "n1");
        Assert.Equal(StatusCode.ResourceExhausted, (await Refused(host, "n2")).StatusCode);
    }

    /// <summary>A storm: those over the rate wait their turn, and those for whom there is no room to wait come again; all are served in the end.</summary>
    [Fact]
    public async Task F7_AStormOfConnections_IsServedAtABoundedRate()
    {
        await using var host = await XdsHost.Start(new ControlPlaneOptions { StreamsPerSecond = 20, StreamBurst = 5 });
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        var refused = 0;
        var clients = await Task.WhenAll(Enumerable.Range(0, 30).Select(async i =>
        {
            SotwClient? client = null;
            await Waiting.Until(async () =>
            {
                try
                {
                    client = await Served(host, $"n{i}");
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
                {
                    Interlocked.Increment(ref refused);
                }
                return client is not null;
            }, "a place");
            return client!;
        }));
        Assert.True(refused > 0, "nobody was sent away, although 30 came at once where 5 may, and 5 wait");
        Assert.Equal(30, host.Nodes.Nodes.Length);
        foreach (var client in clients) await client.DisposeAsync();
    }

    [Fact]
    public async Task MoreNamesThanAStreamMayWant_EndIt()
    {
        await using var host = await XdsHost.Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Endpoints, subscribe: [.. Enumerable.Range(0, 60_000).Select(i => $"e{i}")]);
        await client.Next();
        await client.Send(ResourceType.Endpoints, subscribe: [.. Enumerable.Range(60_000, 60_000).Select(i => $"e{i}")]).WhateverBecomes();
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true) await client.Next();
        });
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Contains("100000", refused.Status.Detail);
    }

    private static async Task<SotwClient> Served(XdsHost host, string node)
    {
        var client = host.Sotw(node);
        await client.Send(ResourceType.Cluster).WhateverBecomes();
        await client.Next();
        return client;
    }

    private static Task<RpcException> Refused(XdsHost host, string node) => Assert.ThrowsAsync<RpcException>(() => Served(host, node));
}
