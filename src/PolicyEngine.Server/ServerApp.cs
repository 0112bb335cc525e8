using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using PolicyEngine.Changes.Stores;
using PolicyEngine.Console.Sources;
using PolicyEngine.ControlPlane;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Loads;
using PolicyEngine.Engine;
using PolicyEngine.Engine.Remedies;
using PolicyEngine.Ir;
using PolicyEngine.Planning;
using PolicyEngine.Planning.Models;
using PolicyEngine.Policies;
using PolicyEngine.Server.Hosting;
using PolicyEngine.Server.Identity;
using PolicyEngine.Server.Rest;
using PolicyEngine.Telemetry.Prometheus;
using PolicyEngine.Telemetry.Remedies;

namespace PolicyEngine.Server;

/// <summary>The composition root: one process with embedded defaults.</summary>
public static class ServerApp
{
    private const long MostBodyBytes = 4 * 1024 * 1024;

    /// <param name="more">Parts of whoever hosts it beside others; the last one given counts.</param>
    public static (WebApplication App, ServerOptions Options, IReadOnlyList<Diagnostic> Diagnostics) Build(string[] args, Action<IServiceCollection>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = Directory.GetCurrentDirectory(),
            // The console's files lie beside the program, whoever starts it and from wherever.
            ApplicationName = typeof(ServerApp).Assembly.GetName().Name,
            WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
        });
        builder.WebHost.UseStaticWebAssets();
        builder.Configuration.AddInMemoryCollection(ServerOptions.OfEnvironment());
        builder.Configuration.AddCommandLine(args, ServerOptions.Switches);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning).AddFilter("PolicyEngine.Server.Identity", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None);
        var options = ServerOptions.From(builder.Configuration);
        var (catalog, policies, diagnostics) = Documents(options);

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
            kestrel.Listen(IPAddress.Parse(options.Address), options.HttpPort);
            kestrel.ListenForNodes(IPAddress.Parse(options.Address), options.XdsPort);
        });
        Services(builder.Services, options, catalog, policies);
        more?.Invoke(builder.Services);
        var app = builder.Build();
        Endpoints(app);
        return (app, options, diagnostics);
    }

    private static (ServiceCatalog Catalog, PolicySet Policies, IReadOnlyList<Diagnostic> Diagnostics) Documents(ServerOptions options)
    {
        var shop = options.Catalog is null && options.Policies is null ? SampleShop.Find() : null;
        options.Catalog ??= shop is null ? throw new InvalidOperationException("name a catalog: --catalog DIR") : Path.Combine(shop, "catalog");
        options.Policies ??= shop is null ? null : Path.Combine(shop, "policies");
        options.Playbooks ??= shop is null ? null : Path.Combine(Path.GetDirectoryName(shop)!, "playbooks");
        options.Approval ??= shop is null ? null : Path.Combine(Path.GetDirectoryName(shop)!, "approval.yaml");
        var catalog = DocumentFolder.Read(options.Catalog);
        var policies = options.Policies is null ? DocumentFolder.Nothing : DocumentFolder.Read(options.Policies);
        return (new ServiceCatalog(catalog.Documents), new PolicySet(policies.Documents), [.. catalog.Diagnostics, .. policies.Diagnostics]);
    }

    private static void Services(IServiceCollection services, ServerOptions options, ServiceCatalog catalog, PolicySet policies)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddControlPlane(new ControlPlaneOptions());
        services.AddSingleton<IFleetSelector, CatalogFleetSelector>();
        services.AddSingleton<IChangeStore>(_ => SqliteChangeStore.Open(options.Store));
        services.AddSingleton(s => PlannerChoice.Create(options.Planner, options.Model, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => s.GetRequiredService<PlannerSet>().Planner);
        services.AddSingleton<ISnapshotPublisher, CachePublisher>();
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
        app.MapControlPlane();
        app.MapGet("/healthz", () => Results.Text("ok"));
        app.MapOpenApi();
        app.UseConsoleHere();
        var api = app.MapGroup("/api/v1").RequireAuthorization();
        api.MapChanges();
        api.MapConversations();
        api.MapReads();
        api.MapUsers();
        api.MapFindings();
    }
}
