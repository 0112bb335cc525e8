using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.HealthChecks;

namespace PolicyEngine.Compiler.HealthChecks;

/// <summary>How the endpoints of a service are checked. It belongs to the upstream, not to routes.</summary>
internal static class HealthCheckCompiler
{
    /// <summary>The document that says it; of two that do, which is a conflict, any.</summary>
    public static Document? Of(PolicyIndex index, string service) => index.HealthChecksOf(service).MaxBy(Priority);

    public static HealthCheck Compile(Document document)
    {
        var spec = (HealthCheckSpec)document.Spec;
        return new HealthCheck
        {
            By = spec.By == HealthCheckSpec.Proxies ? null : spec.By,
            Http = spec.Http is { } http ? new HttpQuestion(http.Path, http.Host, [.. http.ExpectedStatuses.Distinct().Order()]) : null,
            Tcp = spec.Tcp is { } tcp ? new TcpQuestion(tcp.Send, tcp.Receive) : null,
            Grpc = spec.Grpc is { } grpc ? new GrpcQuestion(grpc.Service) : null,
            Interval = spec.Interval,
            Timeout = spec.Timeout,
            UnhealthyThreshold = spec.UnhealthyThreshold,
            HealthyThreshold = spec.HealthyThreshold,
            Origin = document.Id,
        };
    }

    public static int Priority(Document document) => ((HealthCheckSpec)document.Spec).Priority;
}
