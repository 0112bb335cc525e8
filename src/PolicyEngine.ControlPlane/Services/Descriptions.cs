using Google.Protobuf.Reflection;
using Grpc.Reflection;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Services;

/// <summary>
/// What reflection tells: the services of the nodes' port, and the types of the resources that they carry. Looked up on the first question, as
/// the descriptors of Envoy's API take their time.
/// </summary>
internal static class Descriptions
{
    public static ReflectionServiceImpl V1Alpha() => new(Services, Symbols());

    public static ReflectionV1ServiceImpl V1() => new(Services, Symbols());

    private static IEnumerable<string> Services => Files.SelectMany(f => f.Services).Select(s => s.FullName);

    private static IReadOnlyList<FileDescriptor> Files =>
    [
        Envoy.Service.Discovery.V3.AdsReflection.Descriptor,
        Envoy.Service.Cluster.V3.CdsReflection.Descriptor,
        Envoy.Service.Endpoint.V3.EdsReflection.Descriptor,
        Envoy.Service.Endpoint.V3.LedsReflection.Descriptor,
        Envoy.Service.Listener.V3.LdsReflection.Descriptor,
        Envoy.Service.Route.V3.RdsReflection.Descriptor,
        Envoy.Service.Route.V3.SrdsReflection.Descriptor,
        Envoy.Service.Secret.V3.SdsReflection.Descriptor,
        Envoy.Service.Runtime.V3.RtdsReflection.Descriptor,
        Envoy.Service.Extension.V3.ConfigDiscoveryReflection.Descriptor,
        Envoy.Service.LoadStats.V3.LrsReflection.Descriptor,
        Envoy.Service.Accesslog.V3.AlsReflection.Descriptor,
        Envoy.Service.Health.V3.HdsReflection.Descriptor,
        Envoy.Service.Status.V3.CsdsReflection.Descriptor,
        Grpc.Health.V1.HealthReflection.Descriptor,
        Grpc.Reflection.V1.ReflectionReflection.Descriptor,
        Grpc.Reflection.V1Alpha.ReflectionReflection.Descriptor,
    ];

    private static SymbolRegistry Symbols() => SymbolRegistry.FromFiles(Files.Concat(ResourceType.All.Select(t => EnvoyTypes.Find(t.TypeUrl)!.File)));
}
