using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Policies.HealthChecks;

[OneOf("http", "tcp", "grpc")]
public sealed record HealthCheckSpec : TargetedSpec
{
    /// <summary>In capitals, which no fleet's name has.</summary>
    public const string Proxies = "PROXIES";

    [Field("Who checks: PROXIES, each Envoy for itself; or a fleet, whose Envoys check for everybody and report (HDS).", Pattern = "^(PROXIES|[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)$", Expected = "PROXIES or the name of a fleet", Example = "checkers")]
    public string By { get; init; } = Proxies;

    [Field("Asks by HTTP.")]
    public HttpHealthCheckSpec? Http { get; init; }

    [Field("Connects, and may send and expect something.")]
    public TcpHealthCheckSpec? Tcp { get; init; }

    [Field("Asks grpc.health.v1.Health.")]
    public GrpcHealthCheckSpec? Grpc { get; init; }

    [Field("From one check to the next.")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    [Field("How long a check may take.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    [Field("So many failures in a row, and the endpoint is out.", Min = 1, Max = 100)]
    public int UnhealthyThreshold { get; init; } = 3;

    [Field("So many successes in a row, and it is back.", Min = 1, Max = 100)]
    public int HealthyThreshold { get; init; } = 1;

    public override IEnumerable<Flaw> Check()
    {
        foreach (var flaw in base.Check()) yield return flaw;
        if (Target.Scope != Scope.Service || Target.Matches.Length > 0)
            yield return new Flaw(DiagnosticCatalogue.InvalidValue, "target", "what is checked are the endpoints of a service", "target the service, without matches");
        if (Interval == TimeSpan.Zero) yield return new Flaw(DiagnosticCatalogue.InvalidValue, "interval", "checking without a pause is a storm", "for instance interval: 5s");
        if (Timeout == TimeSpan.Zero) yield return new Flaw(DiagnosticCatalogue.InvalidValue, "timeout", "a check needs some time", "for instance timeout: 1s");
    }
}

public sealed record HttpHealthCheckSpec
{
    [Field("What is asked for.", Pattern = "^/[!-~]*$", Expected = "a path that begins with '/'", Example = "/healthz")]
    public required string Path { get; init; }

    [Field("The host that is asked for; the cluster's name, if not given.", MaxLength = 253, Pattern = "^[A-Za-z0-9._:-]+$", Expected = "a host name, with or without a port")]
    public string? Host { get; init; }

    [Field("Statuses that mean that it is well; 200, if none is given.", Min = 100, Max = 599, MaxItems = 32)]
    public ImmutableArray<int> ExpectedStatuses { get; init; } = [];
}

public sealed record TcpHealthCheckSpec
{
    [Field("What is sent; nothing, if not given.", MaxLength = 256)]
    public string? Send { get; init; }

    [Field("What must come back; nothing, if not given.", MaxLength = 256)]
    public string? Receive { get; init; }
}

public sealed record GrpcHealthCheckSpec
{
    [Field("The service that is asked about; the server as a whole, if not given.", MaxLength = 253, Pattern = "^[A-Za-z0-9._-]+$", Expected = "a gRPC service such as shop.v1.Cart")]
    public string? Service { get; init; }
}
