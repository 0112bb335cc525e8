using PolicyEngine.Compiler.Combining;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Timeouts;

namespace PolicyEngine.Compiler.Timeouts;

/// <summary>Request and idle bounds of routes; connecting belongs to the upstream (<see cref="Upstreams.UpstreamCompiler"/>).</summary>
internal sealed class TimeoutFeature : ITrafficFeature
{
    public Type SpecType => typeof(TimeoutSpec);

    public bool WorksProxyless => true;

    public IEnumerable<Part> Parts(Document document, RouteContext route)
    {
        var spec = (TimeoutSpec)document.Spec;
        if (spec.Request is { } request) yield return new Part(document, spec, "timeout.request", request);
        if (spec.Idle is { } idle) yield return new Part(document, spec, "timeout.idle", idle);
    }

    public RouteTraffic Apply(RouteTraffic traffic, IReadOnlyList<Part> parts)
    {
        Sourced<TimeSpan>? Of(string slot) => parts.FirstOrDefault(p => p.Slot == slot) is { } part ? new((TimeSpan)part.Value, part.Origin) : null;
        return traffic with { Timeout = new Ir.Timeout { Request = Of("timeout.request"), Idle = Of("timeout.idle") } };
    }
}
