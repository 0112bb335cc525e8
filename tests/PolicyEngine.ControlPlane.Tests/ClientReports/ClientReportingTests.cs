using System.Net;
using System.Net.Sockets;
using Envoy.Data.Accesslog.V3;
using Envoy.Service.Accesslog.V3;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PolicyEngine.ControlPlane.ClientReports;
using PolicyEngine.Testing;
using Xunit;
using EnvoyNode = Envoy.Config.Core.V3.Node;

namespace PolicyEngine.ControlPlane.Tests.ClientReports;

/// <summary>ALS as a node speaks it.</summary>
public sealed class ClientReportingTests
{
    private readonly Told _told = new();

    [Fact]
    public async Task Entries_OfTwoNodes_ArriveTogether_ScaledByWhatEachLogHolds()
    {
        await using var host = await Start();
        using var one = await Connect(host.Channel, "n1", "client-reports/100%");
        using var two = await Connect(host.Channel, "n2", "client-reports/12.5%");
        await Send(one, Entries.Of("203.0.113.7", 3));
        await Send(two, [Entries.Of("203.0.113.9"), Entries.Of("2001:db8::1")]);
        await Until(3 + 8 + 8);
        Assert.Equal(["2001:db8::/64", "203.0.113.0/24"], _told.Reports.Select(r => r.Range?.ToString()).OfType<string>().Distinct().Order(StringComparer.Ordinal));
        await one.RequestStream.CompleteAsync();
        Assert.NotNull(await one.ResponseAsync.WithTimeout());
    }

    [Fact]
    public async Task Entries_OfANodeThatNoFleetWants_AreNotCounted()
    {
        await using var host = await Start();
        using var stranger = await Connect(host.Channel, "n1", cluster: "");
        await Send(stranger, Entries.Of("203.0.113.7", 3));
        await stranger.RequestStream.CompleteAsync();
        await stranger.ResponseAsync.WithTimeout();
        using var own = await Connect(host.Channel, "n2");
        await Send(own, Entries.Of("10.0.0.1", 2));
        await Until(2);
        Assert.Equal("search.v1 10.0.0.0/24 2", _told.All);
    }

    [Theory]
    [InlineData(null, "client-reports/100%", "a node that has an id")]
    [InlineData("", "client-reports/100%", "a node that has an id")]
    [InlineData("n1", "", "such as 'client-reports/100%'")]
    [InlineData("n1", "requests", "such as 'client-reports/100%'")]
    [InlineData("n1", "client-reports/0%", "such as 'client-reports/100%'")]
    [InlineData("n1", "client-reports/many", "such as 'client-reports/100%'")]
    public async Task Stream_ThatDoesNotSayWhoAndWhat_IsInvalid(string? id, string log, string says)
    {
        await using var host = await Start();
        using var call = new AccessLogService.AccessLogServiceClient(host.Channel).StreamAccessLogs();
        await call.RequestStream.WriteAsync(new StreamAccessLogsMessage { Identifier = new() { Node = id is null ? null : new EnvoyNode { Id = id, Cluster = "fleet" }, LogName = log } });
        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WithTimeout());
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains(says, refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_WithoutAMessage_EndsWell()
    {
        await using var host = await Start();
        using var call = new AccessLogService.AccessLogServiceClient(host.Channel).StreamAccessLogs();
        await call.RequestStream.CompleteAsync();
        Assert.NotNull(await call.ResponseAsync.WithTimeout());
    }

    [Fact]
    public async Task Message_ThatIsTooLong_EndsTheStream()
    {
        await using var host = await Start(new ControlPlaneOptions { MaxClientReportBytes = 2000 });
        using var call = await Connect(host.Channel, "n1");
        await Send(call, Entries.Of("10.0.0.1", 100)).WhateverBecomes();
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WithTimeout())).StatusCode);
    }

    [Fact]
    public async Task Peer_ThatSendsTooMuch_IsReadInItsTurn_AndAnotherAtOnce()
    {
        var time = new FakeTimeProvider();
        await using var host = await Start(new ControlPlaneOptions { ClientEntriesPerSecondOfPeer = 10 }, time);
        using var other = From(host, "127.0.0.2");
        using var flooding = await Connect(host.Channel, "n1");
        using var calm = await Connect(other, "n2");
        await Send(flooding, Entries.Of("10.0.0.1", 10));
        await Send(flooding, Entries.Of("10.0.1.1", 10));
        await Send(calm, Entries.Of("10.0.2.1", 3));
        await Until(13, () => time.Advance(TimeSpan.Zero), host);
        Assert.DoesNotContain("10.0.1.0/24", _told.All, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(1));
        await Until(23, () => time.Advance(TimeSpan.FromMilliseconds(100)), host);
        Assert.Contains("10.0.1.0/24 10", _told.All, StringComparison.Ordinal);
    }

    private Task<XdsHost> Start(ControlPlaneOptions? options = null, TimeProvider? time = null) => XdsHost.Start(options, time: time, more: s => s.AddSingleton<IClientSink>(_told));

    /// <summary>Whenever the counts are told, they add up.</summary>
    private Task Until(double requests, Action? meanwhile = null, XdsHost? host = null) => Waiting.Until(() =>
    {
        meanwhile?.Invoke();
        host?.ClientCounts.Tell();
        return _told.Reports.Sum(r => r.Requests) == requests;
    }, $"{requests} requests to be told of");

    private static async Task<AsyncClientStreamingCall<StreamAccessLogsMessage, StreamAccessLogsResponse>> Connect(GrpcChannel channel, string node, string log = "client-reports/100%", string cluster = "fleet")
    {
        var call = new AccessLogService.AccessLogServiceClient(channel).StreamAccessLogs();
        await call.RequestStream.WriteAsync(new StreamAccessLogsMessage { Identifier = new() { Node = new EnvoyNode { Id = node, Cluster = cluster }, LogName = log } });
        return call;
    }

    private static Task Send(AsyncClientStreamingCall<StreamAccessLogsMessage, StreamAccessLogsResponse> call, IEnumerable<HTTPAccessLogEntry> entries) =>
        call.RequestStream.WriteAsync(new StreamAccessLogsMessage { HttpLogs = new() { LogEntry = { entries } } });

    /// <summary>From another address, so another peer.</summary>
    private static GrpcChannel From(XdsHost host, string address) => GrpcChannel.ForAddress($"http://127.0.0.1:{host.Port}", new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        },
    });
}
