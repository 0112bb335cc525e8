using System.Collections.Concurrent;
using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace PolicyEngine.Xds;

/// <summary>
/// Finds a message type of Envoy's API by its type URL. Touching every descriptor costs more than a second, so the whole registry is
/// built on first need only; the types that are served are found without it.
/// </summary>
public static class EnvoyTypes
{
    private static readonly FrozenDictionary<string, MessageDescriptor> Served = new[]
    {
        Envoy.Config.Cluster.V3.Cluster.Descriptor,
        Envoy.Config.Endpoint.V3.ClusterLoadAssignment.Descriptor,
        Envoy.Config.Listener.V3.Listener.Descriptor,
        Envoy.Config.Route.V3.RouteConfiguration.Descriptor,
    }.ToFrozenDictionary(d => d.FullName, StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, MessageDescriptor?> ByClrName = new(StringComparer.Ordinal);

    private static readonly Lazy<IReadOnlyList<FileDescriptor>> LazyFiles = new(AllFiles);

    private static readonly Lazy<FrozenDictionary<string, MessageDescriptor>> Everything = new(() =>
        LazyFiles.Value.SelectMany(f => f.MessageTypes).SelectMany(WithNested).ToFrozenDictionary(d => d.FullName, StringComparer.Ordinal));

    private static readonly Lazy<TypeRegistry> LazyRegistry = new(() => TypeRegistry.FromFiles(LazyFiles.Value));

    /// <summary>For proto3 JSON with Any in it.</summary>
    public static TypeRegistry Registry => LazyRegistry.Value;

    public static MessageDescriptor? Find(string typeUrl)
    {
        var name = typeUrl[(typeUrl.LastIndexOf('/') + 1)..];
        return Served.GetValueOrDefault(name) ?? ByClrName.GetOrAdd(name, FindByClrName) ?? Everything.Value.GetValueOrDefault(name);
    }

    /// <summary>The generated class bears the message's name in C#'s spelling; asking for it touches one file instead of all.</summary>
    private static MessageDescriptor? FindByClrName(string fullName)
    {
        var parts = fullName.Split('.');
        for (var i = 0; i < parts.Length - 1; i++) parts[i] = string.Concat(parts[i].Split('_').Where(p => p.Length > 0).Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
        var type = typeof(Envoy.Config.Cluster.V3.Cluster).Assembly.GetType(string.Join('.', parts));
        return type?.GetProperty("Descriptor")?.GetValue(null) is MessageDescriptor descriptor && descriptor.FullName == fullName ? descriptor : null;
    }

    /// <summary>Throws <see cref="InvalidProtocolBufferException"/> for malformed bytes, <see cref="FormatException"/> for a type that the API does not have.</summary>
    public static IMessage Parse(string typeUrl, ReadOnlyMemory<byte> body) =>
        Find(typeUrl) is { } descriptor
            ? descriptor.Parser.ParseFrom(body.Span)
            : throw new FormatException($"'{typeUrl}' is not a type of the Envoy API");

    private static IReadOnlyList<FileDescriptor> AllFiles() =>
    [
        .. typeof(Envoy.Config.Cluster.V3.Cluster).Assembly.GetTypes()
            .Where(t => t.IsAbstract && t.IsSealed && t.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(t => t.GetProperty("Descriptor")?.GetValue(null))
            .OfType<FileDescriptor>()
            .OrderBy(f => f.Name, StringComparer.Ordinal),
    ];

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor message) =>
        message.NestedTypes.SelectMany(WithNested).Prepend(message);
}
