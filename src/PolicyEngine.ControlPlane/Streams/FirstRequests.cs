using Grpc.Core;

namespace PolicyEngine.ControlPlane.Streams;

internal static class FirstRequests
{
    /// <summary>
    /// Whether a first request came; not, where the client left or the host stops. A client that sends none in time is sent away: it holds a place, and
    /// one whose library opened the stream anew by itself, on another connection, may believe that it has sent it (grpc-dotnet after GOAWAY does).
    /// Throws <see cref="RpcException"/> then.
    /// </summary>
    public static async Task<bool> First<T>(this StreamContext shared, IAsyncStreamReader<T> requests, CancellationToken cancellation)
    {
        var most = shared.Options.FirstRequestTimeout;
        using var time = new CancellationTokenSource(most, shared.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, shared.Lives.Stopping, time.Token);
        try
        {
            return await requests.MoveNext(limit.Token);
        }
        catch (OperationCanceledException) when (shared.Lives.Stopping.IsCancellationRequested)
        {
            return false;
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"no request came on this stream in {most.TotalSeconds:0} s; open it again"));
        }
    }
}
