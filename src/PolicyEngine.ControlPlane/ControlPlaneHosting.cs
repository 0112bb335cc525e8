using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using PolicyEngine.ControlPlane.Admission;
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
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    public static IServiceCollection AddControlPlane(this IServiceCollection services, ControlPlaneOptions options)
    {
        services.AddGrpc(g =>
        {
            g.MaxReceiveMessageSize = options.MaxRequestBytes;
            g.Interceptors.Add<AdmissionInterceptor>();
        });
        services.AddSingleton(options);
        services.AddSingleton<StreamGate>();
        services.AddSingleton<AdmissionInterceptor>();
        services.AddSingleton<SnapshotCache>();
        services.AddSingleton<NodeRegistry>();
        services.AddSingleton(new ResponseEncoder(options.Identifier));
        services.AddSingleton(s => new StreamContext(
            s.GetRequiredService<SnapshotCache>(), s.GetRequiredService<NodeRegistry>(), s.GetRequiredService<IFleetSelector>(), s.GetRequiredService<ResponseEncoder>(),
            s.GetRequiredService<TimeProvider>(), options, s.GetRequiredService<ILogger<StreamContext>>()));
        services.AddSingleton<AggregatedDiscoveryService>();
        services.TryAddSingleton<ILoadSink, NoLoads>();
        services.AddSingleton<LoadReporting>();
        return services;
    }

    public static IEndpointRouteBuilder MapControlPlane(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<AggregatedDiscoveryService>();
        endpoints.MapGrpcService<LoadReporting>();
        return endpoints;
    }

    /// <summary>The port that nodes connect to: HTTP/2, with TLS where files for it are given. Without it is for loopback only.</summary>
    public static void ListenForNodes(this KestrelServerOptions kestrel, System.Net.IPAddress address, int port, TlsFiles? tls = null)
    {
        // Envoy's gRPC client says ":scheme: http" over TLS too.
        kestrel.AllowAlternateSchemes = true;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MostStreamsPerConnection;
        // A stream is silent for hours; what finds dead peers is the ping, not a data rate.
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        kestrel.Listen(address, port, l =>
        {
            l.Protocols = HttpProtocols.Http2;
            l.UseTls(tls, SslApplicationProtocol.Http2);
        });
    }

    /// <summary>TLS where files for it are given, with what they hold when a connection begins.</summary>
    public static void UseTls(this ListenOptions listen, TlsFiles? tls, params SslApplicationProtocol[] protocols)
    {
        if (tls is not null) listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls.Options(protocols)), HandshakeTimeout = HandshakeTimeout });
    }
}
