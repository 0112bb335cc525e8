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
    /// <param name="ttl">For a client that lets resources end: those that do stand in their wrapper.</param>
    /// <param name="missing">Names of which it is said that there is none.</param>
    public ReadOnlyMemory<byte> Full(ResourceSet set, string key, IReadOnlyCollection<Resource> resources, bool ttl = false, IReadOnlyList<string>? missing = null) => Shared(set, (ttl && set.HasTtl ? "full ttl " : "full ") + Key(key, missing), () =>
    {
        var body = Start(resources);
        ProtoWriter.Text(body, DiscoveryResponse.VersionInfoFieldNumber, set.Version.Short);
        foreach (var resource in resources)
        {
            if (ttl && resource.Ttl is not null) WrappedAny(body, Wrapped(resource, resource.Revision.Short, ttl: true));
            else ProtoWriter.Bytes(body, DiscoveryResponse.ResourcesFieldNumber, Any(resource));
        }
        Missing(body, DiscoveryResponse.ResourceErrorsFieldNumber, set.Type, missing);
        End(body, DiscoveryResponse.TypeUrlFieldNumber, DiscoveryResponse.ControlPlaneFieldNumber, set.Type);
        return body.WrittenMemory;
    });

    /// <summary>Nothing new of these: their time begins anew. <paramref name="version"/> is the one that the client took last.</summary>
    public ReadOnlyMemory<byte> Heartbeat(ResourceType type, string version, IReadOnlyCollection<Resource> resources)
    {
        var body = new ArrayBufferWriter<byte>(256);
        ProtoWriter.Text(body, DiscoveryResponse.VersionInfoFieldNumber, version);
        foreach (var resource in resources) WrappedAny(body, Wrapped(resource, version, ttl: true, heartbeat: true));
        End(body, DiscoveryResponse.TypeUrlFieldNumber, DiscoveryResponse.ControlPlaneFieldNumber, type);
        return body.WrittenMemory;
    }

    /// <summary>The state-of-the-world response in proto3 JSON, without a nonce.</summary>
    public ReadOnlyMemory<byte> Json(ResourceSet set, string key, IReadOnlyCollection<Resource> resources) => Shared(set, "json " + key, () =>
        System.Text.Encoding.UTF8.GetBytes(EnvoyJson.CompactAlone(DiscoveryResponse.Parser.ParseFrom(Full(set, key, resources).Span))));

    /// <summary>A delta response.</summary>
    public ReadOnlyMemory<byte> Delta(ResourceSet set, string key, IReadOnlyCollection<Resource> resources, IReadOnlyCollection<string> removed, bool ttl = false, IReadOnlyList<string>? missing = null) => Shared(set, (ttl && set.HasTtl ? "delta ttl " : "delta ") + Key(key, missing), () =>
    {
        var body = Start(resources);
        ProtoWriter.Text(body, DeltaField.SystemVersionInfoFieldNumber, set.Version.Short);
        foreach (var resource in resources) ProtoWriter.Bytes(body, DeltaField.ResourcesFieldNumber, Wrapped(resource, resource.Revision.Short, ttl));
        foreach (var name in removed) ProtoWriter.Text(body, DeltaField.RemovedResourcesFieldNumber, name);
        Missing(body, DeltaField.ResourceErrorsFieldNumber, set.Type, missing);
        End(body, DeltaField.TypeUrlFieldNumber, DeltaField.ControlPlaneFieldNumber, set.Type);
        return body.WrittenMemory;
    });

    /// <summary>Nothing new of these: their time begins anew.</summary>
    public ReadOnlyMemory<byte> DeltaHeartbeat(ResourceSet set, IReadOnlyCollection<Resource> resources)
    {
        var body = new ArrayBufferWriter<byte>(256);
        ProtoWriter.Text(body, DeltaField.SystemVersionInfoFieldNumber, set.Version.Short);
        foreach (var resource in resources) ProtoWriter.Bytes(body, DeltaField.ResourcesFieldNumber, Wrapped(resource, resource.Revision.Short, ttl: true, heartbeat: true));
        End(body, DeltaField.TypeUrlFieldNumber, DeltaField.ControlPlaneFieldNumber, set.Type);
        return body.WrittenMemory;
    }

    /// <summary>
    /// A delta response with virtual hosts, each with the names that this client asked for it by, and with nothing under the names that no
    /// virtual host has: what waits for them goes on.
    /// </summary>
    public ReadOnlyMemory<byte> Hosts(ResourceSet set, IReadOnlyCollection<Resource> resources, IReadOnlyCollection<string> removed, Func<string, IEnumerable<string>> aliases, IReadOnlyCollection<string> unknown)
    {
        var body = Start(resources);
        ProtoWriter.Text(body, DeltaField.SystemVersionInfoFieldNumber, set.Version.Short);
        foreach (var resource in resources) ProtoWriter.Bytes(body, DeltaField.ResourcesFieldNumber, Wrapped(resource, resource.Revision.Short, ttl: false, aliases: aliases(resource.Name)));
        foreach (var name in unknown)
        {
            var nothing = new ArrayBufferWriter<byte>(64);
            ProtoWriter.Text(nothing, DeltaResource.NameFieldNumber, name);
            ProtoWriter.Text(nothing, DeltaResource.AliasesFieldNumber, name);
            ProtoWriter.Bytes(body, DeltaField.ResourcesFieldNumber, nothing.WrittenSpan);
        }
        foreach (var name in removed) ProtoWriter.Text(body, DeltaField.RemovedResourcesFieldNumber, name);
        End(body, DeltaField.TypeUrlFieldNumber, DeltaField.ControlPlaneFieldNumber, set.Type);
        return body.WrittenMemory;
    }

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

    private static string Key(string key, IReadOnlyList<string>? missing) => missing is { Count: > 0 } ? $"{key} without {Ir.Revision.Combine(missing.Select(n => (n, Ir.Revision.None)))}" : key;

    private static void Missing(ArrayBufferWriter<byte> body, int field, ResourceType type, IReadOnlyList<string>? names)
    {
        foreach (var name in names ?? [])
            ProtoWriter.Message(body, field, new ResourceError
            {
                ResourceName = new ResourceName { Name = name },
                ErrorDetail = new Google.Rpc.Status { Code = (int)Grpc.Core.StatusCode.NotFound, Message = $"there is no {type.ShortName} of this name for this node" },
            });
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

    private ReadOnlySpan<byte> Wrapped(Resource resource, string version, bool ttl, bool heartbeat = false, IEnumerable<string>? aliases = null)
    {
        ReadOnlySpan<byte> any = heartbeat ? [] : Any(resource);
        var body = new ArrayBufferWriter<byte>(any.Length + resource.Name.Length + 32);
        ProtoWriter.Text(body, DeltaResource.VersionFieldNumber, version);
        if (!heartbeat) ProtoWriter.Bytes(body, DeltaResource.Resource_FieldNumber, any);
        ProtoWriter.Text(body, DeltaResource.NameFieldNumber, resource.Name);
        foreach (var alias in aliases ?? []) ProtoWriter.Text(body, DeltaResource.AliasesFieldNumber, alias);
        if (ttl && resource.Ttl is { } time) ProtoWriter.Message(body, DeltaResource.TtlFieldNumber, Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(time));
        return body.WrittenSpan;
    }

    private static void WrappedAny(ArrayBufferWriter<byte> body, ReadOnlySpan<byte> wrapped)
    {
        var any = new ArrayBufferWriter<byte>(wrapped.Length + 80);
        ProtoWriter.Text(any, Google.Protobuf.WellKnownTypes.Any.TypeUrlFieldNumber, Canonical.TypeUrlPrefix + DeltaResource.Descriptor.FullName);
        ProtoWriter.Bytes(any, Google.Protobuf.WellKnownTypes.Any.ValueFieldNumber, wrapped);
        ProtoWriter.Bytes(body, DiscoveryResponse.ResourcesFieldNumber, any.WrittenSpan);
    }

    private void End(ArrayBufferWriter<byte> body, int typeField, int controlPlaneField, ResourceType type)
    {
        ProtoWriter.Text(body, typeField, type.TypeUrl);
        ProtoWriter.Bytes(body, controlPlaneField, _controlPlane);
    }

    private sealed class Bodies
    {
        public ConcurrentDictionary<string, Lazy<ReadOnlyMemory<byte>>> ByKey { get; } = new(StringComparer.Ordinal);
    }
}
