using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace PolicyEngine.Testing;

/// <summary>A running Envoy on loopback.</summary>
public sealed class EnvoyProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly string _folder;
    private readonly HttpClient _admin;

    private EnvoyProcess(ChildProcess process, string folder, Uri admin)
    {
        (_process, _folder) = (process, folder);
        _admin = new HttpClient { BaseAddress = admin };
    }

    public string Log => _process.Output;

    /// <summary>Starts it with a bootstrap (YAML or JSON whose admin port is 0) and waits until its admin interface answers.</summary>
    public static async Task<EnvoyProcess> Start(string bootstrap, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("policyengine-envoy-").FullName;
        var (config, adminFile) = (Path.Combine(folder, "bootstrap.yaml"), Path.Combine(folder, "admin"));
        await File.WriteAllTextAsync(config, bootstrap);
        var process = ChildProcess.Start(EnvoyBinary.Require(),
            ["-c", config, "--admin-address-path", adminFile, "--disable-hot-restart", "--concurrency", "1", "--log-level", "warning", .. arguments]);
        try
        {
            await Waiting.Until(() => process.HasExited || File.Exists(adminFile) && File.ReadAllText(adminFile).Contains(':'), "Envoy's admin address");
            if (process.HasExited) throw new InvalidOperationException($"Envoy ended at once:\n{process.Output}");
            return new EnvoyProcess(process, folder, new Uri($"http://{File.ReadAllText(adminFile).Trim()}"));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether Envoy would take a static bootstrap, and what it said.</summary>
    public static async Task<(bool Accepted, string Output)> Validate(string bootstrap)
    {
        var file = Path.Combine(Path.GetTempPath(), $"policyengine-validate-{Path.GetRandomFileName()}.{(bootstrap.StartsWith('{') ? "json" : "yaml")}");
        await File.WriteAllTextAsync(file, bootstrap);
        try
        {
            var (exit, output) = await ChildProcess.Run(EnvoyBinary.Require(), ["--mode", "validate", "-c", file, "--log-level", "warning"]);
            return (exit == 0, output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public Task<string> Admin(string path) => _admin.GetStringAsync(path).WithTimeout();

    /// <summary>A counter or gauge; 0 where it is not there yet.</summary>
    public async Task<long> Stat(string name)
    {
        var stats = JsonNode.Parse(await Admin($"/stats?format=json&filter=^{Uri.EscapeDataString(name.Replace(".", "\\."))}$"))!["stats"]!.AsArray();
        return stats.Select(s => s?["value"]?.GetValue<long>()).FirstOrDefault(v => v is not null) ?? 0;
    }

    /// <summary>Waits until a listener listens: Envoy lists it a moment before its workers accept connections.</summary>
    public async Task WaitForListener(string name)
    {
        try
        {
            await Waiting.Until(async () =>
            {
                var line = (await Admin("/listeners")).Split('\n').FirstOrDefault(l => l.StartsWith(name + "::", StringComparison.Ordinal));
                return line is not null && IPEndPoint.TryParse(line[(name.Length + 2)..].Trim(), out var address) && await Accepts(address);
            }, $"listener {name}");
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{Log}", e);
        }
    }

    private static async Task<bool> Accepts(IPEndPoint address)
    {
        try
        {
            using var client = new TcpClient(address.AddressFamily);
            await client.ConnectAsync(address).WithTimeout();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
