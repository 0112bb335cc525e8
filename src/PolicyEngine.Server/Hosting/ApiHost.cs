using System.Net;
using System.Net.Security;
using System.Text.Json;
using System.Text.Json.Serialization;
using PolicyEngine.Changes.Stores;
using PolicyEngine.Console.Sources;
using PolicyEngine.ControlPlane;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.ControlPlane.ClientReports;
using PolicyEngine.ControlPlane.Loads;
using PolicyEngine.Engine;
using PolicyEngine.Engine.Remedies;
using PolicyEngine.Ir;
using PolicyEngine.Planning;
using PolicyEngine.Planning.Models;
using PolicyEngine.Policies;
using PolicyEngine.Server.Identity;
using PolicyEngine.Server.Rest;
using PolicyEngine.Telemetry.Prometheus;
using PolicyEngine.Telemetry.Remedies;

namespace PolicyEngine.Server.Hosting;

/// <summary>What people connect to: REST, console, and the engine behind them.</summary>
internal static class ApiHost
{
    private const long MostBodyBytes = 4 * 1024 * 1024;

    /// <param name="more">Parts of whoever hosts it beside others; the last one given counts.</param>
    public static WebApplication Build(ServerOptions options, TlsFiles? tls, IChangeStore store, XdsHost xds, ServiceCatalog catalog, PolicySet policies, Action<IServiceCollection>? more)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = Directory.GetCurrentDirectory(),
            // The console's files lie beside the program, whoever starts it and from wherever.
            ApplicationName = typeof(ApiHost).Assembly.GetName().Name,
            WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
        });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.AddServerLog();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
            kestrel.Listen(IPAddress.Parse(options.Address), options.HttpPort, l => l.UseTls(tls, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11));
        });
        Services(builder.Services, options, store, xds, catalog, policies);
        more?.Invoke(builder.Services);
        var app = builder.Build();
        Endpoints(app);
        return app;
    }

    private static void Services(IServiceCollection services, ServerOptions options, IChangeStore store, XdsHost xds, ServiceCatalog catalog, PolicySet policies)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(xds.Cache);
        services.AddSingleton(xds.Nodes);
        services.AddSingleton(xds.Secrets);
        services.AddSingleton(xds.Health);
        services.AddSingleton(store);
        services.AddSingleton(s => PlannerChoice.Create(options.Planner, options.Model, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => s.GetRequiredService<PlannerSet>().Planner);
        services.AddSingleton<ISnapshotPublisher>(new CachePublisher(xds.Cache));
        services.AddSingleton(s => new PolicyEngineService(
            new EngineParts(s.GetRequiredService<IChangeStore>(), s.GetRequiredService<IPlanner>(), s.GetRequiredService<ISnapshotPublisher>(), s.GetRequiredService<TimeProvider>())
            {
                Initial = policies,
                Approval = s.GetRequiredService<ApprovalFile>().Current,
                People = () => s.GetRequiredService<UserFile>().Count,
            },
            catalog));
        services.AddSingleton(s => UserFile.Open(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.Store))!, "users.json"), options.NewToken, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new ApprovalFile(options.Approval, s.GetRequiredService<ILogger<ApprovalFile>>()));
        services.AddSingleton(s => new RemedyService(new RemedyParts(s.GetRequiredService<PolicyEngineService>(), s.GetRequiredService<IChangeStore>(), s.GetRequiredService<TimeProvider>(), PlaybooksOf(options))));
        services.AddSingleton<ClusterMap>();
        services.AddSingleton<IFindings, FindingsBridge>();
        services.AddSingleton<ILoadSink, LoadReports>();
        services.AddSingleton<IClientSink, ClientReports>();
        services.AddHostedService<RemedyClock>();
        if (options.Prometheus is { } prometheus)
        {
            services.AddSingleton(s => new PrometheusSource(prometheus, s.GetRequiredService<ClusterMap>().Version, s.GetRequiredService<TimeProvider>()));
            services.AddHostedService<PrometheusClock>();
        }
        services.AddHostedService<NodeWatcher>();
        services.AddHostedService<ExpiryClock>();
        services.AddHostedService<CatalogWatcher>();
        services.AddAuthenticationCore(a =>
        {
            a.DefaultScheme = TokenHandler.SchemeName;
            a.AddScheme<TokenHandler>(TokenHandler.SchemeName, null);
        });
        services.AddTransient<TokenHandler>();
        services.AddWebEncoders();
        services.AddAuthorization();
        services.AddConsoleHere();
        services.AddProblemDetails(p => p.CustomizeProblemDetails = BadRequests.Explain);
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.AddOpenApi(o => o.AddOperationTransformer(ProblemResponses.Add));
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        });
    }

    /// <summary>The playbooks, read once at the start; what is wrong with one ends the start, as it would be missed only when it is needed.</summary>
    private static Func<Playbooks> PlaybooksOf(ServerOptions options)
    {
        if (options.Playbooks is null) return () => Playbooks.Empty;
        var (playbooks, diagnostics) = Playbooks.Read(options.Playbooks);
        if (diagnostics.HasErrors()) throw new InvalidOperationException($"the playbooks cannot be used: {diagnostics[0]}");
        return () => playbooks;
    }

    private static void Endpoints(WebApplication app)
    {
        app.UseBrowserHeaders();
        app.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = BadRequests.Status });
        app.UseStatusCodePages();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/healthz", () => Results.Text("ok"));
        app.MapOpenApi();
        app.UseConsoleHere();
        var api = app.MapGroup("/api/v1").RequireAuthorization();
        api.MapChanges();
        api.MapConversations();
        api.MapReads();
        api.MapSecrets();
        api.MapUsers();
        api.MapFindings();
        api.MapHealth();
    }
}
