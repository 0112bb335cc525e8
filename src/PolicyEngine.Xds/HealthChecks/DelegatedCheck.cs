using System.Runtime.CompilerServices;
using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;

namespace PolicyEngine.Xds.HealthChecks;

/// <summary>
/// That the endpoints of a cluster are checked by the nodes of a fleet, and how. It stands in the cluster's metadata, which Envoy and gRPC pass over: so
/// it is part of what is approved, diffed, kept and served, and what checkers are told follows from what is served and from nothing else.
/// </summary>
public sealed record DelegatedCheck(string Fleet, HealthCheck Check)
{
    private const string Key = "policyengine.health_check";
    private const string By = "by";
    private static readonly ConditionalWeakTable<Resource, object> Known = [];
    private static readonly object None = new();

    public Metadata ToMetadata() => new()
    {
        FilterMetadata = { [Key] = new Struct { Fields = { [By] = Value.ForString(Fleet) } } },
        TypedFilterMetadata = { [Key] = Canonical.Pack(Check) },
    };

    /// <summary>That of a cluster; null where it has none.</summary>
    public static DelegatedCheck? Of(Resource cluster) => Known.GetValue(cluster, static c => Read(c) ?? None) as DelegatedCheck;

    // Most clusters have none, and are not parsed to find that out.
    private static DelegatedCheck? Read(Resource cluster) =>
        cluster.Type == ResourceType.Cluster
        && cluster.Body.Span.IndexOf("policyengine.health_check"u8) >= 0
        && ((EnvoyCluster)cluster.Message).Metadata is { } metadata
        && metadata.FilterMetadata.TryGetValue(Key, out var by) && by.Fields.TryGetValue(By, out var fleet) && fleet.KindCase == Value.KindOneofCase.StringValue
        && metadata.TypedFilterMetadata.TryGetValue(Key, out var packed) && packed.TryUnpack<HealthCheck>(out var check)
            ? new DelegatedCheck(fleet.StringValue, check) : null;
}
