using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace PolicyEngine.ControlPlane.Admission;

/// <summary>
/// In front of every method of the port that nodes connect to: nothing is read of a call, or kept of it, before it has a place. What a peer sends
/// amiss is its own fault and gets a status, not a place in the log; a fault of ours is logged, and the peer learns no more than that.
/// </summary>
internal sealed partial class AdmissionInterceptor(StreamGate gate, ILogger<AdmissionInterceptor> logger) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        Enter(context, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        Enter(context, () => continuation(requestStream, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        Enter(context, () => Done(continuation(request, responseStream, context)));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        Enter(context, () => Done(continuation(requestStream, responseStream, context)));

    /// <summary>The status for bytes that are no message, as the parser words it; <see cref="InvalidDataException"/> is what it says of a message's prefix.</summary>
    public static RpcException Malformed(Exception fault) => new(new Status(StatusCode.InvalidArgument, $"the message is malformed: {fault.Message}"));

    private async Task<T> Enter<T>(ServerCallContext context, Func<Task<T>> call)
    {
        using var place = await gate.Enter(Peer.Of(context.GetHttpContext()), context.CancellationToken);
        try
        {
            return await call();
        }
        catch (Exception fault) when (fault is InvalidProtocolBufferException or InvalidDataException)
        {
            throw Malformed(fault);
        }
        catch (Exception fault) when (fault is not (RpcException or OperationCanceledException or IOException) && !context.CancellationToken.IsCancellationRequested)
        {
            Failed(logger, context.Method, fault);
            throw new RpcException(new Status(StatusCode.Internal, "the server failed; its log says how"));
        }
    }

    private static async Task<bool> Done(Task call)
    {
        await call;
        return true;
    }

    [LoggerMessage(LogLevel.Error, "a call of {Method} failed")]
    private static partial void Failed(ILogger logger, string method, Exception fault);
}
