using PolicyEngine.Compiler.Combining;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Compiler.TrafficSplits;

/// <summary>A split decides where a route's backends without a version go: <see cref="Routes.ForwardCompiler"/> reads its part.</summary>
internal sealed class TrafficSplitFeature : ITrafficFeature
{
    public const string SlotPrefix = "split.";

    public Type SpecType => typeof(TrafficSplitSpec);

    public bool WorksProxyless => true;

    public IEnumerable<Part> Parts(Document document, RouteContext route)
    {
        var spec = (TrafficSplitSpec)document.Spec;
        if (spec.Target.Service is { } service) yield return new Part(document, spec, SlotPrefix + service, spec);
        else if (route.Services is [var only]) yield return new Part(document, spec, SlotPrefix + only, spec);
    }

    public RouteTraffic Apply(RouteTraffic traffic, IReadOnlyList<Part> parts) => traffic;
}
