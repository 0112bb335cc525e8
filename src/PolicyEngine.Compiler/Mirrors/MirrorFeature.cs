using PolicyEngine.Compiler.Combining;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Mirrors;

namespace PolicyEngine.Compiler.Mirrors;

/// <summary>One mirror a destination.</summary>
internal sealed class MirrorFeature : ITrafficFeature
{
    public Type SpecType => typeof(MirrorSpec);

    public bool WorksProxyless => false;

    public IEnumerable<Part> Parts(Document document, RouteContext route)
    {
        var spec = (MirrorSpec)document.Spec;
        if ((spec.To.Service ?? spec.Target.Service) is not { } service) yield break;
        if ((spec.To.Version ?? route.Names.DefaultVersion(service)) is not { } version) yield break;
        var upstream = Names.Upstream(service, version);
        yield return new Part(document, spec, $"mirror.{upstream}", new Mirror(upstream, spec.Percentage, document.Id));
    }

    public RouteTraffic Apply(RouteTraffic traffic, IReadOnlyList<Part> parts) =>
        traffic with { Mirrors = [.. parts.Select(p => (Mirror)p.Value).Where(m => m.Share != Percentage.Zero).OrderBy(m => m.Upstream, StringComparer.Ordinal)] };
}
