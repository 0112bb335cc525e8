using Envoy.Service.Discovery.V3;
using Grpc.Core;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>E11: what is said of names that are not there, to who can read it.</summary>
public sealed class ResourceErrorTests
{
    private static readonly ControlPlaneOptions On = new() { ResourceErrors = true };

    [Fact]
    public async Task E11_Sotw_NameThatIsNotThere_IsSaidOnceAChange_AndNeverBesideItsResource()
    {
        await using var host = await Start(On);
        host.Cache.Publish(Of(Cluster("a", 1), Routes("a")));
        await using var client = host.Sotw();
        string[] names = ["routes", "more"];
        await client.Send(ResourceType.RouteTable, names: names);
        var first = await client.Next();
        Assert.Single(first.Resources);
        Assert.Equal([("more", (int)StatusCode.NotFound)], Errors(first.ResourceErrors));
        Assert.Contains("route", first.ResourceErrors[0].ErrorDetail.Message, StringComparison.Ordinal);
        await client.Ack(first, names);

        // Another change does not say it again; the name comes, and goes.
        host.Cache.Publish(Of(Cluster("a", 1), Cluster("b", 1), Routes("b")));
        var second = await client.Next();
        Assert.Equal((1, 0), (second.Resources.Count, second.ResourceErrors.Count));
        await client.Ack(second, names);
        host.Cache.Publish(Of(Cluster("a", 1), Cluster("b", 1), Routes("b"), Routes("a", "more")));
        var come = await client.Next();
        Assert.Equal((1, 0), (come.Resources.Count, come.ResourceErrors.Count));
        await client.Ack(come, names);
        host.Cache.Publish(Of(Cluster("a", 1), Cluster("b", 1), Routes("b")));
        var gone = await client.Next();
        Assert.Empty(gone.Resources);
        Assert.Equal([("more", (int)StatusCode.NotFound)], Errors(gone.ResourceErrors));
        await client.Ack(gone, names);
        host.Cache.Publish(Of(Cluster("a", 1), Routes("a")));
        Assert.Empty((await client.Next()).ResourceErrors);
    }

    [Fact]
    public async Task E11_Sotw_OfClustersAllThatThereAreAreSentAllTheSame_AndAWildcardHasNoErrors()
    {
        await using var host = await Start(On);
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        await using var named = host.Sotw();
        await named.Send(ResourceType.Cluster, names: ["a", "b", "x"]);
        var first = await named.Next();
        Assert.Equal(["a", "b"], SotwClient.Clusters(first));
        Assert.Equal([("x", (int)StatusCode.NotFound)], Errors(first.ResourceErrors));
        await named.Ack(first, "a", "b", "x");
        await using var all = host.Sotw("n2");
        await all.Send(ResourceType.Cluster);
        await all.Ack(await all.Next());

        host.Cache.Publish(Snapshot(null, ("a", 2)));
        var second = await named.Next();
        Assert.Equal(["a"], SotwClient.Clusters(second));
        Assert.Equal([("b", (int)StatusCode.NotFound)], Errors(second.ResourceErrors));
        Assert.Empty((await all.Next()).ResourceErrors);
    }

    [Fact]
    public async Task E11_Delta_NameThatIsNotThere_IsAmongTheRemovedToo()
    {
        await using var host = await Start(On);
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using var client = new DeltaClient(DiscoveryClients.All["cluster"].Delta(host.Channel), "n1");
        await client.Send(ResourceType.Cluster, subscribe: ["a", "x"]);
        var first = await client.Next();
        Assert.Equal("a -x", Told(first));
        Assert.Equal([("x", (int)StatusCode.NotFound)], Errors(first.ResourceErrors));
        await client.Ack(first);
        host.Cache.Publish(Snapshot(null, ("a", 2)));
        var second = await client.Next();
        Assert.Equal((1, 0, 0), (second.Resources.Count, second.RemovedResources.Count, second.ResourceErrors.Count));
        await client.Ack(second);
        host.Cache.Publish(Snapshot(null, ("x", 1)));
        var third = await client.Next();
        Assert.Equal("x -a", Told(third));
        Assert.Equal([("a", (int)StatusCode.NotFound)], Errors(third.ResourceErrors));
    }

    /// <summary>A host on demand that nobody serves is answered as a resource without content, which is no error.</summary>
    [Fact]
    public async Task E11_HostsOnDemand_AreAnsweredAsEver()
    {
        await using var host = await Start(On);
        host.Cache.Publish(Of());
        await using var client = new DeltaClient(DiscoveryClients.All["virtual-host"].Delta(host.Channel), "n1");
        await client.Send(ResourceType.VirtualHost, subscribe: ["web/a.test"]);
        var answer = await client.Next();
        Assert.Equal(("web/a.test", 0), (answer.Resources.Single().Name, answer.ResourceErrors.Count));
    }

    [Fact]
    public async Task E11_UnlessAskedFor_AbsentIsRemovedInDelta_AndNothingInStateOfTheWorld()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot("a", ("a", 1)));
        await using var delta = host.Delta();
        await delta.Send(ResourceType.RouteTable, subscribe: ["more"]);
        var absent = await delta.Next();
        Assert.Equal(("more", 0), (absent.RemovedResources.Single(), absent.ResourceErrors.Count));
        await using var sotw = host.Sotw("n2");
        await sotw.Send(ResourceType.RouteTable, names: ["more"]);
        await sotw.Send(ResourceType.Cluster, names: ["x", "a"]);
        // Of the table nothing came before it.
        var clusters = await sotw.Next();
        Assert.Equal((ResourceType.Cluster.TypeUrl, 0), (clusters.TypeUrl, clusters.ResourceErrors.Count));
    }

    private static string Told(DeltaDiscoveryResponse response) => string.Join(' ', DeltaClient.Names(response).Concat(response.RemovedResources.Select(n => "-" + n)));

    private static Snapshot Of(params Xds.Resource[] resources) => Xds.Snapshot.Of("fleet", resources);

    private static IEnumerable<(string Name, int Code)> Errors(IEnumerable<ResourceError> errors) => errors.Select(e => (e.ResourceName.Name, e.ErrorDetail.Code));
}
