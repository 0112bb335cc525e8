using System.Net;
using Envoy.Service.Discovery.V3;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.ControlPlane.ClientReports;
using PolicyEngine.ControlPlane.HealthChecks;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Services;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using EnvoyRoute = Envoy.Config.Route.V3.Route;
using EnvoyNode = Envoy.Config.Core.V3.Node;
using Resource = PolicyEngine.Xds.Resource;
using VirtualHost = Envoy.Config.Route.V3.VirtualHost;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>The control plane on a real Kestrel, and snapshots to feed it with.</summary>
public sealed class XdsHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private XdsHost(WebApplication app, int[] ports, bool secured)
    {
        (_app, Port, RestPort) = (app, ports[0], ports[1]);
        Channel = GrpcChannel.ForAddress($"{(secured ? "https" : "http")}://127.0.0.1:{Port}");
    }

    public int Port { get; }

    /// <summary>For HTTP/1.1.</summary>
    public int RestPort { get; }

    public GrpcChannel Channel { get; }

    public SnapshotCache Cache => _app.Services.GetRequiredService<SnapshotCache>();

    public NodeRegistry Nodes => _app.Services.GetRequiredService<NodeRegistry>();

    internal ClientCounts ClientCounts => _app.Services.GetRequiredService<ClientCounts>();

    public HealthView Health => _app.Services.GetRequiredService<IHealthReader>().Read();

    public static async Task<XdsHost> Start(ControlPlaneOptions? options = null, TlsFiles? tls = null, TimeProvider? time = null, Action<IServiceCollection>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.ListenForNodes(IPAddress.Loopback, 0, tls);
            k.ListenForRest(IPAddress.Loopback, 0, tls);
        });
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<IFleetSelector, ByCluster>();
        builder.Services.AddControlPlane(options ?? new ControlPlaneOptions());
        more?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapControlPlane();
        await app.StartAsync();
        return new XdsHost(app, [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a).Port)], tls is not null);
    }

    public SotwClient Sotw(string node = "n1") => new(new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(Channel).StreamAggregatedResources(), node);

    public DeltaClient Delta(string node = "n1") => new(new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(Channel).DeltaAggregatedResources(), node);

    /// <summary>As a host that is told to stop.</summary>
    public Task Stop() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>Clusters by name and time-out in ms (their content), and a route table that leads to one of them.</summary>
    public static Snapshot Snapshot(string? route, params (string Name, int Timeout)[] clusters) => Xds.Snapshot.Of("fleet", [.. clusters.Select(c => Cluster(c.Name, c.Timeout)), .. route is null ? [] : new[] { Routes(route) }]);

    public static Resource Cluster(string name, int timeout) => Resource.Of(ResourceType.Cluster, name, new EnvoyCluster { Name = name, ConnectTimeout = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromMilliseconds(timeout)) }, [$"Service/{name}"]);

    /// <summary>A cluster whose endpoints come by EDS.</summary>
    public static Resource EdsCluster(string name, int timeout) => Resource.Of(ResourceType.Cluster, name, new EnvoyCluster
    {
        Name = name,
        Type = EnvoyCluster.Types.DiscoveryType.Eds,
        EdsClusterConfig = new() { EdsConfig = new() { Ads = new() } },
        ConnectTimeout = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromMilliseconds(timeout)),
    }, [$"Service/{name}"]);

    public static Resource Endpoints(string name, uint weight = 1) => Resource.Of(ResourceType.Endpoints, name, new Envoy.Config.Endpoint.V3.ClusterLoadAssignment
    {
        ClusterName = name,
        Endpoints = { new Envoy.Config.Endpoint.V3.LocalityLbEndpoints { LoadBalancingWeight = weight } },
    }, []);

    public static Resource Routes(string cluster, string name = "routes") => Resource.Of(ResourceType.RouteTable, name, new Envoy.Config.Route.V3.RouteConfiguration
    {
        Name = name,
        VirtualHosts = { new VirtualHost { Name = "h", Domains = { "*" }, Routes = { new EnvoyRoute { Match = new() { Prefix = "/" }, Route_ = new() { Cluster = cluster } } } } },
    }, ["Route/r"]);

    private sealed class ByCluster : IFleetSelector
    {
        public string? FleetOf(NodeIdentity node) => node.Cluster is "" ? null : node.Cluster;

        public string? Objection(NodeIdentity node) => node.Peer?.Names is { } names && !names.Contains($"spiffe://test/{node.Cluster}") ? $"{node.Peer} is no node of {node.Cluster}" : null;
    }
}

public sealed class SotwClient(AsyncDuplexStreamingCall<DiscoveryRequest, DiscoveryResponse> call, string node) : IAsyncDisposable
{
    private bool _introduced;

    public Task Send(ResourceType type, string nonce = "", string version = "", string? error = null, params string[] names)
    {
        var request = new DiscoveryRequest { TypeUrl = type.TypeUrl, ResponseNonce = nonce, VersionInfo = version, ResourceNames = { names } };
        if (!_introduced) request.Node = new EnvoyNode { Id = node, Cluster = "fleet" };
        if (error is not null) request.ErrorDetail = new Google.Rpc.Status { Code = 3, Message = error };
        _introduced = true;
        return call.RequestStream.WriteAsync(request);
    }

    /// <summary>Says that no request follows.</summary>
    public Task Complete() => call.RequestStream.CompleteAsync();

    public Task Raw(DiscoveryRequest request) => call.RequestStream.WriteAsync(request);

    public async Task<DiscoveryResponse> Next()
    {
        if (!await call.ResponseStream.MoveNext().WithTimeout()) throw new InvalidOperationException("the stream ended");
        return call.ResponseStream.Current;
    }

    /// <summary>Whether nothing more comes, and the end is no error.</summary>
    public async Task<bool> Ended() => !await call.ResponseStream.MoveNext().WithTimeout();

    /// <summary>Acknowledges and gives the next.</summary>
    public Task Ack(DiscoveryResponse response, params string[] names) => Send(ResourceType.Of(response.TypeUrl)!, response.Nonce, response.VersionInfo, null, names);

    public Task Nack(DiscoveryResponse response, string message, params string[] names) => Send(ResourceType.Of(response.TypeUrl)!, response.Nonce, "", message, names);

    public static IEnumerable<string> Clusters(DiscoveryResponse response) => response.Resources.Select(r => r.Unpack<EnvoyCluster>().Name);

    public ValueTask DisposeAsync()
    {
        call.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class DeltaClient(AsyncDuplexStreamingCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call, string node) : IAsyncDisposable
{
    private bool _introduced;

    public Task Send(ResourceType type, string nonce = "", string? error = null, string[]? subscribe = null, string[]? unsubscribe = null, Dictionary<string, string>? has = null)
    {
        var request = new DeltaDiscoveryRequest { TypeUrl = type.TypeUrl, ResponseNonce = nonce, ResourceNamesSubscribe = { subscribe ?? [] }, ResourceNamesUnsubscribe = { unsubscribe ?? [] } };
        foreach (var (name, version) in has ?? []) request.InitialResourceVersions.Add(name, version);
        if (!_introduced) request.Node = new EnvoyNode { Id = node, Cluster = "fleet" };
        if (error is not null) request.ErrorDetail = new Google.Rpc.Status { Code = 3, Message = error };
        _introduced = true;
        return call.RequestStream.WriteAsync(request);
    }

    public Task Raw(DeltaDiscoveryRequest request)
    {
        _introduced = true;
        return call.RequestStream.WriteAsync(request);
    }

    public async Task<DeltaDiscoveryResponse> Next()
    {
        if (!await call.ResponseStream.MoveNext().WithTimeout()) throw new InvalidOperationException("the stream ended");
        return call.ResponseStream.Current;
    }

    public Task Ack(DeltaDiscoveryResponse response) => Send(ResourceType.Of(response.TypeUrl)!, response.Nonce);

    public static IEnumerable<string> Names(DeltaDiscoveryResponse response) => response.Resources.Select(r => r.Name);

    public ValueTask DisposeAsync()
    {
        call.Dispose();
        return ValueTask.CompletedTask;
    }
}

internal static class Sending
{
    /// <summary>A request to a call that may have ended already: with what, is told by reading.</summary>
    public static async Task WhateverBecomes(this Task sending)
    {
        try
        {
            await sending;
        }
        catch (Exception e) when (e is RpcException or IOException)
        {
            // See above.
        }
    }
}
