using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PolicyEngine.Changes;
using PolicyEngine.Console.Sources;
using PolicyEngine.Engine;
using PolicyEngine.Server;
using PolicyEngine.Server.Identity;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Console.Tests;

/// <summary>The whole server on free ports with the sample shop, and people who look at it through browsers.</summary>
public sealed class Site : IAsyncDisposable
{
    private readonly ServerApp _app;
    private readonly string _folder;
    private readonly IBrowser _browser;

    private Site(ServerApp app, string folder, IBrowser browser, Uri address, int xdsPort) => (_app, _folder, _browser, Address, XdsPort) = (app, folder, browser, address, xdsPort);

    public Uri Address { get; }

    public int XdsPort { get; }

    public PolicyEngineService Engine => _app.Services.GetRequiredService<PolicyEngineService>();

    public UserFile Users => _app.Services.GetRequiredService<UserFile>();

    public SomeFindings Findings => (SomeFindings)_app.Services.GetRequiredService<IFindings>();

    public string AdminToken => Users.Fresh!;

    /// <summary>Skips the test, with the reason, where there is no browser.</summary>
    public static async Task<Site> Start(Chromium chromium, int port = 0)
    {
        Assert.SkipWhen(chromium.Browser is null, "no Chromium on this machine: set CHROMIUM_PATH, or put chromium on the PATH");
        var folder = Directory.CreateTempSubdirectory("policyengine-console-").FullName;
        var app = await ServerApp.StartAsync(
            ["--store", Path.Combine(folder, "store.db"), "--catalog", Path.Combine(RepositoryPaths.Shop, "catalog"), "--policies", Path.Combine(RepositoryPaths.Shop, "policies"), "--http-port", $"{port}", "--xds-port", "0"],
            services => services.AddSingleton<IFindings, SomeFindings>());
        return new Site(app, folder, chromium.Browser!, app.Address, app.XdsAddress.Port);
    }

    /// <summary>A new user, signed in in a browser of their own.</summary>
    public async Task<Visitor> User(string name, Roles roles)
    {
        var (token, problem) = Users.Add(name, roles);
        Assert.Null(problem);
        var visitor = await Stranger();
        await visitor.SignIn(token!);
        return visitor;
    }

    public async Task<Visitor> Admin(BrowserNewContextOptions? options = null)
    {
        var visitor = await Stranger(options);
        await visitor.SignIn(AdminToken);
        return visitor;
    }

    /// <summary>A browser in which nobody is signed in.</summary>
    public async Task<Visitor> Stranger(BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        options.BaseURL = Address.ToString();
        var context = await _browser.NewContextAsync(options);
        context.SetDefaultTimeout(20_000);
        return await Visitor.In(context, Address);
    }

    public Task Stop() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Findings as a test puts them.</summary>
public sealed class SomeFindings(TimeProvider time) : IFindings
{
    private readonly TaskCompletionSource<Action> _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DateTimeOffset? LookingSince { get; } = time.GetUtcNow();

    public IReadOnlyList<FindingView> All { get; private set; } = ImmutableArray<FindingView>.Empty;

    public async Task Put(params FindingView[] findings)
    {
        All = findings;
        (await _changed.Task.WithTimeout())();
    }

    public Task WatchAsync(Action changed, CancellationToken cancellation)
    {
        _changed.TrySetResult(changed);
        return Task.Delay(Timeout.Infinite, cancellation);
    }
}
