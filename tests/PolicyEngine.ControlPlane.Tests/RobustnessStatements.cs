using System.Diagnostics.Metrics;
using Envoy.Service.Accesslog.V3;
using Envoy.Service.LoadStats.V3;
using Grpc.Core;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.ControlPlane.Wire;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>Statements F that the first tests left open.</summary>
public sealed class RobustnessStatements
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task F2_LoadReporting_AsksForAllClustersOnlyOfWhoCan(bool can)
    {
        await using var host = await Start(new ControlPlaneOptions { LoadReportingInterval = TimeSpan.FromSeconds(7) });
        host.Cache.Publish(Snapshot(null, ("a", 1), ("b", 1)));
        using var call = new LoadReportingService.LoadReportingServiceClient(host.Channel).StreamLoadStats();
        var node = new EnvoyNode { Id = "n1", Cluster = "fleet" };
        if (can) node.ClientFeatures.Add("envoy.lrs.supports_send_all_clusters");
        await call.RequestStream.WriteAsync(new LoadStatsRequest { Node = node });
        Assert.True(await call.ResponseStream.MoveNext().WithTimeout());
        var wish = call.ResponseStream.Current;
        Assert.Equal(TimeSpan.FromSeconds(7), wish.LoadReportingInterval.ToTimeSpan());
        Assert.Equal(can, wish.SendAllClusters);
        Assert.Equal(can ? [] : ["a", "b"], wish.Clusters);
    }

    [Fact]
    public void F5_AThousandPublishesToAStalledStream_LeaveOneResponse_AndTheLastStateWins()
    {
        var stream = new DeltaStream(new ResponseEncoder("test"), null);
        stream.Receive(new() { TypeUrl = ResourceType.Cluster.TypeUrl }, default);
        Assert.NotNull(stream.Next(Snapshot(null, ("a", 0))));
        Snapshot? last = null;
        for (var i = 1; i <= 1_000; i++) last = Snapshot(null, ("a", i));
        var next = Envoy.Service.Discovery.V3.DeltaDiscoveryResponse.Parser.ParseFrom(stream.Next(last!)!.Body.Span);
        Assert.Equal(TimeSpan.FromSeconds(1), next.Resources.Single().Resource_.Unpack<EnvoyCluster>().ConnectTimeout.ToTimeSpan());
        Assert.Null(stream.Next(last!));
    }

    [Fact]
    public async Task F6_ClientThatNeverReads_IsLetGo_AndCounted()
    {
        var timeouts = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "policyengine.xds.write_timeouts") l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref timeouts, count));
        listener.Start();
        await using var host = await Start(new ControlPlaneOptions { WriteTimeout = TimeSpan.FromMilliseconds(200) });
        host.Cache.Publish(Snapshot(null, [.. Enumerable.Range(0, 20_000).Select(i => ($"cluster-{i}", 1))]));
        await using var stalled = host.Sotw();
        await stalled.Send(ResourceType.Cluster);
        await Waiting.Until(() => host.Nodes.Nodes.Length == 1, "the stream to be known");
        await Waiting.Until(() => host.Nodes.Nodes.IsEmpty, "the stream to be ended");
        Assert.True(Interlocked.Read(ref timeouts) >= 1);
    }

    [Fact]
    public async Task FirstRequestThatCannotBeMeant_LeavesNoNodeBehind()
    {
        await using var host = await Start();
        await using var client = host.Delta();
        await client.Raw(new() { Node = new() { Id = "n", Cluster = "fleet" } });
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(client.Next)).StatusCode);
        await Waiting.Until(() => host.Nodes.Nodes.IsEmpty, "the stream to be forgotten");
    }

    [Fact]
    public void F9_SameContent_SameBytes_WhateverTheOrderItWasPutTogetherIn()
    {
        EnvoyCluster With(params string[] keys)
        {
            var cluster = new EnvoyCluster { Name = "a" };
            foreach (var key in keys) cluster.TypedExtensionProtocolOptions.Add(key, Canonical.Pack(new EnvoyNode { Id = key }));
            return cluster;
        }
        var (one, other) = (Resource.Of(ResourceType.Cluster, "a", With("x", "y", "z"), []), Resource.Of(ResourceType.Cluster, "a", With("z", "x", "y"), ["Service/a"]));
        Assert.True(one.Body.Span.SequenceEqual(other.Body.Span));
        Assert.Equal(one.Revision, other.Revision);
        Assert.Equal(Xds.Snapshot.Of("fleet", [one, Cluster("b", 1)]).Revision, Xds.Snapshot.Of("fleet", [Cluster("b", 1), other]).Revision);
    }

    /// <summary>At once, or after a message that was well.</summary>
    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Garbage_OnAStream_IsAClearStatus(string service, string method, byte[] first)
    {
        await using var host = await Start();
        var bytes = new Method<byte[], byte[]>(MethodType.DuplexStreaming, service, method, Marshallers.Create(b => b, b => b), Marshallers.Create(b => b, b => b));
        using var call = host.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(bytes, null, default);
        if (first.Length > 0) await call.RequestStream.WriteAsync(first);
        await call.RequestStream.WriteAsync([0xff, 0xff, 0xff, 0xff, 0x07]);
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext().WithTimeout())
            {
            }
        });
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Matches("malformed|no message of this method", refused.Status.Detail);
    }

    public static TheoryData<string, string, byte[]> Streams()
    {
        var node = new EnvoyNode { Id = "n1", Cluster = "fleet" };
        return new()
        {
            { "envoy.service.cluster.v3.ClusterDiscoveryService", "DeltaClusters", [] },
            { "envoy.service.load_stats.v3.LoadReportingService", "StreamLoadStats", [] },
            { "envoy.service.load_stats.v3.LoadReportingService", "StreamLoadStats", Canonical.Bytes(new LoadStatsRequest { Node = node }) },
            { "envoy.service.health.v3.HealthDiscoveryService", "StreamHealthCheck", Canonical.Bytes(new Envoy.Service.Health.V3.HealthCheckRequestOrEndpointHealthResponse { HealthCheckRequest = new() { Node = node } }) },
            { "envoy.service.accesslog.v3.AccessLogService", "StreamAccessLogs", [] },
            { "envoy.service.accesslog.v3.AccessLogService", "StreamAccessLogs", Canonical.Bytes(new StreamAccessLogsMessage { Identifier = new() { Node = node, LogName = "client-reports/100%" } }) },
        };
    }
}
