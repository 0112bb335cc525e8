using Grpc.Net.Client;

namespace PolicyEngine.Agent.Upstream;

/// <summary>The connection to the server.</summary>
internal static class UpstreamChannel
{
    /// <summary>Throws <see cref="InvalidOperationException"/> where the files for TLS cannot be used.</summary>
    public static GrpcChannel Open(AgentOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // A stream is silent for hours; what finds a dead server is the ping.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            EnableMultipleHttp2Connections = true,
        };
        if (options.Tls is { } tls) handler.SslOptions = tls.Options();
        return GrpcChannel.ForAddress(options.Server, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = options.MaxCollectionBytes,
            DisposeHttpClient = true,
            HttpHandler = handler,
            // The agent itself waits between attempts, and says so.
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
            MaxReconnectBackoff = TimeSpan.FromMilliseconds(100),
        });
    }
}
