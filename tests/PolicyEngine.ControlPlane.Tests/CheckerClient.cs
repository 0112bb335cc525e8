using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Envoy.Service.Health.V3;
using Grpc.Core;
using PolicyEngine.Testing;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>A node that checks for others, as far as the server sees.</summary>
internal sealed class CheckerClient : IAsyncDisposable
{
    private readonly AsyncDuplexStreamingCall<HealthCheckRequestOrEndpointHealthResponse, HealthCheckSpecifier> _call;

    private CheckerClient(XdsHost host) => _call = new HealthDiscoveryService.HealthDiscoveryServiceClient(host.Channel).StreamHealthCheck();

    public static async Task<CheckerClient> Connect(XdsHost host, string node, string cluster = "checkers")
    {
        var client = new CheckerClient(host);
        await client.Send(new() { HealthCheckRequest = new HealthCheckRequest { Node = new Node { Id = node, Cluster = cluster } } });
        return client;
    }

    public static CheckerClient Silent(XdsHost host) => new(host);

    public Task Send(HealthCheckRequestOrEndpointHealthResponse message) => _call.RequestStream.WriteAsync(message);

    public async Task<HealthCheckSpecifier> Next()
    {
        if (!await _call.ResponseStream.MoveNext().WithTimeout()) throw new InvalidOperationException("the stream ended");
        return _call.ResponseStream.Current;
    }

    public Task Report(string cluster, params (int Port, HealthStatus Status)[] health) => Send(new()
    {
        EndpointHealthResponse = new EndpointHealthResponse
        {
            ClusterEndpointsHealth =
            {
                new ClusterEndpointsHealth
                {
                    ClusterName = cluster,
                    LocalityEndpointsHealth = { new LocalityEndpointsHealth { EndpointsHealth = { health.Select(h => new EndpointHealth { Endpoint = HealthDiscoveryStatements.Endpoint(h.Port), HealthStatus = h.Status }) } } },
                },
            },
        },
    });

    public ValueTask DisposeAsync()
    {
        _call.Dispose();
        return ValueTask.CompletedTask;
    }
}
