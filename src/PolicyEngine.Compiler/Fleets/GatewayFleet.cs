using PolicyEngine.Compiler.Routes;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Catalog;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Compiler.Fleets;

/// <summary>A fleet of Envoys that face requests: a listener and a route table for each listener of its gateways.</summary>
internal sealed class GatewayFleet(Names names, PolicyIndex index, Memo memo)
{
    public (IReadOnlyList<Listener> Listeners, IReadOnlyList<CompiledTable> Tables) Compile(string fleet, FleetSpec spec)
    {
        var (listeners, tables) = (new List<Listener>(), new List<CompiledTable>());
        var compiler = new TableCompiler(names, memo, fleet, proxyless: false);
        foreach (var (gateway, gatewaySpec) in names.Catalog.Gateways)
        {
            if (!spec.Gateways.IsEmpty && !spec.Gateways.Contains(gateway)) continue;
            foreach (var listener in gatewaySpec.Listeners.OrderBy(l => l.Name, StringComparer.Ordinal))
            {
                var name = $"{gateway}.{listener.Name}";
                listeners.Add(new Listener
                {
                    Name = name,
                    Address = listener.Address,
                    Port = listener.Port,
                    Tls = Tls(listener),
                    RouteTable = name,
                    ClientReports = spec.ClientReports?.Share,
                    Origins = [$"Gateway/{gateway}", .. SecretsOf(listener), .. spec.ClientReports is null ? [] : new[] { $"Fleet/{fleet}" }],
                });
                tables.Add(Table(compiler, name, fleet, gateway, listener));
            }
        }
        return (listeners, tables);
    }

    private static ListenerTls? Tls(ListenerSpec listener) => listener.Tls is { } tls ? new(tls.Secret, tls.ClientCa) : null;

    private static IEnumerable<string> SecretsOf(ListenerSpec listener) =>
        new[] { listener.Tls?.Secret, listener.Tls?.ClientCa }.OfType<string>().Distinct().Order(StringComparer.Ordinal).Select(s => $"Secret/{s}");

    private CompiledTable Table(TableCompiler compiler, string table, string fleet, string gateway, ListenerSpec listener)
    {
        var hosts = ByHost(gateway, listener);
        return compiler.Table(table, [.. hosts.Select(h => compiler.Host(table, h.Key, [.. h.Value.Select(d => Unit(compiler, table, h.Key, d, fleet, gateway))]))]);
    }

    private RouteUnit Unit(TableCompiler compiler, string table, string host, Document document, string fleet, string gateway)
    {
        var spec = (RouteSpec)document.Spec;
        var services = spec.Backends is [var only] ? [only.Service] : (IReadOnlyList<string>)[.. spec.Backends.Select(b => b.Service).Distinct(StringComparer.Ordinal)];
        List<Document> policies = [.. index.On(Scope.Fleet, fleet), .. index.On(Scope.Gateway, gateway)];
        foreach (var service in services) policies.AddRange(index.On(Scope.Service, service));
        policies.AddRange(index.On(Scope.Route, document.Name));
        return compiler.Unit(table, host, document.Name, document, policies, services, () => RouteSeed.Of(document, host));
    }

    /// <summary>The routes of each host of a listener; one that names no host is part of all of them.</summary>
    private SortedDictionary<string, List<Document>> ByHost(string gateway, ListenerSpec listener)
    {
        var answering = new Hosts([listener]);
        var named = new SortedDictionary<string, List<Document>>(StringComparer.Ordinal);
        var everywhere = new List<Document>();
        foreach (var document in index.Routes)
        {
            var spec = (RouteSpec)document.Spec;
            if (!spec.Gateways.IsEmpty && !spec.Gateways.Contains(gateway)) continue;
            if (spec.Hosts.IsEmpty) everywhere.Add(document);
            foreach (var host in spec.Hosts)
                if (answering.Answer(host)) Of(host).Add(document);
        }
        if (everywhere.Count > 0)
        {
            foreach (var host in answering.Known) Of(host);
            foreach (var documents in named.Values) documents.AddRange(everywhere);
        }
        return named;

        List<Document> Of(string host)
        {
            if (!named.TryGetValue(host, out var documents)) named[host] = documents = [];
            return documents;
        }
    }
}
