using Envoy.Service.Discovery.V3;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.ControlPlane.Wire;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>What a client runs decides which of its clusters may go.</summary>
public sealed class RunningTests
{
    private readonly DeltaStream _stream = new(new ResponseEncoder("test"), null);

    [Fact]
    public void RoutesOfAnEarlierStream_KeepTheClusters_UntilTheyAreReplaced()
    {
        var old = Snapshot("old", ("old", 1));
        var served = Snapshot("new", ("new", 1));
        _stream.Receive(First(ResourceType.Cluster, old[ResourceType.Cluster].Resources["old"]), default);
        _stream.Receive(First(ResourceType.RouteTable, old[ResourceType.RouteTable].Resources["routes"]), default);

        var added = Take(served);
        Assert.Equal(("new", ""), (Sent(added), Gone(added)));
        Ack(added);
        var moved = Take(served);
        Assert.Equal("routes", Sent(moved));
        Assert.Null(_stream.Next(served));
        Ack(moved);
        Assert.Equal("old", Gone(Take(served)));
    }

    [Fact]
    public void RoutesThatARefusalLeaves_KeepTheirCluster_AlthoughALaterResponseWasTaken()
    {
        _stream.Receive(new DeltaDiscoveryRequest { TypeUrl = ResourceType.Cluster.TypeUrl }, default);
        _stream.Receive(new DeltaDiscoveryRequest { TypeUrl = ResourceType.RouteTable.TypeUrl, ResourceNamesSubscribe = { "routes", "more" } }, default);
        var first = Xds.Snapshot.Of("fleet", [Cluster("a", 1), Routes("a"), Routes("a", "more")]);
        Ack(Take(first));
        Ack(Take(first));
        var second = Xds.Snapshot.Of("fleet", [Cluster("a", 1), Cluster("b", 1), Routes("b"), Routes("a", "more")]);
        Ack(Take(second));
        var refused = Take(second);
        var third = Xds.Snapshot.Of("fleet", [Cluster("b", 1), Routes("b"), Routes("b", "more")]);
        var taken = Take(third);
        Assert.Equal("more", Sent(taken));
        Answer(refused, "no");
        Ack(taken);

        Assert.Null(_stream.Next(third));
    }

    private static DeltaDiscoveryRequest First(ResourceType type, PolicyEngine.Xds.Resource has)
    {
        var request = new DeltaDiscoveryRequest { TypeUrl = type.TypeUrl, InitialResourceVersions = { [has.Name] = has.Revision.Short } };
        if (type == ResourceType.RouteTable) request.ResourceNamesSubscribe.Add(has.Name);
        return request;
    }

    private DeltaDiscoveryResponse Take(Snapshot served)
    {
        var encoded = _stream.Next(served);
        Assert.NotNull(encoded);
        var response = DeltaDiscoveryResponse.Parser.ParseFrom(encoded.Body.Span);
        response.Nonce = encoded.Nonce;
        return response;
    }

    private void Ack(DeltaDiscoveryResponse response) => Answer(response, null);

    private void Answer(DeltaDiscoveryResponse response, string? error) =>
        _stream.Receive(new DeltaDiscoveryRequest { TypeUrl = response.TypeUrl, ResponseNonce = response.Nonce, ErrorDetail = error is null ? null : new Google.Rpc.Status { Message = error } }, default);

    private static string Sent(DeltaDiscoveryResponse response) => string.Join(' ', response.Resources.Select(r => r.Name));

    private static string Gone(DeltaDiscoveryResponse response) => string.Join(' ', response.RemovedResources);
}
