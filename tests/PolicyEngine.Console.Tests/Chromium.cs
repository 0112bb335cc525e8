using Microsoft.Playwright;
using PolicyEngine.Console.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace PolicyEngine.Console.Tests;

/// <summary>The machine's own Chromium (<c>CHROMIUM_PATH</c>, then <c>chromium</c> on the <c>PATH</c>), one for all tests; each person in a context of their own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;

    /// <summary>Null where the machine has none.</summary>
    public IBrowser? Browser { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } path) return;
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
        Assertions.SetDefaultExpectTimeout(20_000);
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null) await Browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(p => p.Length > 0).Select(p => Path.Combine(p, "chromium"))
        .Prepend(Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "")
        .FirstOrDefault(File.Exists);
}
