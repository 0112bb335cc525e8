using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PolicyEngine.Testing;

/// <summary>A small HTTP backend on loopback that says which version it is, and can be told to fail.</summary>
public sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;
    private volatile int _status = 200;

    private Backend(WebApplication app, string version) => (_app, Version) = (app, version);

    public string Version { get; }

    public int Port { get; private set; }

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>What it answers from now on.</summary>
    public int Status
    {
        get => _status;
        set => _status = value;
    }

    public static async Task<Backend> Start(string version)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        var backend = new Backend(app, version);
        app.Run(backend.Answer);
        await app.StartAsync();
        backend.Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        return backend;
    }

    public void Reset() => Interlocked.Exchange(ref _requests, 0);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task Answer(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        context.Response.StatusCode = _status;
        context.Response.Headers["x-version"] = Version;
        foreach (var header in context.Request.Headers.Where(h => h.Key.StartsWith("x-", StringComparison.OrdinalIgnoreCase)))
            context.Response.Headers["echo-" + header.Key] = header.Value;
        return context.Response.WriteAsync($"{Version} {context.Request.Path}");
    }
}
