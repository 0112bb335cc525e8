using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PolicyEngine.Cli.Client;
using PolicyEngine.Xds;

namespace PolicyEngine.Cli.Demo;

/// <summary>What the demo plays on: all on loopback, in a temporary folder, gone at the end.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<Process> _processes = [];
    private readonly List<TinyBackend> _backends = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("policyengine-demo-").FullName;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private int _listener;

    private Stage()
    {
    }

    public string Server { get; private set; } = "";

    public string Token { get; private set; } = "";

    public bool HasEnvoy { get; private set; }

    public string EnvoyNote => HasEnvoy ? $"Envoy on port {_listener}" : "no Envoy found (ENVOY_PATH, PATH): the story without traffic";

    public static async Task<Stage> Set(CancellationToken cancellation)
    {
        var stage = new Stage();
        try
        {
            await stage.Start(cancellation);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Which version answered; null where none did.</summary>
    public async Task<string?> Ask(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_listener}/checkout") { Headers = { Host = "shop.example.com" } };
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(cancellation) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Waits until every connected node has what is served.</summary>
    public Task Settled(ServerClient client, CancellationToken cancellation) => Until(async () =>
        !HasEnvoy || (await client.Get("fleets", cancellation) as JsonArray)?.All(f => (int)f!["nodes"]!["acknowledged"]! == (int)f["nodes"]!["nodes"]!) == true, "the nodes to follow", cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        foreach (var backend in _backends)
        {
            backend.Dispose();
            await backend.Serving;
        }
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task Start(CancellationToken cancellation)
    {
        var ports = new[] { Backend("v1"), Backend("v2"), Backend("storefront") };
        _listener = FreePort();
        Documents(ports);
        var xds = FreePort();
        var server = Run("dotnet", [ServerDll(), "--store", Path.Combine(_folder, "store.db"), "--catalog", Path.Combine(_folder, "catalog"), "--policies", Path.Combine(_folder, "policies"), "--http-port", "0", "--xds-port", $"{xds}"]);
        var said = "";
        while (!said.Contains("Try first", StringComparison.Ordinal) && await server.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(Patience, cancellation) is { } line) said += line + "\n";
        if (!said.Contains("Try first", StringComparison.Ordinal)) throw new DemoException($"the server did not start: {await server.StandardError.ReadToEndAsync(cancellation)}");
        Server = Regex.Match(said, @"http://127\.0\.0\.1:[0-9]+").Value;
        Token = Regex.Match(said, "pe_[0-9a-f]+").Value;
        if (Envoy() is not { } envoy) return;
        var bootstrap = Path.Combine(_folder, "envoy.yaml");
        await File.WriteAllTextAsync(bootstrap, NodeBootstrap.Write("demo", "edge", "127.0.0.1", xds), cancellation);
        Run(envoy, ["-c", bootstrap, "--disable-hot-restart", "--concurrency", "1", "--log-level", "off"]);
        HasEnvoy = true;
        await Until(async () => await Ask(cancellation) is not null, "Envoy to listen", cancellation);
    }

    private Process Run(string program, IEnumerable<string> arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }) ?? throw new DemoException($"'{program}' could not be started");
        _processes.Add(process);
        return process;
    }

    private int Backend(string name)
    {
        var backend = new TinyBackend(name);
        _backends.Add(backend);
        return backend.Port;
    }

    private void Documents(int[] ports)
    {
        const string head = "apiVersion: policyengine.dev/v1\n";
        var catalog = Directory.CreateDirectory(Path.Combine(_folder, "catalog")).FullName;
        var policies = Directory.CreateDirectory(Path.Combine(_folder, "policies")).FullName;
        File.WriteAllText(Path.Combine(catalog, "catalog.yaml"), $$"""
            {{head}}kind: Service
            metadata: {name: checkout}
            spec:
              defaultVersion: v1
              versions:
                - {name: v1, endpoints: [{address: 127.0.0.1, port: {{ports[0]}} }]}
                - {name: v2, endpoints: [{address: 127.0.0.1, port: {{ports[1]}} }]}
            ---
            {{head}}kind: Service
            metadata: {name: storefront}
            spec: {versions: [{name: v1, endpoints: [{address: 127.0.0.1, port: {{ports[2]}} }]}]}
            ---
            {{head}}kind: Gateway
            metadata: {name: public}
            spec: {listeners: [{name: http, address: 127.0.0.1, port: {{_listener}} , hostnames: [shop.example.com]}]}
            ---
            {{head}}kind: Fleet
            metadata: {name: edge}
            spec: {nodes: {cluster: edge} }
            """);
        File.WriteAllText(Path.Combine(policies, "routes.yaml"), $$"""
            {{head}}kind: Route
            metadata: {name: storefront}
            spec: {hosts: [shop.example.com], backends: [{service: storefront}]}
            ---
            {{head}}kind: Route
            metadata: {name: checkout}
            spec: {hosts: [shop.example.com], matches: [{path: {prefix: /checkout} }], backends: [{service: checkout}]}
            """);
    }

    /// <summary>The built server: beside this program where both are installed together, else in the sources.</summary>
    private static string ServerDll()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            foreach (var configuration in new[] { "Debug", "Release" })
                if (Path.Combine(at.FullName, "src", "PolicyEngine.Server", "bin", configuration, "net10.0", "PolicyEngine.Server.dll") is var built && File.Exists(built)) return built;
        throw new DemoException("the server is not built yet: dotnet build src/PolicyEngine.Server");
    }

    private static string? Envoy() => new[] { Environment.GetEnvironmentVariable("ENVOY_PATH") }
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(p => p.Length > 0).Select(p => Path.Combine(p, "envoy")))
        .FirstOrDefault(p => !string.IsNullOrEmpty(p) && File.Exists(p));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task Until(Func<Task<bool>> holds, string what, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var watch = Stopwatch.StartNew();
        while (!await holds())
        {
            if (watch.Elapsed > Patience) throw new DemoException($"waited too long for {what}");
            await timer.WaitForNextTickAsync(cancellation);
        }
    }
}
