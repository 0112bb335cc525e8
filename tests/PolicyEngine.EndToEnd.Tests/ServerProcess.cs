using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>The server as a program of its own, with the sample shop, on free ports.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private ServerProcess(ChildProcess process) =>
        (Process, Address, Token) = (process, new Uri(Regex.Match(process.Output, @"http://127\.0\.0\.1:[0-9]+").Value), Regex.Match(process.Output, "pe_[0-9a-f]+").Value);

    public ChildProcess Process { get; }

    /// <summary>REST.</summary>
    public Uri Address { get; }

    /// <summary>Empty where it was not the first start in this folder.</summary>
    public string Token { get; }

    public static async Task<ServerProcess> Start(string folder, params string[] more)
    {
        var dll = Path.Combine(AppContext.BaseDirectory, "PolicyEngine.Server.dll");
        var process = ChildProcess.Start("dotnet",
        [
            "exec", "--runtimeconfig", Path.Combine(AppContext.BaseDirectory, "PolicyEngine.EndToEnd.Tests.runtimeconfig.json"), dll, "--store", Path.Combine(folder, "store.db"),
            "--catalog", Path.Combine(RepositoryPaths.Shop, "catalog"), "--policies", Path.Combine(RepositoryPaths.Shop, "policies"), "--http-port", "0", "--xds-port", "0", .. more,
        ]);
        await Waiting.Until(() => process.HasExited || process.Output.Contains("Try first", StringComparison.Ordinal), "the server to be ready", TimeSpan.FromSeconds(60));
        Assert.False(process.HasExited, process.Output);
        return new ServerProcess(process);
    }

    public HttpClient Client(string token) => new() { BaseAddress = new Uri(Address, "/api/v1/"), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
