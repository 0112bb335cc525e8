using System.Net.Security;
using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.ControlPlane.ClientReports;
using PolicyEngine.ControlPlane.ClientStatuses;
using PolicyEngine.ControlPlane.Collections;
using PolicyEngine.ControlPlane.HealthChecks;
using PolicyEngine.ControlPlane.Live;
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

    /// <summary>How soon and how often those that watch the health are told.</summary>
    private static readonly TimeSpan HealthDelay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan HealthPeriod = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddControlPlane(this IServiceCollection services, ControlPlaneOptions options)
    {
        services.AddGrpc(g =>
        {
            g.MaxReceiveMessageSize = options.MaxRequestBytes;
            g.Interceptors.Add<AdmissionInterceptor>();
        });
        // It would log what peers send amiss as errors; faults of ours are logged in front of it.
        services.AddGrpc().AddServiceOptions<ClientReporting>(g => g.MaxReceiveMessageSize = options.MaxClientReportBytes);
        services.AddLogging(l => l.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.Critical));
        services.AddSingleton(options);
        services.AddSingleton<StreamGate>();
        services.AddSingleton<AdmissionInterceptor>();
        services.AddSingleton<SnapshotCache>();
        services.AddSingleton<NodeRegistry>();
        services.AddSingleton(new ResponseEncoder(options.Identifier));
        services.AddSingleton(s => new StreamContext(
            s.GetRequiredService<SnapshotCache>(), s.GetRequiredService<NodeRegistry>(), s.GetRequiredService<IFleetSelector>(), s.GetRequiredService<ResponseEncoder>(),
            s.GetRequiredService<TimeProvider>(), options, s.GetRequiredService<StreamLives>(), s.GetRequiredService<ILogger<StreamContext>>()));
        services.AddSingleton<StreamLives>();
        services.AddHostedService(s => s.GetRequiredService<StreamLives>());
        services.AddSingleton<DiscoveryServices>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<DiscoveryServices>, DiscoveryMethods>());
        services.TryAddSingleton<ILoadSink, NoLoads>();
        services.AddSingleton<LoadReporting>();
        services.TryAddSingleton<IClientSink, NoClients>();
        services.AddSingleton<EntryBudget>();
        services.AddSingleton<ClientCounts>();
        services.AddHostedService(s => s.GetRequiredService<ClientCounts>());
        services.AddSingleton<ClientReporting>();
        services.AddSingleton<HealthBook>();
        services.AddSingleton<ILiveLayer, HealthLayer>();
        services.AddSingleton<HealthPlans>();
        services.AddSingleton<HealthDiscovery>();
        services.AddSingleton<IHealthReader>(s => s.GetRequiredService<HealthDiscovery>());
        services.AddSingleton<ClientStatus>();
        services.AddHealth();
        services.AddReflection();
        services.AddSingleton<CollectionService>();
        return services;
    }

    public static WebApplication MapControlPlane(this WebApplication endpoints)
    {
        endpoints.Use(RestPort.Guard);
        endpoints.MapGrpcService<DiscoveryServices>();
        RestDiscovery.Map(endpoints);
        endpoints.MapGrpcService<LoadReporting>();
        endpoints.MapGrpcService<ClientReporting>();
        endpoints.MapGrpcService<HealthDiscovery>();
        endpoints.Services.GetRequiredService<HealthDiscovery>().Start();
        endpoints.MapGrpcService<ClientStatus>();
        endpoints.MapGrpcHealthChecksService();
        endpoints.MapGrpcReflectionService();
        endpoints.MapGrpcService<CollectionService>();
        return endpoints;
    }

    /// <summary>The port that nodes connect to: HTTP/2, with TLS where files for it are given; without it is for loopback only.</summary>
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

    /// <summary>Every discovery service is as healthy as there are snapshots; the whole server (the empty name) as all checks of the host.</summary>
    private static void AddHealth(this IServiceCollection services)
    {
        services.AddGrpcHealthChecks(o =>
        {
            foreach (var api in DiscoveryApi.All) o.Services.Map(api.Service, c => c.Name == SnapshotsCheck.Name);
        }).AddCheck<SnapshotsCheck>(SnapshotsCheck.Name);
        services.Configure<HealthCheckPublisherOptions>(o => (o.Delay, o.Period) = (HealthDelay, HealthPeriod));
    }

    /// <summary>The methods of discovery are bound by hand, so reflection is told of them by hand too.</summary>
    private static void AddReflection(this IServiceCollection services)
    {
        services.AddSingleton(_ => Descriptions.V1Alpha());
        services.AddSingleton(_ => Descriptions.V1());
        services.AddGrpcReflection();
    }
}
