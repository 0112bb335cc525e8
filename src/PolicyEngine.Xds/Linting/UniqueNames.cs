using Envoy.Config.Route.V3;
using Google.Protobuf;
using PolicyEngine.Ir;
using EnvoyListener = Envoy.Config.Listener.V3.Listener;

namespace PolicyEngine.Xds.Linting;

/// <summary>Names that Envoy wants unique within a resource: virtual hosts and domains of a route table, filter chains of a listener.</summary>
internal static class UniqueNames
{
    public static IEnumerable<Violation> Check(IMessage message) => message switch
    {
        RouteConfiguration routes => Twice(routes.VirtualHosts.Select(h => h.Name), "virtual_hosts", "virtual host")
            .Concat(Twice(routes.VirtualHosts.SelectMany(h => h.Domains).Select(d => d.ToLowerInvariant()), "virtual_hosts.domains", "domain")),
        EnvoyListener listener => Twice(listener.FilterChains.Select(c => c.Name).Where(n => n.Length > 0), "filter_chains", "filter chain"),
        _ => [],
    };

    public static IEnumerable<Violation> Check(RouteTable table) =>
        Twice(table.Hosts.Select(h => h.Name), "virtual_hosts", "virtual host").Concat(Twice(table.Hosts.SelectMany(h => h.Domains), "virtual_hosts.domains", "domain"));

    private static IEnumerable<Violation> Twice(IEnumerable<string> names, string path, string what) =>
        names.GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1)
            .Select(g => new Violation(DiagnosticCatalogue.DuplicateName, path, $"the {what} '{g.Key}' stands {g.Count()} times"));
}
