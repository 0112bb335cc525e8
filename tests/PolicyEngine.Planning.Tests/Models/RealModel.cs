using System.Net;
using System.Net.Sockets;
using PolicyEngine.Planning.Models;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Planning.Tests.Models;

/// <summary>The small language model of the shared folder: real, and a poor planner.</summary>
public sealed class RealModel : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"policyengine-model-{Environment.ProcessId}");
    private Uri? _url;

    private static string? Scripts => RepositoryPaths.Shared is { } shared && File.Exists(Path.Combine(shared, "model", "start-model.sh")) ? Path.Combine(shared, "model") : null;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts it where it is not running yet; skips the test where there is none.</summary>
    public async Task<ModelOptions> Start()
    {
        Assert.SkipWhen(Scripts is null, "no local model on this machine (the shared folder's model/start-model.sh)");
        if (_url is null)
        {
            var (exit, output) = await ChildProcess.Run("bash", [Path.Combine(Scripts!, "start-model.sh"), _folder, $"{FreePorts.Next()}"], limit: TimeSpan.FromSeconds(90));
            Assert.True(exit == 0, output);
            _url = new Uri(output.Trim().Split('\n')[^1]);
        }
        return new ModelOptions { Provider = ModelProvider.Compatible, Endpoint = _url, Model = "local-model", TimeLimit = TimeSpan.FromSeconds(150), MaxOutputTokens = 160, Rounds = 1 };
    }

    public async ValueTask DisposeAsync()
    {
        if (_url is null) return;
        await ChildProcess.Run("bash", [Path.Combine(Scripts!, "stop-model.sh"), _folder]);
        Directory.Delete(_folder, recursive: true);
    }
}
