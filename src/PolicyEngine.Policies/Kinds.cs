using System.Collections.Frozen;
using System.Collections.Immutable;
using NJsonSchema;
using PolicyEngine.Policies.Approvals;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Catalog;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Faults;
using PolicyEngine.Policies.Headers;
using PolicyEngine.Policies.HealthChecks;
using PolicyEngine.Policies.Mirrors;
using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Policies.RateLimits;
using PolicyEngine.Policies.Retries;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Shapes;
using PolicyEngine.Policies.Timeouts;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Policies;

/// <summary>A kind of document.</summary>
public sealed record Kind(string Name, Type SpecType, string Says)
{
    public bool IsCatalog => typeof(CatalogSpec).IsAssignableFrom(SpecType);

    public bool IsPolicy => typeof(PolicySpec).IsAssignableFrom(SpecType);

    public RecordShape Shape => ShapeOf.Record(SpecType);

    /// <summary>JSON Schema of a whole document of this kind.</summary>
    public JsonSchema Schema()
    {
        var schema = new JsonSchema
        {
            Id = $"https://policyengine.dev/schema/v1/{Name}.json",
            Title = Name,
            Description = Says,
            Type = JsonObjectType.Object,
            AllowAdditionalProperties = false,
        };
        schema.Properties["apiVersion"] = Constant(Document.ApiVersion);
        schema.Properties["kind"] = Constant(Name);
        schema.Properties["metadata"] = Part(ShapeOf.Record(typeof(Metadata)));
        schema.Properties["spec"] = Part(Shape);
        foreach (var name in schema.Properties.Keys) schema.RequiredProperties.Add(name);
        return schema;
    }

    private static JsonSchemaProperty Constant(string value)
    {
        var property = new JsonSchemaProperty { Type = JsonObjectType.String };
        property.Enumeration.Add(value);
        return property;
    }

    private static JsonSchemaProperty Part(Shape shape)
    {
        var property = new JsonSchemaProperty();
        SchemaWriter.Fill(property, shape);
        return property;
    }

    public override string ToString() => Name;
}

/// <summary>The one list of kinds: adding a feature adds its files and a line here.</summary>
public static class Kinds
{
    public static readonly Kind Service = new("Service", typeof(ServiceSpec), "A service: its protocol, versions and endpoints.");
    public static readonly Kind Gateway = new("Gateway", typeof(GatewaySpec), "Where requests come in: listeners and the hosts they answer for.");
    public static readonly Kind Fleet = new("Fleet", typeof(FleetSpec), "Nodes that share a snapshot: Envoys at the edge, or gRPC clients.");
    public static readonly Kind Secret = new("Secret", typeof(SecretSpec), "Where a certificate with its key, or an authority, is kept: never what is kept there.");
    public static readonly Kind Route = new("Route", typeof(RouteSpec), "Which requests go to which service, are redirected, or are answered at once.");
    public static readonly Kind TrafficSplit = new("TrafficSplit", typeof(TrafficSplitSpec), "How requests are shared between versions.");
    public static readonly Kind Timeout = new("Timeout", typeof(TimeoutSpec), "How long a request, an idle stream or a connection attempt may take.");
    public static readonly Kind Retry = new("Retry", typeof(RetrySpec), "Which failures are tried again, how often and how fast.");
    public static readonly Kind RateLimit = new("RateLimit", typeof(RateLimitSpec), "How many requests are let through, in all or per client.");
    public static readonly Kind Authorization = new("Authorization", typeof(AuthorizationSpec), "Who may ask for what.");
    public static readonly Kind Mirror = new("Mirror", typeof(MirrorSpec), "Copies a share of requests to another version; the answers are thrown away.");
    public static readonly Kind FaultInjection = new("FaultInjection", typeof(FaultInjectionSpec), "Delays or fails a share of requests on purpose.");
    public static readonly Kind Headers = new("Headers", typeof(HeadersSpec), "Sets, adds, appends or removes headers of requests and responses.");
    public static readonly Kind HealthCheck = new("HealthCheck", typeof(HealthCheckSpec), "Whether endpoints are well is found out by asking them: by each Envoy, or by the nodes of a fleet for all.");

    public static readonly Kind Playbook = new("Playbook", typeof(PlaybookSpec), "Which temporary remedy answers which finding, within which bounds.");

    public static readonly Kind Approval = new("Approval", typeof(ApprovalSpec), "Who must approve what before it is promoted.");

    /// <summary>What a catalog or a policy set is made of.</summary>
    public static ImmutableArray<Kind> All { get; } =
    [
        Service, Gateway, Fleet, Secret,
        Route, TrafficSplit, Timeout, Retry, RateLimit, Authorization, Mirror, FaultInjection, Headers, HealthCheck,
    ];

    /// <summary>Policies that people write and no planner makes.</summary>
    public static ImmutableArray<Kind> Unplanned { get; } = [HealthCheck];

    /// <summary>What steers the engine itself: read only where it is asked for, so none gets into a policy set by mistake.</summary>
    public static ImmutableArray<Kind> Operations { get; } = [Playbook, Approval];

    private static readonly FrozenDictionary<string, Kind> ByName = All.Concat(Operations).ToFrozenDictionary(k => k.Name, StringComparer.Ordinal);

    private static readonly FrozenDictionary<Type, Kind> BySpec = All.Concat(Operations).ToFrozenDictionary(k => k.SpecType);

    public static Kind? Find(string name) => ByName.GetValueOrDefault(name);

    public static Kind Of(Type spec) => BySpec[spec];
}
