using System.Threading.Channels;
using Grpc.Core;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>
/// The requests of one stream, read by a reader beside the loop into a bounded channel, and the flag that wakes the loop: for a request, the
/// end of requests, or whatever else it must look at again.
/// </summary>
internal sealed class Inbox<TRequest>
{
    private const int MostWaiting = 64;

    private readonly Channel<TRequest> _requests = Channel.CreateBounded<TRequest>(MostWaiting);
    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Whether no request will follow those that wait.</summary>
    public bool IsEnded => _requests.Reader.Completion.IsCompleted;

    /// <summary>Throws what the requests ended with, if that was no good end.</summary>
    public Task End => _requests.Reader.Completion;

    public bool TryTake(out TRequest request) => _requests.Reader.TryRead(out request!);

    public Task Wait(CancellationToken cancellation) => _wake.WaitAsync(cancellation);

    public Task Wait(TimeSpan most, CancellationToken cancellation) => _wake.WaitAsync(most, cancellation);

    public void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0) _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke it in the same moment.
        }
    }

    public async Task Read(IAsyncStreamReader<TRequest> requests, CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            while (await requests.MoveNext(cancellation))
            {
                await _requests.Writer.WriteAsync(requests.Current, cancellation);
                Wake();
            }
        }
        catch (Exception e) when (Departure.Is(e))
        {
            // The peer went away: that is an end like any other.
        }
        catch (Exception e)
        {
            failure = e as RpcException ?? new RpcException(new Status(StatusCode.InvalidArgument, "a request could not be read: it is no message of this method"));
        }
        _requests.Writer.Complete(failure);
        Wake();
    }
}
