using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PolicyEngine.Changes.Stores;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.ControlPlane.ClientReports;
using PolicyEngine.ControlPlane.Loads;
using PolicyEngine.Engine;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Server.Hosting;

namespace PolicyEngine.Server;

/// <summary>
/// The composition root: one process with embedded defaults. It starts in the order of what is missed most: nodes are served what the store
/// holds; then the engine works out what that means today; then people are let in.
/// </summary>
public sealed class ServerApp : IAsyncDisposable
{
    private readonly WebApplication _api;
    private readonly XdsHost _xds;
    private readonly IChangeStore _store;

    private ServerApp(WebApplication api, XdsHost xds, IChangeStore store, ServerOptions options) => (_api, _xds, _store, Options) = (api, xds, store, options);

    public ServerOptions Options { get; }

    /// <summary>What is wrong with the documents; it runs all the same.</summary>
    public IReadOnlyList<Diagnostic> Problems { get; private init; } = [];

    public IServiceProvider Services => _api.Services;

    /// <summary>REST and console.</summary>
    public Uri Address => new(_api.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public Uri XdsAddress => _xds.Address;

    /// <summary>Discovery by REST over HTTP/1.1; null where it was not asked for.</summary>
    public Uri? XdsRestAddress => _xds.RestAddress;

    public CancellationToken Stopping => _api.Lifetime.ApplicationStopping;

    /// <param name="more">Parts of whoever hosts it beside others; the last one given counts.</param>
    public static async Task<ServerApp> StartAsync(string[] args, Action<IServiceCollection>? more = null)
    {
        var options = ServerOptions.From(new ConfigurationBuilder().AddInMemoryCollection(ServerOptions.OfEnvironment()).AddCommandLine(args, ServerOptions.Switches).Build());
        options.FillIn();
        // Nodes show certificates; people have tokens.
        var (forNodes, forPeople) = (Tls(options, options.TlsClientCa), Tls(options, null));
        var read = DocumentFolder.Read(options.Catalog!);
        var catalog = new ServiceCatalog(read.Documents);
        var store = SqliteChangeStore.Open(options.Store);
        XdsHost? xds = null;
        WebApplication? api = null;
        try
        {
            xds = XdsHost.Build(options, forNodes, catalog);
            PolicyEngineService.Restore(store, new CachePublisher(xds.Cache));
            await xds.StartAsync();
            var policies = options.Policies is null ? DocumentFolder.Nothing : DocumentFolder.Read(options.Policies);
            api = ApiHost.Build(options, forPeople, store, xds, catalog, new PolicySet(policies.Documents), more);
            var engine = api.Services.GetRequiredService<PolicyEngineService>();
            var problems = engine.Start();
            xds.Join(() => engine.Head.Catalog, api.Services.GetRequiredService<ILoadSink>(), api.Services.GetRequiredService<IClientSink>());
            await api.StartAsync();
            return new ServerApp(api, xds, store, options) { Problems = [.. read.Diagnostics, .. policies.Diagnostics, .. problems] };
        }
        catch
        {
            if (api is not null) await api.DisposeAsync();
            if (xds is not null) await xds.DisposeAsync();
            store.Dispose();
            throw;
        }
    }

    private static TlsFiles? Tls(ServerOptions options, string? clientAuthority) =>
        options.TlsCert is null ? null : new TlsFiles(options.TlsCert, options.TlsKey!, clientAuthority, TimeProvider.System, problem => System.Console.Error.WriteLine($"{problem}; what was read before is used"));

    public Task WaitForShutdownAsync() => _api.WaitForShutdownAsync();

    /// <summary>People first, nodes last.</summary>
    public async Task StopAsync()
    {
        await _api.StopAsync();
        await _xds.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _xds.DisposeAsync();
        _store.Dispose();
    }
}
