using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Catalog;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.RateLimits;
using PolicyEngine.Policies.Retries;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.Timeouts;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Benchmarks;

/// <summary>1,000 services of two versions, 5,000 routes on 1,000 hosts, 2,000 policies; times a scale.</summary>
internal static class Workload
{
    public static (ServiceCatalog Catalog, PolicySet Policies) Of(int scale)
    {
        var services = Enumerable.Range(0, 1000 * scale).ToList();
        List<Document> catalog = [.. services.Select(Service),
            Document.Of("public", new GatewaySpec { Listeners = [new ListenerSpec { Name = "http", Port = 8080 }] }),
            Document.Of("edge", new FleetSpec { Nodes = new NodeSelector { Cluster = "edge" } })];
        List<Document> policies = [.. services.SelectMany(Routes), .. services.SelectMany(s => s % 2 == 0 ? new[] { Split(s, 5), Timeout(s) } : [Retry(s), Fourth(s)])];
        return (new ServiceCatalog(catalog), new PolicySet(policies));
    }

    public static Document Split(int service, int share) => Document.Of($"split-{service:0000}", new TrafficSplitSpec
    {
        Target = Target.OfService(Name(service)),
        Backends = [new SplitBackend { Version = "v1", Weight = Percentage.Of(100 - share) }, new SplitBackend { Version = "v2", Weight = Percentage.Of(share) }],
    });

    private static string Name(int service) => $"service-{service:0000}";

    private static Document Service(int service) => Document.Of(Name(service), new ServiceSpec
    {
        DefaultVersion = "v1",
        Versions = [.. new[] { "v1", "v2" }.Select((v, i) => new ServiceVersion { Name = v, Endpoints = [new EndpointSpec { Address = $"10.{service / 250 % 250}.{service % 250}.{i + 1}", Port = 8080 }, new EndpointSpec { Address = $"10.{service / 250 % 250}.{service % 250}.{i + 11}", Port = 8080 }] })],
    });

    private static IEnumerable<Document> Routes(int service) => Enumerable.Range(0, 5).Select(i => Document.Of($"route-{service:0000}-{i}", new RouteSpec
    {
        Hosts = [$"host-{service:0000}.example.com"],
        Matches = [new RequestMatch { Path = new PathSpec { Prefix = $"/area-{i}" } }],
        Backends = [new RouteBackend { Service = Name(service) }],
    }));

    private static Document Timeout(int service) => Document.Of($"timeout-{service:0000}", new TimeoutSpec { Target = Target.OfService(Name(service)), Request = TimeSpan.FromSeconds(2) });

    private static Document Retry(int service) => Document.Of($"retry-{service:0000}", new RetrySpec { Target = Target.OfService(Name(service)), Attempts = 2 });

    private static Document Fourth(int service) => service % 4 == 1
        ? Document.Of($"limit-{service:0000}", new RateLimitSpec { Target = Target.OfService(Name(service)), Requests = 100, Per = RateUnit.Second })
        : Document.Of($"deny-{service:0000}", new AuthorizationSpec { Target = Target.OfService(Name(service)), Action = AuthorizationEffect.Deny, Rules = [new AuthorizationRuleSpec { Cidrs = [Cidr.TryParse("10.9.0.0/16", out var c) ? c : default] }] });
}
