using PolicyEngine.Compiler.Combining;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Faults;

namespace PolicyEngine.Compiler.Faults;

internal sealed class FaultFeature : ITrafficFeature
{
    public Type SpecType => typeof(FaultInjectionSpec);

    public bool WorksProxyless => true;

    public IEnumerable<Part> Parts(Document document, RouteContext route)
    {
        var spec = (FaultInjectionSpec)document.Spec;
        if (spec.Delay is { } delay) yield return new Part(document, spec, "fault.delay", new FaultDelay(delay.Duration, delay.Percentage, document.Id));
        if (spec.Abort is { } abort) yield return new Part(document, spec, "fault.abort", new FaultAbort(abort.Status, abort.Percentage, document.Id));
    }

    public RouteTraffic Apply(RouteTraffic traffic, IReadOnlyList<Part> parts) => traffic with
    {
        Fault = new Fault
        {
            Delay = parts.Select(p => p.Value).OfType<FaultDelay>().FirstOrDefault(),
            Abort = parts.Select(p => p.Value).OfType<FaultAbort>().FirstOrDefault(),
        },
    };
}
