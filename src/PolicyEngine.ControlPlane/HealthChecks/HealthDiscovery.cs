using Envoy.Config.Core.V3;
using Envoy.Service.Health.V3;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Streams;
using Status = Grpc.Core.Status;

namespace PolicyEngine.ControlPlane.HealthChecks;

/// <summary>
/// HDS: a node says once who it is, is told what to check for its fleet, again whenever that changes, and reports what it found. Fetching is
/// left out (UNIMPLEMENTED): who does not stay connected cannot be missed.
/// </summary>
internal sealed class HealthDiscovery(StreamContext shared, HealthPlans plans, HealthBook book) : HealthDiscoveryService.HealthDiscoveryServiceBase, IHealthReader
{
    /// <summary>From now on it knows what is published.</summary>
    public void Start() => shared.Cache.Add(shared.Nodes.NextStream(), () => book.Follow(plans));

    public HealthView Read()
    {
        book.Follow(plans);
        return book.View();
    }

    public override Task StreamHealthCheck(IAsyncStreamReader<HealthCheckRequestOrEndpointHealthResponse> requestStream, IServerStreamWriter<HealthCheckSpecifier> responseStream, ServerCallContext context) =>
        new Loop(shared, plans, book, context.GetHttpContext()).Run(requestStream, responseStream, context.CancellationToken);

    /// <summary>One stream is one loop with one writer, as a discovery stream is.</summary>
    private sealed class Loop(StreamContext shared, HealthPlans plans, HealthBook book, HttpContext http)
    {
        private readonly Inbox<HealthCheckRequestOrEndpointHealthResponse> _inbox = new();
        private readonly long _stream = shared.Nodes.NextStream();
        private readonly DateTimeOffset _since = shared.Time.GetUtcNow();

        public async Task Run(IAsyncStreamReader<HealthCheckRequestOrEndpointHealthResponse> requests, IServerStreamWriter<HealthCheckSpecifier> responses, CancellationToken cancellation)
        {
            if (!await shared.First(requests, cancellation)) return;
            if (requests.Current.HealthCheckRequest?.Node is not { Id.Length: > 0 } node)
                throw new RpcException(new Status(StatusCode.InvalidArgument, "the first request of a stream must be a health_check_request that has a node with an id"));
            var identity = NodeIdentity.Of(node, Peer.Of(http));
            shared.FleetOf(identity);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            shared.Cache.Add(_stream, _inbox.Wake);
            var reading = _inbox.Read(requests, ending.Token);
            try
            {
                await Write(responses, identity, ending.Token);
            }
            finally
            {
                shared.Cache.Remove(_stream);
                book.Leave(_stream);
                await ending.CancelAsync();
                await reading;
            }
        }

        private async Task Write(IServerStreamWriter<HealthCheckSpecifier> responses, NodeIdentity identity, CancellationToken cancellation)
        {
            (string Fleet, Assignment Assignment)? told = null;
            while (true)
            {
                if (shared.Lives.IsOver(_stream, _since, http)) return;
                // Read before the inbox: what came before the end counts before the end.
                var ended = _inbox.IsEnded;
                while (_inbox.TryTake(out var request))
                    if (request.EndpointHealthResponse is { } report) book.Report(_stream, Said(report));
                var fleet = shared.FleetOf(identity);
                if (told is { } before && before.Fleet != fleet)
                {
                    book.Leave(_stream);
                    told = null;
                }
                if (fleet is not null && book.Follow(plans).Of(fleet) is var assignment && !ReferenceEquals(told?.Assignment, assignment))
                {
                    book.Assign(_stream, identity.Id, fleet, assignment);
                    await shared.Send(responses, assignment.Specifier, identity.Id, http, cancellation);
                    told = (fleet, assignment);
                }
                else if (ended) break;
                else await _inbox.Wait(cancellation);
            }
            await _inbox.End;
        }

        private static IEnumerable<(EndpointKey Endpoint, bool IsHealthy)> Said(EndpointHealthResponse report) =>
            from cluster in report.ClusterEndpointsHealth
            from endpoint in cluster.LocalityEndpointsHealth.SelectMany(l => l.EndpointsHealth)
            where endpoint.HealthStatus != HealthStatus.Unknown
            let key = EndpointKey.Of(cluster.ClusterName, endpoint.Endpoint)
            where key is not null
            select (key.Value, endpoint.HealthStatus is HealthStatus.Healthy or HealthStatus.Degraded);
    }
}
