using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace PolicyEngine.ControlPlane.Streams;

internal static class TimedWrites
{
    /// <summary>
    /// A client that does not read for the whole write time-out is let go; it holds one message and delays nobody until then. Throws
    /// <see cref="RpcException"/>, though the connection is gone by then.
    /// </summary>
    public static async Task Send<T>(this StreamContext shared, IServerStreamWriter<T> responses, T response, string node, HttpContext http, CancellationToken cancellation)
    {
        using var time = new CancellationTokenSource(shared.Options.WriteTimeout);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            await responses.WriteAsync(response, limit.Token);
            Meters.Responses.Add(1);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            // A write that is cancelled cancels its call too, so the caller's token tells nothing.
            Meters.WriteTimeouts.Add(1);
            Log.WriteTimedOut(shared.Logger, node);
            // A status would wait behind what the client does not read.
            http.Abort();
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, "the client did not read in time"));
        }
    }
}
