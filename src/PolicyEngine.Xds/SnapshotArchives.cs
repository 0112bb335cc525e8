using Google.Protobuf;
using PolicyEngine.Ir;
using PolicyEngine.Protos.Snapshot.V1;

namespace PolicyEngine.Xds;

/// <summary>A snapshot as bytes for a store, and back. The revision is computed anew on reading, so a damaged archive is noticed.</summary>
public static class SnapshotArchives
{
    public static byte[] Write(Snapshot snapshot)
    {
        var archive = new SnapshotArchive { Fleet = snapshot.Fleet };
        foreach (var resource in snapshot.Resources)
            archive.Resources.Add(new ArchivedResource
            {
                TypeUrl = resource.Type.TypeUrl,
                Name = resource.Name,
                Body = UnsafeByteOperations.UnsafeWrap(resource.Body),
                Origins = { resource.Origins },
                TtlMs = (long)(resource.Ttl?.TotalMilliseconds ?? 0),
            });
        return Canonical.Bytes(archive);
    }

    /// <summary>Throws <see cref="InvalidDataException"/> when the content is not what <paramref name="expected"/> names.</summary>
    public static Snapshot Read(ReadOnlySpan<byte> bytes, Revision expected)
    {
        var snapshot = Parse(bytes);
        return snapshot.Revision == expected
            ? snapshot
            : throw new InvalidDataException($"the archived snapshot of fleet '{snapshot.Fleet}' is {snapshot.Revision.Short}, not {expected.Short}");
    }

    private static Snapshot Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var archive = SnapshotArchive.Parser.ParseFrom(bytes);
            return Snapshot.Of(archive.Fleet, archive.Resources.Select(Resource));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException)
        {
            throw new InvalidDataException($"an archived snapshot is damaged: {e.Message}", e);
        }
    }

    private static Resource Resource(ArchivedResource archived)
    {
        var resource = Xds.Resource.FromBytes(
            ResourceType.Of(archived.TypeUrl) ?? throw new InvalidDataException($"archived resource '{archived.Name}' is of unknown type '{archived.TypeUrl}'"),
            archived.Name,
            archived.Body.Memory,
            [.. archived.Origins]);
        return archived.TtlMs > 0 ? resource.WithTtl(TimeSpan.FromMilliseconds(archived.TtlMs)) : resource;
    }
}
