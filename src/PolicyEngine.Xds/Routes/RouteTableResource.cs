using System.Buffers;
using System.Collections.Immutable;
using Envoy.Config.Route.V3;
using Google.Protobuf;
using PolicyEngine.Ir;

namespace PolicyEngine.Xds.Routes;

/// <summary>One virtual host of a table, encoded.</summary>
internal sealed class TablePart(ReadOnlyMemory<byte> bytes)
{
    private ImmutableArray<ResourceReference>? _references;

    /// <summary>Canonical bytes of the virtual host.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public Envoy.Config.Route.V3.VirtualHost Message => Envoy.Config.Route.V3.VirtualHost.Parser.ParseFrom(Bytes.Span);

    public ImmutableArray<ResourceReference> References => _references ??= ResourceReferences.Of(new RouteConfiguration { VirtualHosts = { Message } });
}

/// <summary>
/// A route table from its virtual hosts' canonical bytes. Tables grow to thousands of hosts; an edit touches one. A message is its fields in
/// the order of their numbers, so the bytes of the unchanged hosts are taken over as they are: the result is the same to the byte.
/// </summary>
internal static class RouteTableResource
{
    public static Resource Of(RouteTable table, FleetRole role, Resource? previous)
    {
        var known = previous?.Parts;
        var parts = new Dictionary<object, TablePart>(table.Hosts.Length, ReferenceEqualityComparer.Instance);
        foreach (var host in table.Hosts)
            parts[host] = known is not null && known.TryGetValue(host, out var part) ? part : new TablePart(Canonical.Bytes(RouteEmitter.Host(host, role)));

        var before = Canonical.Bytes(new RouteConfiguration { Name = table.Name });
        // gRPC clients dial without a port in the authority, Envoys are dialled with one.
        var after = Canonical.Bytes(new RouteConfiguration { IgnorePortInHostMatching = role == FleetRole.Gateway });
        var body = new ArrayBufferWriter<byte>(before.Length + after.Length + parts.Values.Sum(p => p.Bytes.Length + 6));
        body.Write(before);
        foreach (var host in table.Hosts)
        {
            var bytes = parts[host].Bytes;
            WriteHead(body, RouteConfiguration.VirtualHostsFieldNumber, bytes.Length);
            body.Write(bytes.Span);
        }
        body.Write(after);
        return Resource.OfParts(ResourceType.RouteTable, table.Name, body.WrittenMemory, table, parts, () => Origins(table));
    }

    private static void WriteHead(ArrayBufferWriter<byte> body, int field, int length)
    {
        Span<byte> head = stackalloc byte[10];
        var at = Varint(head, WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited));
        at += Varint(head[at..], (uint)length);
        body.Write(head[..at]);
    }

    private static int Varint(Span<byte> target, uint value)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7) target[at++] = (byte)(value | 0x80);
        target[at++] = (byte)value;
        return at;
    }

    private static ImmutableArray<string> Origins(RouteTable table) =>
        [.. table.Hosts.SelectMany(h => h.Routes).SelectMany(r => r.Origins).Distinct().Order(StringComparer.Ordinal)];
}
