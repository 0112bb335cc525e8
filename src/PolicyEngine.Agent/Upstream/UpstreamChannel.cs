using Grpc.Net.Client;

namespace PolicyEngine.Agent.Upstream;

/// <summary>The connection to the server.</summary>
internal static class UpstreamChannel
{
    public static GrpcChannel Open(AgentOptions options) => GrpcChannel.ForAddress(options.Server, new GrpcChannelOptions
    {
        MaxReceiveMessageSize = options.MaxCollectionBytes,
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // A stream is silent for hours; what finds a dead server is the ping.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            EnableMultipleHttp2Connections = true,
        },
        // The agent itself waits between attempts, and says so.
        InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
        MaxReconnectBackoff = TimeSpan.FromMilliseconds(100),
    });
}
