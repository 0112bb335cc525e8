using System.Collections.Immutable;
using PolicyEngine.Compiler.HealthChecks;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Catalog;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.Timeouts;

namespace PolicyEngine.Compiler.Upstreams;

/// <summary>Every version of every service that a fleet's routes lead to: a canary that begins tomorrow finds its cluster warm.</summary>
internal static class UpstreamCompiler
{
    public static IEnumerable<Upstream> Compile(IEnumerable<string> services, Names names, PolicyIndex index, Memo memo, string fleet)
    {
        foreach (var service in services.Order(StringComparer.Ordinal))
        {
            if (names.Service(service) is not { } spec) continue;
            var (connect, health) = (Connect(index, service), HealthCheckCompiler.Of(index, service));
            object[] inputs = [spec, .. new[] { connect, health }.OfType<Document>()];
            foreach (var version in spec.Versions.OrderBy(v => v.Name, StringComparer.Ordinal))
                yield return memo.Get("upstream", fleet, "", service, version.Name, inputs, () => Upstream(service, spec, version, connect, health));
        }
    }

    /// <summary>The document that sets the connect time-out of a service.</summary>
    private static Document? Connect(PolicyIndex index, string service) => index.On(Scope.Service, service)
        .Where(d => d.Spec is TimeoutSpec { Connect: not null })
        .MaxBy(d => ((TimeoutSpec)d.Spec).Priority);

    private static Upstream Upstream(string service, ServiceSpec spec, ServiceVersion version, Document? connect, Document? health) => new()
    {
        Name = Names.Upstream(service, version.Name),
        Service = service,
        Version = version.Name,
        Protocol = spec.Protocol switch
        {
            ServiceProtocol.Http2 => UpstreamProtocol.Http2,
            ServiceProtocol.Grpc => UpstreamProtocol.Grpc,
            _ => UpstreamProtocol.Http1,
        },
        ConnectTimeout = (connect?.Spec as TimeoutSpec)?.Connect,
        HealthCheck = health is null ? null : HealthCheckCompiler.Compile(health),
        Endpoints = Endpoints(version),
        Origins = [.. new[] { connect?.Id, health?.Id, $"Service/{service}" }.OfType<string>().Order(StringComparer.Ordinal)],
    };

    private static ImmutableArray<Endpoint> Endpoints(ServiceVersion version) =>
    [
        .. version.Endpoints
            .Select(e => new Endpoint { Address = e.Address, Port = e.Port, Region = e.Region, Zone = e.Zone, Weight = e.Weight, Health = e.Health })
            .DistinctBy(e => (e.Address, e.Port))
            .OrderBy(e => e.Region ?? "", StringComparer.Ordinal)
            .ThenBy(e => e.Zone ?? "", StringComparer.Ordinal)
            .ThenBy(e => e.Address, StringComparer.Ordinal)
            .ThenBy(e => e.Port),
    ];
}
