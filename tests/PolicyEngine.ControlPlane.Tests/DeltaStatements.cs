using Envoy.Service.Discovery.V3;
using Grpc.Core;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>Statements C that the first tests left open.</summary>
public sealed class DeltaStatements
{
    [Fact]
    public async Task C8_GivingUp_NeedsNoAnswer_AndEndsPushes()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster, subscribe: ["a", "b"]);
        await client.Ack(await client.Next());
        await client.Send(ResourceType.Cluster, unsubscribe: ["b", "never-wanted", "*"]);
        // What is asked after it is answered after it: nothing came in between.
        await client.Send(ResourceType.Cluster, subscribe: ["c"]);
        Assert.Equal(["c"], (await client.Next()).RemovedResources);
        host.Cache.Publish(Snapshot(null, ("a", 2), ("b", 2)));
        Assert.Equal(["a"], DeltaClient.Names(await client.Next()));
    }

    [Fact]
    public async Task C9_NameGivenUpUnderAWildcard_IsSaidToBeStillThereOrNot()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster, subscribe: ["*", "a", "gone"]);
        var all = await client.Next();
        Assert.Equal((2, "gone"), (all.Resources.Count, all.RemovedResources.Single()));
        await client.Ack(all);
        await client.Send(ResourceType.Cluster, unsubscribe: ["a"]);
        Assert.Equal(["a"], DeltaClient.Names(await client.Next()));
        await client.Send(ResourceType.Cluster, unsubscribe: ["gone"]);
        Assert.Equal(["gone"], (await client.Next()).RemovedResources);
    }

    [Fact]
    public async Task C10_StaleNonce_DoesNotStopAChangeOfSubscription()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster, subscribe: ["a"]);
        var first = await client.Next();
        await client.Ack(first);
        host.Cache.Publish(Snapshot(null, ("a", 2), ("b", 1)));
        await client.Next();
        await client.Send(ResourceType.Cluster, first.Nonce, subscribe: ["b"]);
        Assert.Equal(["b"], DeltaClient.Names(await client.Next()));
    }

    [Fact]
    public async Task C11_OneMessage_AcknowledgesAndSubscribes()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1), ("c", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster, "of-another-stream", subscribe: ["a", "b"], has: new() { ["a"] = Cluster("a", 1).Revision.Short });
        var first = await client.Next();
        Assert.Equal(["b"], DeltaClient.Names(first));
        await client.Send(ResourceType.Cluster, first.Nonce, subscribe: ["c"], unsubscribe: ["a"], has: new() { ["c"] = Cluster("c", 1).Revision.Short });
        Assert.Equal(["c"], DeltaClient.Names(await client.Next()));
        host.Cache.Publish(Snapshot(null, ("a", 2), ("b", 2), ("c", 1)));
        Assert.Equal(["b"], DeltaClient.Names(await client.Next()));
    }

    [Fact]
    public async Task C14_InitialVersions_SubscribeToNothing_AndCountInTheFirstRequestOnly()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster, subscribe: ["a"], has: new() { ["b"] = "old", ["c"] = "old" });
        var first = await client.Next();
        Assert.Equal(["a"], DeltaClient.Names(first));
        Assert.Empty(first.RemovedResources);
        await client.Send(ResourceType.Cluster, first.Nonce, has: new() { ["a"] = "old" });
        await client.Send(ResourceType.Cluster, subscribe: ["b"]);
        Assert.Equal(["b"], DeltaClient.Names(await client.Next()));
    }

    [Fact]
    public async Task C15_EveryResponse_HasANonceOfItsOwn()
    {
        await using var host = await Start();
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster);
        var nonces = new HashSet<string>();
        for (var i = 1; i <= 10; i++)
        {
            host.Cache.Publish(Snapshot(null, ("a", i)));
            var response = await client.Next();
            Assert.NotEmpty(response.Nonce);
            Assert.True(nonces.Add(response.Nonce));
            Assert.Equal(Snapshot(null, ("a", i))[ResourceType.Cluster].Version.Short, response.SystemVersionInfo);
            await client.Ack(response);
        }
    }

    [Fact]
    public async Task C16_FirstRequestOfMoreThanFourMegabytes_IsTaken_UpToTheLimit()
    {
        await using var host = await Start(new ControlPlaneOptions { MaxRequestBytes = 12 * 1024 * 1024 });
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = host.Delta();
        await client.Send(ResourceType.Cluster, subscribe: ["a"], has: Names(60_000));
        Assert.Equal(["a"], DeltaClient.Names(await client.Next()));
        await using var greedy = host.Delta();
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await greedy.Send(ResourceType.Cluster, subscribe: ["a"], has: Names(120_000)).WhateverBecomes();
            await greedy.Next();
        });
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);

        static Dictionary<string, string> Names(int count) => Enumerable.Range(0, count).ToDictionary(i => $"{i:D100}", _ => "v");
    }

    [Fact]
    public async Task C3_Version_IsTheContents_OnEveryReplica()
    {
        var versions = new List<string>();
        for (var replica = 0; replica < 2; replica++)
        {
            await using var host = await Start(new ControlPlaneOptions { Identifier = $"replica-{replica}" });
            host.Cache.Publish(Snapshot("a", ("a", 1), ("b", replica)));
            await using var client = host.Delta();
            await client.Raw(new DeltaDiscoveryRequest { Node = new EnvoyNode { Id = "n1", Cluster = "fleet" }, TypeUrl = ResourceType.Cluster.TypeUrl });
            versions.AddRange((await client.Next()).Resources.OrderBy(r => r.Name, StringComparer.Ordinal).Select(r => r.Version));
        }
        Assert.Equal(versions[0], versions[2]);
        Assert.NotEqual(versions[1], versions[3]);
    }
}
