using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Envoy.Service.Discovery.V3;
using PolicyEngine.Xds;
using DeltaField = Envoy.Service.Discovery.V3.DeltaDiscoveryResponse;
using DeltaResource = Envoy.Service.Discovery.V3.Resource;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.ControlPlane.Wire;

/// <summary>
/// Response bodies, each encoded once for all streams: a resource's part is kept with the resource, the body of a whole set (and of the few
/// selections that many clients share) with the set; they go when the set goes.
/// </summary>
public sealed class ResponseEncoder(string identifier)
{
    private const int MostSelections = 256;

    private readonly byte[] _controlPlane = Canonical.Bytes(new Envoy.Config.Core.V3.ControlPlane { Identifier = identifier });
    private readonly ConditionalWeakTable<Resource, byte[]> _anys = [];
    private readonly ConditionalWeakTable<ResourceSet, Bodies> _bodies = [];

    /// <summary>A state-of-the-world response with these resources. <paramref name="key"/> names the selection: equal for equal selections of the set.</summary>
    public ReadOnlyMemory<byte> Full(ResourceSet set, string key, IReadOnlyCollection<Resource> resources) => Shared(set, "full " + key, () =>
    {
        var body = Start(resources);
        ProtoWriter.Text(body, DiscoveryResponse.VersionInfoFieldNumber, set.Version.Short);
        foreach (var resource in resources) ProtoWriter.Bytes(body, DiscoveryResponse.ResourcesFieldNumber, Any(resource));
        ProtoWriter.Text(body, DiscoveryResponse.TypeUrlFieldNumber, set.Type.TypeUrl);
        ProtoWriter.Bytes(body, DiscoveryResponse.ControlPlaneFieldNumber, _controlPlane);
        return body.WrittenMemory;
    });

    /// <summary>A delta response.</summary>
    public ReadOnlyMemory<byte> Delta(ResourceSet set, string key, IReadOnlyCollection<Resource> resources, IReadOnlyCollection<string> removed) => Shared(set, "delta " + key, () =>
    {
        var body = Start(resources);
        ProtoWriter.Text(body, DeltaField.SystemVersionInfoFieldNumber, set.Version.Short);
        foreach (var resource in resources) ProtoWriter.Bytes(body, DeltaField.ResourcesFieldNumber, Wrapped(resource));
        foreach (var name in removed) ProtoWriter.Text(body, DeltaField.RemovedResourcesFieldNumber, name);
        ProtoWriter.Text(body, DeltaField.TypeUrlFieldNumber, set.Type.TypeUrl);
        ProtoWriter.Bytes(body, DeltaField.ControlPlaneFieldNumber, _controlPlane);
        return body.WrittenMemory;
    });

    /// <summary>A state-of-the-world response that holds nothing, of whatever type.</summary>
    public ReadOnlyMemory<byte> Nothing(string typeUrl)
    {
        var body = new ArrayBufferWriter<byte>(256 + typeUrl.Length);
        ProtoWriter.Text(body, DiscoveryResponse.VersionInfoFieldNumber, Ir.Revision.Combine([]).Short);
        ProtoWriter.Text(body, DiscoveryResponse.TypeUrlFieldNumber, typeUrl);
        ProtoWriter.Bytes(body, DiscoveryResponse.ControlPlaneFieldNumber, _controlPlane);
        return body.WrittenMemory;
    }

    private ReadOnlyMemory<byte> Shared(ResourceSet set, string key, Func<ReadOnlyMemory<byte>> encode)
    {
        var bodies = _bodies.GetValue(set, _ => new Bodies());
        if (bodies.ByKey.TryGetValue(key, out var known)) return known.Value;
        // Lazy: of a thousand streams that want the same body at once, one encodes it.
        if (bodies.ByKey.Count >= MostSelections) return encode();
        return bodies.ByKey.GetOrAdd(key, _ => new Lazy<ReadOnlyMemory<byte>>(encode)).Value;
    }

    private static ArrayBufferWriter<byte> Start(IReadOnlyCollection<Resource> resources) =>
        new(256 + resources.Sum(r => r.Body.Length + r.Name.Length + 160));

    private byte[] Any(Resource resource) => _anys.GetValue(resource, r =>
    {
        var any = new ArrayBufferWriter<byte>(r.Body.Length + r.Type.TypeUrl.Length + 16);
        ProtoWriter.Text(any, Google.Protobuf.WellKnownTypes.Any.TypeUrlFieldNumber, r.Type.TypeUrl);
        ProtoWriter.Bytes(any, Google.Protobuf.WellKnownTypes.Any.ValueFieldNumber, r.Body.Span);
        return any.WrittenSpan.ToArray();
    });

    private ReadOnlySpan<byte> Wrapped(Resource resource)
    {
        var any = Any(resource);
        var body = new ArrayBufferWriter<byte>(any.Length + resource.Name.Length + 32);
        ProtoWriter.Text(body, DeltaResource.VersionFieldNumber, resource.Revision.Short);
        ProtoWriter.Bytes(body, DeltaResource.Resource_FieldNumber, any);
        ProtoWriter.Text(body, DeltaResource.NameFieldNumber, resource.Name);
        return body.WrittenSpan;
    }

    private sealed class Bodies
    {
        public ConcurrentDictionary<string, Lazy<ReadOnlyMemory<byte>>> ByKey { get; } = new(StringComparer.Ordinal);
    }
}
