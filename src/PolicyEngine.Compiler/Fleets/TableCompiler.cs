using System.Collections.Immutable;
using PolicyEngine.Compiler.Routes;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Compiler.Fleets;

/// <summary>A virtual host with what was found wrong in it and the services that it needs.</summary>
internal sealed record CompiledHost(VirtualHost Host, ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<string> Services);

internal sealed record CompiledTable(RouteTable Table, ImmutableArray<CompiledHost> Hosts);

/// <summary>Route units to virtual hosts to a route table, each taken over from the last compilation where nothing in it moved.</summary>
internal sealed class TableCompiler(Names names, Memo memo, string fleet, bool proxyless)
{
    private readonly RouteUnitCompiler _units = new(names, fleet, proxyless);

    public RouteUnit Unit(string table, string host, string name, Document? document, IReadOnlyList<Document> policies, IReadOnlyList<string> services, Func<IEnumerable<RouteSeed>> seeds)
    {
        object[] inputs = [.. policies, .. services.Select(s => (object?)names.Service(s) ?? s), .. document is null ? [] : new[] { document }];
        return memo.Get("unit", fleet, table, host, name, inputs, () => _units.Compile(seeds(), policies));
    }

    public CompiledHost Host(string table, string domain, IReadOnlyList<RouteUnit> units) =>
        memo.Get("host", fleet, table, domain, "", [.. units], () =>
        {
            var seeds = units.SelectMany(u => u.Seeds).OrderBy(s => s.Seed, RouteOrder.Instance).ToList();
            var ordered = seeds.Select(s => s.Seed).ToList();
            var host = new VirtualHost
            {
                Name = domain == "*" ? "any" : domain,
                Domains = [domain],
                Routes = [.. seeds.SelectMany(s => s.Routes)],
            };
            return new CompiledHost(
                host,
                [.. units.SelectMany(u => u.Diagnostics), .. RouteOrder.Conflicts(ordered), .. RouteOrder.Dead(ordered)],
                [.. host.Routes.SelectMany(Upstreams).Select(u => u[..u.IndexOf('.')]).Distinct().Order(StringComparer.Ordinal)]);
        });

    public CompiledTable Table(string name, IReadOnlyList<CompiledHost> hosts) =>
        memo.Get("table", fleet, name, "", "", [.. hosts], () => new CompiledTable(new RouteTable { Name = name, Hosts = [.. hosts.Select(h => h.Host)] }, [.. hosts]));

    private static IEnumerable<string> Upstreams(Route route) =>
        ((route.Action as Forward)?.Upstreams.Select(u => u.Upstream) ?? []).Concat(route.Traffic.Mirrors.Select(m => m.Upstream));
}
