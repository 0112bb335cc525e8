using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace PolicyEngine.Benchmarks;

/// <summary>
/// A person at the console without a browser: signs in by the form, fetches a page, and keeps its circuit as the page's script would. What is rendered comes
/// as batches, each acknowledged; calls into scripts are answered with nothing.
/// </summary>
internal sealed partial class Circuit : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly Channel<byte[]> _batches = Channel.CreateUnbounded<byte[]>();
    private readonly SemaphoreSlim _send = new(1, 1);
    private readonly List<byte> _unread = [];
    private Task _reading = Task.CompletedTask;

    private Circuit()
    {
    }

    public static async Task<Circuit> Open(Uri site, string token, string path)
    {
        var cookies = new CookieContainer();
        using var http = new HttpClient(new HttpClientHandler { CookieContainer = cookies }) { BaseAddress = site };
        var form = AntiforgeryField().Match(await http.GetStringAsync("/sign-in"));
        using var fields = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = form.Groups[1].Value, ["token"] = token, ["return"] = path });
        using var page = await http.PostAsync("/session", fields);
        var markers = Marker().Matches(await page.Content.ReadAsStringAsync()).Select(m => JsonNode.Parse(m.Groups[1].Value)!).Where(m => (string?)m["type"] == "server").ToList();
        if (markers.Count == 0) throw new InvalidOperationException($"{page.RequestMessage!.RequestUri} has no interactive part: {page.StatusCode}");
        var circuit = new Circuit();
        circuit._socket.Options.Cookies = cookies;
        await circuit._socket.ConnectAsync(new UriBuilder(site) { Scheme = "ws", Path = "/_blazor" }.Uri, default);
        await circuit.Send(Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"));
        await circuit.Handshake();
        circuit._reading = circuit.Read();
        await circuit.Send(Pack.Call("StartCircuit", site.ToString(), new Uri(site, path).ToString(), "[]", ""));
        var operations = new JsonArray([.. markers.Select((m, i) => new JsonObject { ["type"] = "add", ["ssrComponentId"] = i + 1, ["marker"] = m })]);
        await circuit.Send(Pack.Call("UpdateRootComponents", new JsonObject { ["batchId"] = 1, ["operations"] = operations }.ToJsonString(), ""));
        return circuit;
    }

    /// <summary>Until a batch holds these words.</summary>
    public async Task Sees(string words, CancellationToken cancellation)
    {
        var wanted = Encoding.UTF8.GetBytes(words);
        while (true)
            if ((await _batches.Reader.ReadAsync(cancellation)).AsSpan().IndexOf(wanted) >= 0) return;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
        _send.Dispose();
    }

    private async Task Handshake()
    {
        while (!_unread.Contains(0x1e)) await More();
        _unread.RemoveRange(0, _unread.IndexOf(0x1e) + 1);
    }

    private async Task Read()
    {
        try
        {
            while (true)
            {
                while (Message() is { } message) await Take(message);
                await More();
            }
        }
        catch (Exception e) when (e is WebSocketException or InvalidOperationException or ObjectDisposedException or OperationCanceledException)
        {
            _batches.Writer.TryComplete(e);
        }
    }

    private object?[]? Message()
    {
        var (length, at) = (0, 0);
        for (var shift = 0; ; shift += 7)
        {
            if (at >= _unread.Count) return null;
            length |= (_unread[at] & 0x7f) << shift;
            if ((_unread[at++] & 0x80) == 0) break;
        }
        if (_unread.Count < at + length) return null;
        var body = _unread.GetRange(at, length).ToArray();
        _unread.RemoveRange(0, at + length);
        var begin = 0;
        return (object?[])Pack.Read(body, ref begin)!;
    }

    private async Task Take(object?[] message)
    {
        if (message is [7L, var why, ..]) throw new InvalidOperationException($"the circuit was closed: {why}");
        if (message is not [1L, _, _, string target, object?[] arguments, ..]) return;
        switch (target, arguments)
        {
            case ("JS.RenderBatch", [long id, byte[] batch]):
                _batches.Writer.TryWrite(batch);
                await Send(Pack.Call("OnRenderCompleted", id, null));
                break;
            case ("JS.BeginInvokeJS", [long id, ..]) when id != 0:
                await Send(Pack.Call("EndInvokeJSFromDotNet", id, true, $"[{id},true,null]"));
                break;
            case ("JS.Error", [var error, ..]):
                throw new InvalidOperationException($"the circuit broke: {error}");
        }
    }

    private async Task More()
    {
        var buffer = new byte[16 * 1024];
        var received = await _socket.ReceiveAsync(buffer, default);
        if (received.MessageType == WebSocketMessageType.Close) throw new InvalidOperationException("the server closed the circuit");
        _unread.AddRange(buffer.AsSpan(0, received.Count));
    }

    private async Task Send(byte[] data)
    {
        await _send.WaitAsync();
        try
        {
            await _socket.SendAsync(data, WebSocketMessageType.Binary, true, default);
        }
        finally
        {
            _send.Release();
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryField();

    [GeneratedRegex("<!--Blazor:(\\{.*?\\})-->")]
    private static partial Regex Marker();
}
