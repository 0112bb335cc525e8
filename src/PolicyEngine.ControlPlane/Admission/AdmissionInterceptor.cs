using Grpc.Core;
using Grpc.Core.Interceptors;

namespace PolicyEngine.ControlPlane.Admission;

/// <summary>In front of every method of the port that nodes connect to: nothing is read of a call, or kept of it, before it has a place.</summary>
internal sealed class AdmissionInterceptor(StreamGate gate) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        using var place = await Enter(context);
        return await continuation(request, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var place = await Enter(context);
        return await continuation(requestStream, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var place = await Enter(context);
        await continuation(request, responseStream, context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var place = await Enter(context);
        await continuation(requestStream, responseStream, context);
    }

    private ValueTask<StreamGate.Place> Enter(ServerCallContext context) => gate.Enter(Peer.Of(context.GetHttpContext()), context.CancellationToken);
}
