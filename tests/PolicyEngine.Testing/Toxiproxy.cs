using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace PolicyEngine.Testing;

/// <summary>A bad network on loopback: a TCP proxy that delays, throttles, resets or swallows what goes through it, on command.</summary>
public sealed class Toxiproxy : IAsyncDisposable
{
    private static readonly SharedTool Program = new("toxiproxy");

    private readonly ChildProcess _process;
    private readonly HttpClient _api;
    private readonly List<string> _toxics = [];

    private Toxiproxy(ChildProcess process, HttpClient api, int port) => (_process, _api, Port) = (process, api, port);

    /// <summary>Where clients connect to.</summary>
    public int Port { get; }

    /// <summary>In front of a port; skips the test where there is no toxiproxy.</summary>
    public static async Task<Toxiproxy> Start(int upstream)
    {
        var (control, port) = (FreePorts.Next(), FreePorts.Next());
        var process = ChildProcess.Start(Program.Require(), ["-host", "127.0.0.1", "-port", $"{control}"]);
        var api = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{control}/") };
        await Waiting.Until(async () => await Answers(api), $"toxiproxy to answer\n{process.Output}");
        var proxy = new Toxiproxy(process, api, port);
        await proxy.Post("proxies", new JsonObject { ["name"] = "xds", ["listen"] = $"127.0.0.1:{port}", ["upstream"] = $"127.0.0.1:{upstream}", ["enabled"] = true });
        return proxy;
    }

    /// <summary>One trouble more, in both directions: <c>latency</c>, <c>bandwidth</c>, <c>timeout</c> (silence), <c>reset_peer</c>, with toxiproxy's attributes.</summary>
    public async Task Trouble(string type, params (string Name, int Value)[] attributes)
    {
        foreach (var direction in new[] { "upstream", "downstream" })
        {
            var name = $"{type}-{direction}";
            await Post("proxies/xds/toxics", new JsonObject { ["name"] = name, ["type"] = type, ["stream"] = direction, ["attributes"] = new JsonObject(attributes.Select(a => KeyValuePair.Create(a.Name, (JsonNode?)a.Value))) });
            _toxics.Add(name);
        }
    }

    /// <summary>All trouble is over.</summary>
    public async Task Calm()
    {
        foreach (var name in _toxics)
            using (var answer = await _api.DeleteAsync(new Uri($"proxies/xds/toxics/{name}", UriKind.Relative)).WithTimeout())
                answer.EnsureSuccessStatusCode();
        _toxics.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _process.DisposeAsync();
    }

    private async Task Post(string path, JsonObject body)
    {
        using var answer = await _api.PostAsJsonAsync(path, body).WithTimeout();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"toxiproxy: {path} answered {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    private static async Task<bool> Answers(HttpClient api)
    {
        try
        {
            using var answer = await api.GetAsync(new Uri("version", UriKind.Relative));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
