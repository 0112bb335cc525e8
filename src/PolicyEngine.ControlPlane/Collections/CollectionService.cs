using Grpc.Core;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.Protos.Collections.V1;

namespace PolicyEngine.ControlPlane.Collections;

/// <summary>Snapshot collections over gRPC.</summary>
internal sealed class CollectionService(StreamContext shared) : SnapshotCollections.SnapshotCollectionsBase
{
    public override Task Watch(IAsyncStreamReader<WatchRequest> requestStream, IServerStreamWriter<WatchResponse> responseStream, ServerCallContext context) =>
        new CollectionLoop(shared, context.GetHttpContext()).Run(requestStream, responseStream, context.CancellationToken);
}
