using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PolicyEngine.Cli.Demo;

/// <summary>Answers every HTTP/1.1 request without a body with its own name, whatever the host: just enough of a service to see who answered.</summary>
internal sealed class TinyBackend : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly byte[] _answer;

    public TinyBackend(string name)
    {
        _answer = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\ncontent-length: {name.Length}\r\n\r\n{name}");
        _listener.Start();
        Serving = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Ends when the backend is disposed.</summary>
    public Task Serving { get; }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Accept()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(Answer(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task Answer(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                while (await reader.ReadLineAsync(_end.Token) is { } line)
                    if (line.Length == 0) await client.GetStream().WriteAsync(_answer, _end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The demo is over, or the peer went away.
            }
        }
    }
}
