using Grpc.Core;

namespace PolicyEngine.Agent.Upstream;

/// <summary>What is sent on to the server goes over a stream of its own, which is opened again where it fails.</summary>
internal static class Retrying
{
    /// <param name="stream">One stream; it calls what it is given whenever the server took something.</param>
    public static async Task Run(Func<Action, Task> stream, TimeProvider time, CancellationToken end)
    {
        for (var failed = 0; ; failed++)
        {
            try
            {
                await stream(() => failed = 0);
            }
            catch (Exception) when (end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
            {
                // The server is away, as the stream of collections says aloud.
            }
            if (!await Wait(Backoff.Delay(failed, Random.Shared.NextDouble()), time, end)) return;
        }
    }

    private static async Task<bool> Wait(TimeSpan delay, TimeProvider time, CancellationToken end)
    {
        try
        {
            await Task.Delay(delay, time, end);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
