using System.Net;
using System.Net.Sockets;

namespace PolicyEngine.ControlPlane.Tests.Fuzz;

/// <summary>Passes one connection after another on to a server, and keeps what the clients wrote.</summary>
public sealed class Recorder : IAsyncDisposable
{
    public const int PrefaceLength = 24;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;
    private readonly List<MemoryStream> _written = [];

    public Recorder(int server)
    {
        _listener.Start();
        _serving = Serve(server);
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    /// <summary>What each connection wrote, after the preface, as frames.</summary>
    public IReadOnlyList<IReadOnlyList<Frame>> Frames()
    {
        lock (_written) return [.. _written.Select(w => { lock (w) return Frame.Parse(w.ToArray().AsSpan(PrefaceLength)); }).Where(f => f.Count > 1)];
    }

    private async Task Serve(int server)
    {
        List<Task> connections = [];
        try
        {
            while (true) connections.Add(Pass(await _listener.AcceptTcpClientAsync(), server));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task Pass(TcpClient client, int server)
    {
        using var _ = client;
        using var upstream = new TcpClient();
        await upstream.ConnectAsync(IPAddress.Loopback, server);
        var written = new MemoryStream();
        lock (_written) _written.Add(written);
        var back = Copy(upstream.GetStream(), client.GetStream(), null);
        await Copy(client.GetStream(), upstream.GetStream(), written);
        upstream.Client.Shutdown(SocketShutdown.Send);
        await back;
    }

    private static async Task Copy(NetworkStream from, NetworkStream to, MemoryStream? kept)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(buffer) is var read and > 0)
            {
                if (kept is not null) lock (kept) kept.Write(buffer, 0, read);
                await to.WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (IOException)
        {
            // Either side may be gone first.
        }
    }
}
