using Envoy.Admin.V3;
using Envoy.Service.Status.V3;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Streams;
using EnvoyNode = Envoy.Config.Core.V3.Node;
using GenericXdsConfig = Envoy.Service.Status.V3.ClientConfig.Types.GenericXdsConfig;

namespace PolicyEngine.ControlPlane.ClientStatuses;

/// <summary>
/// CSDS as the server sees it: for each stream of the nodes that are asked about, what it was sent and what it said to that. A refused resource
/// is shown as it was refused; secrets are blotted out.
/// </summary>
internal sealed class ClientStatus(StreamContext shared) : ClientStatusDiscoveryService.ClientStatusDiscoveryServiceBase
{
    /// <summary>An answer that is larger helps nobody; it is refused with the advice to ask for less.</summary>
    private const long MostBytes = 32 * 1024 * 1024;

    private const int BytesBesideTheBody = 300;

    public override Task<ClientStatusResponse> FetchClientStatus(ClientStatusRequest request, ServerCallContext context) => Task.FromResult(Of(request, context));

    public override async Task StreamClientStatus(IAsyncStreamReader<ClientStatusRequest> requests, IServerStreamWriter<ClientStatusResponse> responses, ServerCallContext context)
    {
        if (!await shared.First(requests, context.CancellationToken)) return;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, shared.Lives.Stopping);
        try
        {
            do await responses.WriteAsync(Of(requests.Current, context), context.CancellationToken);
            while (await requests.MoveNext(ending.Token));
        }
        catch (OperationCanceledException) when (shared.Lives.Stopping.IsCancellationRequested)
        {
            // The host stops: that is how this ends.
        }
    }

    private ClientStatusResponse Of(ClientStatusRequest request, ServerCallContext context)
    {
        var (wanted, response, left, peer) = (NodeMatching.Of(request.NodeMatchers), new ClientStatusResponse(), MostBytes, Peer.Of(context.GetHttpContext()));
        // A peer sees nodes that it could itself be: nothing that it could not have asked for.
        foreach (var (status, holdings) in shared.Nodes.Holdings(n => wanted(n) && shared.Fleets.Objection(n with { Peer = peer }) is null))
        {
            var client = new ClientConfig { Node = Node(status.Node), ClientScope = $"{status.Protocol} stream {status.Stream}" };
            foreach (var holding in holdings)
            {
                left -= holding.Resources.Sum(r => BytesBesideTheBody + (request.ExcludeResourceContents ? 0L : r.Resource.Body.Length));
                if (left < 0) throw Limits.Exceeded($"more than {MostBytes} bytes: ask for fewer nodes (node_matchers) or without contents (exclude_resource_contents)");
                client.GenericXdsConfigs.Add(Configs(holding, status.Protocol == NodeStatus.Delta, !request.ExcludeResourceContents));
            }
            response.Config.Add(client);
        }
        return response;
    }

    private static IEnumerable<GenericXdsConfig> Configs(TypeHolding holding, bool isDelta, bool withContents)
    {
        if (holding.Resources.IsEmpty)
            yield return new GenericXdsConfig { TypeUrl = holding.Status.Type.TypeUrl, VersionInfo = holding.Status.Sent.IsNone ? "" : holding.Status.Sent.Short, ConfigStatus = Status(holding.Status.State), ErrorState = Error(holding.Status.Rejection) };
        foreach (var (resource, state) in holding.Resources)
        {
            var config = new GenericXdsConfig
            {
                TypeUrl = resource.Type.TypeUrl,
                Name = resource.Name,
                VersionInfo = isDelta ? resource.Revision.Short : holding.Status.Sent.Short,
                ConfigStatus = Status(state),
                ClientStatus = state switch { SyncState.Synced => ClientResourceStatus.Acked, SyncState.Rejected => ClientResourceStatus.Nacked, _ => ClientResourceStatus.Requested },
            };
            if (withContents) config.XdsConfig = Redaction.Of(resource);
            if (state == SyncState.Rejected && Error(holding.Status.Rejection) is { } error)
            {
                if (withContents) error.FailedConfiguration = config.XdsConfig;
                config.ErrorState = error;
            }
            yield return config;
        }
    }

    private static UpdateFailureState? Error(Rejection? rejection) => rejection is null
        ? null
        : new UpdateFailureState { Details = rejection.Message, VersionInfo = rejection.Version.Short, LastUpdateAttempt = Timestamp.FromDateTimeOffset(rejection.At) };

    private static ConfigStatus Status(SyncState state) => state switch
    {
        SyncState.NotSent => ConfigStatus.NotSent,
        SyncState.Sent => ConfigStatus.Stale,
        SyncState.Synced => ConfigStatus.Synced,
        _ => ConfigStatus.Error,
    };

    private static EnvoyNode Node(NodeIdentity identity)
    {
        var node = new EnvoyNode { Id = identity.Id, Cluster = identity.Cluster, UserAgentName = identity.UserAgent, Metadata = new Struct() };
        foreach (var (key, value) in identity.Metadata) node.Metadata.Fields[key] = Value.ForString(value);
        return node;
    }
}
