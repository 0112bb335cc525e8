using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using PolicyEngine.ControlPlane.Collections;
using PolicyEngine.ControlPlane.Loads;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Services;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.ControlPlane.Wire;

namespace PolicyEngine.ControlPlane;

/// <summary>The control plane in a host. The host supplies <see cref="IFleetSelector"/> and <see cref="TimeProvider"/>.</summary>
public static class ControlPlaneHosting
{
    private const int MostStreamsPerConnection = 10_000;

    public static IServiceCollection AddControlPlane(this IServiceCollection services, ControlPlaneOptions options)
    {
        services.AddGrpc(g => g.MaxReceiveMessageSize = options.MaxRequestBytes);
        services.AddSingleton(options);
        services.AddSingleton<SnapshotCache>();
        services.AddSingleton<NodeRegistry>();
        services.AddSingleton(new ResponseEncoder(options.Identifier));
        services.AddSingleton(s => new StreamContext(
            s.GetRequiredService<SnapshotCache>(), s.GetRequiredService<NodeRegistry>(), s.GetRequiredService<IFleetSelector>(), s.GetRequiredService<ResponseEncoder>(),
            s.GetRequiredService<TimeProvider>(), options, s.GetRequiredService<ILogger<StreamContext>>()));
        services.AddSingleton<AggregatedDiscoveryService>();
        services.TryAddSingleton<ILoadSink, NoLoads>();
        services.AddSingleton<LoadReporting>();
        services.AddSingleton<CollectionService>();
        return services;
    }

    public static IEndpointRouteBuilder MapControlPlane(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<AggregatedDiscoveryService>();
        endpoints.MapGrpcService<LoadReporting>();
        endpoints.MapGrpcService<CollectionService>();
        return endpoints;
    }

    /// <summary>The port that nodes connect to: HTTP/2 without TLS, for loopback.</summary>
    public static void ListenForNodes(this KestrelServerOptions kestrel, System.Net.IPAddress address, int port)
    {
        kestrel.Limits.Http2.MaxStreamsPerConnection = MostStreamsPerConnection;
        // A stream is silent for hours; what finds dead peers is the ping, not a data rate.
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        kestrel.Listen(address, port, l => l.Protocols = HttpProtocols.Http2);
    }
}
