using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using PolicyEngine.Planning.Models;

namespace PolicyEngine.Planning.Tests.Models;

/// <summary>Bytes that a back end sends, and whether it then hangs until the client gives up.</summary>
internal sealed record Reply(string Bytes, bool Hangs = false)
{
    public static Reply Http(int status, string body, string headers = "") =>
        new($"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}Connection: close\r\n\r\n{body}");

    public static Reply Says(string content, string finish = "stop") => Http(200, Completion(content, finish));

    public static Reply Refuses(string refusal) => Http(200, Completion(null, "stop", refusal));

    /// <summary>The first part of an answer, then the connection is closed.</summary>
    public static Reply Half(string content)
    {
        var whole = Says(content).Bytes;
        return new Reply(whole[..(whole.Length - 40)]);
    }

    public static Reply Never { get; } = new("", Hangs: true);

    private static string Completion(string? content, string finish, string? refusal = null) => new JsonObject
    {
        ["id"] = "chatcmpl-1",
        ["object"] = "chat.completion",
        ["created"] = 1_764_000_000,
        ["model"] = "scripted",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = content, ["refusal"] = refusal }, ["finish_reason"] = finish }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = 900, ["completion_tokens"] = 80, ["total_tokens"] = 980 },
    }.ToJsonString();
}

/// <summary>
/// A back end that speaks chat completions over a socket and answers by a script, one reply a request, the last one for ever. The probe's two questions it
/// answers by itself, as well-behaved back ends do, unless told otherwise.
/// </summary>
internal sealed class ChatServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<(string Head, JsonObject Body)> _requests = new();
    private readonly Func<JsonObject, int, Reply> _script;
    private readonly Func<JsonObject, Reply>? _probes;
    private readonly Task _loop;
    private int _answered;

    public ChatServer(Func<JsonObject, int, Reply> script, Func<JsonObject, Reply>? probes = null)
    {
        (_script, _probes) = (script, probes);
        _listener.Start();
        _loop = Accept();
    }

    public ChatServer(params Reply[] replies) : this((_, n) => replies[Math.Min(n, replies.Length - 1)])
    {
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1");

    /// <summary>What planning sent, probes apart.</summary>
    public IReadOnlyList<JsonObject> Requests => [.. _requests.Where(r => !IsProbe(r.Body)).Select(r => r.Body)];

    public IReadOnlyList<JsonObject> Probes => [.. _requests.Where(r => IsProbe(r.Body)).Select(r => r.Body)];

    public IReadOnlyList<string> Heads => [.. _requests.Select(r => r.Head)];

    public ModelOptions Options => new() { Provider = ModelProvider.Compatible, Endpoint = Url, Model = "scripted", Key = "test-key", TimeLimit = TimeSpan.FromSeconds(10) };

    public static string Text(JsonObject request) => string.Join("\n", request["messages"]!.AsArray().Select(m => m!["content"] is JsonArray parts ? string.Concat(parts.Select(p => (string?)p!["text"])) : (string?)m["content"]));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _loop;
        _end.Dispose();
    }

    private static bool IsProbe(JsonObject body) => Text(body) is var text && (text.Contains("Which colour has the sky?", StringComparison.Ordinal) || text.Contains("How much is two and two?", StringComparison.Ordinal));

    private static Reply Behaved(JsonObject body) => Reply.Says(Text(body).Contains("sky", StringComparison.Ordinal) ? """{"colour":"vermilion-7"}""" : "heron");

    private async Task Accept()
    {
        var open = new List<Task>();
        try
        {
            while (true) open.Add(Serve(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception) when (_end.IsCancellationRequested)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var (head, body) = await Read(stream);
            _requests.Enqueue((head, body));
            var reply = IsProbe(body) ? (_probes ?? Behaved)(body) : _script(body, Interlocked.Increment(ref _answered) - 1);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(reply.Bytes), _end.Token);
            await stream.FlushAsync(_end.Token);
            if (reply.Hangs) await Task.Delay(Timeout.Infinite, _end.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // The client went away first, which is what some tests are about.
        }
    }

    private async Task<(string Head, JsonObject Body)> Read(NetworkStream stream)
    {
        var (buffer, length) = (new byte[1 << 20], 0);
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), _end.Token);
            if (read == 0) throw new IOException("closed");
            length += read;
            var text = Encoding.Latin1.GetString(buffer, 0, length);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0) continue;
            var head = text[..end];
            var line = head.Split("\r\n").First(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
            var size = int.Parse(line[15..], CultureInfo.InvariantCulture);
            if (length >= end + 4 + size) return (head, (JsonObject)JsonNode.Parse(buffer.AsSpan(end + 4, size))!);
        }
    }
}
