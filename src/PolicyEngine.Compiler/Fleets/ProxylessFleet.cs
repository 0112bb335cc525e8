using PolicyEngine.Compiler.Routes;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Catalog;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Compiler.Fleets;

/// <summary>gRPC clients without a proxy: for each gRPC service a listener by its name (<c>xds:///cart</c>) and a route table that leads to it.</summary>
internal sealed class ProxylessFleet(Names names, PolicyIndex index, Memo memo)
{
    public (IReadOnlyList<Listener> Listeners, IReadOnlyList<CompiledTable> Tables) Compile(string fleet)
    {
        var (listeners, tables) = (new List<Listener>(), new List<CompiledTable>());
        var compiler = new TableCompiler(names, memo, fleet, proxyless: true);
        foreach (var (service, spec) in names.Catalog.Services)
        {
            if (spec.Protocol != ServiceProtocol.Grpc) continue;
            listeners.Add(new Listener { Name = service, RouteTable = service, Origins = [$"Service/{service}"] });
            List<Document> policies = [.. index.On(Scope.Fleet, fleet), .. index.On(Scope.Service, service)];
            var unit = compiler.Unit(service, "*", service, null, policies, [service], () => [Seed(service)]);
            tables.Add(compiler.Table(service, [compiler.Host(service, "*", [unit])]));
        }
        return (listeners, tables);
    }

    private static RouteSeed Seed(string service) => new() { Name = service, Host = service, Match = RouteMatch.All, Backends = [new RouteBackend { Service = service }] };
}
