using Envoy.Service.Discovery.V3;
using Grpc.Core;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.Xds;
using Resource = PolicyEngine.Xds.Resource;
using Status = Grpc.Core.Status;

namespace PolicyEngine.ControlPlane.Services;

/// <summary>What one request without a stream asks for. The key is equal for equal selections of the set.</summary>
internal sealed record Selection(ResourceSet Set, string Key, IReadOnlyCollection<Resource> Resources)
{
    /// <summary>
    /// Throws <see cref="RpcException"/>: INVALID_ARGUMENT for a request that cannot be meant, PERMISSION_DENIED where the peer may not be that node,
    /// UNAVAILABLE while there is no snapshot for it. An empty response would take everything from it.
    /// </summary>
    public static Selection Of(StreamContext shared, ResourceType type, DiscoveryRequest request, Peer peer)
    {
        if (request.Node is not { Id.Length: > 0 } node) throw Invalid("a request must have a node with an id");
        if (request.TypeUrl.Length > 0 && request.TypeUrl != type.TypeUrl) throw Invalid($"this service has only '{type.TypeUrl}'");
        var snapshot = shared.FleetOf(NodeIdentity.Of(node, peer)) is { } fleet ? shared.Cache.Current(fleet) : null;
        if (snapshot is null) throw new RpcException(new Status(StatusCode.Unavailable, "there is nothing to serve to this node yet"));
        peer.MayBeGiven(snapshot, [type]);
        var subscription = new Subscription();
        subscription.Replace(Names.Canonical(request.ResourceNames), type.IsWholeState && request.ResourceLocators.Count == 0);
        var set = snapshot[type];
        if (subscription.IsWildcard) return new Selection(set, "all", [.. set.Resources.Values]);
        List<Resource> resources = [.. subscription.Of(set)];
        return new Selection(set, Ir.Revision.Combine(resources.Select(r => (r.Name, r.Revision))).ToString(), resources);
    }

    private static RpcException Invalid(string message) => new(new Status(StatusCode.InvalidArgument, message));
}
