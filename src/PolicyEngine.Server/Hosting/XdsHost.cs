using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PolicyEngine.ControlPlane;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.ControlPlane.ClientReports;
using PolicyEngine.ControlPlane.HealthChecks;
using PolicyEngine.ControlPlane.Loads;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Secrets;
using PolicyEngine.ControlPlane.Services;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Catalog;

namespace PolicyEngine.Server.Hosting;

/// <summary>
/// What nodes connect to, as a host of its own: it serves what the store says was served last before anything else of the server is compiled
/// or built, and nothing of REST or console can be reached through it. The rest joins it when it is there.
/// </summary>
internal sealed class XdsHost : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly LateReports _reports;
    private readonly CatalogFleets _fleets;

    private XdsHost(WebApplication app, CatalogFleets fleets, LateReports reports) => (_app, _fleets, _reports) = (app, fleets, reports);

    public SnapshotCache Cache => _app.Services.GetRequiredService<SnapshotCache>();

    public SecretLayer Secrets => _app.Services.GetRequiredService<SecretLayer>();

    public NodeRegistry Nodes => _app.Services.GetRequiredService<NodeRegistry>();

    public IHealthReader Health => _app.Services.GetRequiredService<IHealthReader>();

    public Uri Address => new(Addresses.First());

    /// <summary>For clients of REST that speak HTTP/1.1; null where there is no such port.</summary>
    public Uri? RestAddress => Addresses.ElementAtOrDefault(1) is { } address ? new Uri(address) : null;

    private ICollection<string> Addresses => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    /// <param name="catalog">Of it, the fleets: which of them a node belongs to.</param>
    public static XdsHost Build(ServerOptions options, TlsFiles? tls, ServiceCatalog catalog)
    {
        var (fleets, reports) = (new CatalogFleets(catalog), new LateReports());
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            var address = IPAddress.Parse(options.Address);
            kestrel.ListenForNodes(address, options.XdsPort, tls);
            if (options.RestPort is { } rest) kestrel.ListenForRest(address, rest, tls);
        });
        builder.Logging.AddServerLog();
        builder.Services.AddRouting();
        // Streams end at once when it stops; a client that does not read of it is not waited for.
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownTime);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IHostLifetime, EndedByTheServer>();
        builder.Services.AddSingleton<IFleetSelector>(fleets);
        builder.Services.AddSingleton<ILoadSink>(reports);
        builder.Services.AddSingleton<IClientSink>(reports);
        builder.Services.AddControlPlane(new ControlPlaneOptions { MostStreams = options.MaxStreams, MostStreamsPerPeer = options.MaxStreamsPerPeer, MaxConnectionAge = options.ConnectionAge, ResourceErrors = options.XdsResourceErrors });
        builder.Services.AddSecrets(options.Secrets, () => SecretPlaces.Of(fleets.Catalog()));
        var app = builder.Build();
        app.MapControlPlane();
        return new XdsHost(app, fleets, reports);
    }

    public Task StartAsync() => _app.StartAsync();

    /// <summary>From now on the catalog of the moment counts, and what nodes report is heard.</summary>
    public void Join(Func<ServiceCatalog> catalog, ILoadSink loads, IClientSink clients)
    {
        _fleets.Catalog = catalog;
        (_reports.Loads, _reports.Clients) = (loads, clients);
    }

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>The first fleet in order of names that selects a node.</summary>
    private sealed class CatalogFleets(ServiceCatalog first) : IFleetSelector
    {
        public Func<ServiceCatalog> Catalog { get; set; } = () => first;

        public string? FleetOf(NodeIdentity node) => Find(node)?.Name;

        public string? Objection(NodeIdentity node) =>
            node.Peer is not { Names: { } names } peer || Find(node) is not { } fleet || fleet.Nodes.Admits(names) ? null
            : fleet.Nodes.Identities.IsEmpty ? $"fleet '{fleet.Name}' admits nobody: its spec.nodes.identities is empty, and this peer is {peer}"
            : $"{peer} is none of the identities of fleet '{fleet.Name}'";

        private (string Name, NodeSelector Nodes)? Find(NodeIdentity node)
        {
            foreach (var (name, fleet) in Catalog().Fleets)
                if (fleet.Nodes.Selects(node.Id, node.Cluster, node.Metadata)) return (name, fleet.Nodes);
            return null;
        }
    }

    /// <summary>What nodes report before anybody listens is not kept: they report again within seconds.</summary>
    private sealed class LateReports : ILoadSink, IClientSink
    {
        public ILoadSink? Loads { private get; set; }

        public IClientSink? Clients { private get; set; }

        public void Report(LoadReport report) => Loads?.Report(report);

        public void Ended(string nodeId) => Loads?.Ended(nodeId);

        public void Report(IReadOnlyList<ClientReport> reports) => Clients?.Report(reports);
    }

    /// <summary>Signals are the server's; it ends this host after the other.</summary>
    private sealed class EndedByTheServer : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
