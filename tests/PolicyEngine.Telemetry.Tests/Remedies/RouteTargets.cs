using PolicyEngine.Compiler;
using PolicyEngine.Ir;

namespace PolicyEngine.Telemetry.Tests.Remedies;

/// <summary>Where compiled routes lead.</summary>
internal static class RouteTargets
{
    public static IEnumerable<(string Upstream, int Percent)> Of(CompileResult compiled) =>
        compiled.Fleets.SelectMany(f => f.RouteTables).SelectMany(t => t.Hosts).SelectMany(h => h.Routes).Select(r => r.Action).OfType<Forward>().SelectMany(f => f.Upstreams).Select(u => (u.Upstream, (int)u.Weight.Value));
}
