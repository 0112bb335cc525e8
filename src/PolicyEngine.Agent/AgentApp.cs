using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PolicyEngine.Agent.Keeping;
using PolicyEngine.Agent.Staging;
using PolicyEngine.Agent.Upstream;
using PolicyEngine.ControlPlane;
using PolicyEngine.ControlPlane.ClientReports;
using PolicyEngine.ControlPlane.Loads;
using PolicyEngine.ControlPlane.Nodes;

namespace PolicyEngine.Agent;

/// <summary>
/// A control plane for the Envoys of one machine, fed by a server's collections. It serves what it kept before it has reached anybody, and goes
/// on serving when the server is gone.
/// </summary>
public sealed class AgentApp : IAsyncDisposable
{
    /// <summary>More than a server tells its detectors: which clients are the busiest of all is seen there.</summary>
    private const int MostClientRanges = 1_000;

    private readonly WebApplication _app;
    private readonly DataFolder _folder;

    private AgentApp(WebApplication app, DataFolder folder) => (_app, _folder) = (app, folder);

    /// <summary>Where Envoys connect.</summary>
    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    /// <summary>What is served now; null before the first version.</summary>
    public AppliedVersion? Current => _app.Services.GetRequiredService<Serving>().Current;

    public NodeRegistry Nodes => _app.Services.GetRequiredService<NodeRegistry>();

    /// <summary>Throws <see cref="InvalidOperationException"/> where its folder or its files for TLS cannot be used, <see cref="IOException"/> where its port is taken.</summary>
    public static async Task<AgentApp> Start(AgentOptions options, CancellationToken cancellation)
    {
        var channel = UpstreamChannel.Open(options);
        var folder = DataFolder.Open(options.Data);
        var app = Build(options, folder, channel);
        try
        {
            app.Services.GetRequiredService<Serving>().Restore();
            await app.StartAsync(cancellation);
            return new AgentApp(app, folder);
        }
        catch
        {
            // Some of it may run already.
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    public Task WaitForShutdown(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private static WebApplication Build(AgentOptions options, DataFolder folder, GrpcChannel channel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // Why it does not start is thrown, and said by whoever starts it.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical).AddFilter("Grpc", LogLevel.Warning)
            .AddSimpleConsole(c => c.SingleLine = true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenForNodes(options.Listen.Address, options.Listen.Port);
        });
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddControlPlane(new ControlPlaneOptions { Identifier = options.Node, MostClientRanges = MostClientRanges });
        builder.Services.AddSingleton(new SnapshotFile(folder.Path));
        builder.Services.AddSingleton<Serving>();
        builder.Services.AddSingleton<IFleetSelector>(s => s.GetRequiredService<Serving>());
        builder.Services.AddSingleton(_ => channel);
        builder.Services.AddSingleton<ILoadSink, LoadForwarder>();
        builder.Services.AddSingleton<ClientForwarder>();
        builder.Services.AddSingleton<IClientSink>(s => s.GetRequiredService<ClientForwarder>());
        builder.Services.AddHostedService(s => s.GetRequiredService<ClientForwarder>());
        builder.Services.AddSingleton<UpstreamParts>();
        builder.Services.AddHostedService<UpstreamClient>();
        var app = builder.Build();
        app.MapControlPlane();
        return app;
    }
}
