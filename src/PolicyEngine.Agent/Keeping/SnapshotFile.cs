using System.Text;
using PolicyEngine.Agent.Staging;
using PolicyEngine.Ir;
using PolicyEngine.Xds;

namespace PolicyEngine.Agent.Keeping;

/// <summary>
/// The last good version on disk. Written beside and renamed over, after a flush to the disk: there is always a whole one. A line with a format
/// and a hash, and what it is the hash of: the server's version, the snapshot's revision, the archive.
/// </summary>
public sealed class SnapshotFile(string folder)
{
    private const string Format = "policyengine-snapshot 1";
    private const long MostBytes = 1L << 30;

    public string Path { get; } = System.IO.Path.Combine(folder, "snapshot");

    /// <summary>What is kept; null with the reason where it cannot be used, and null without one where nothing is kept yet.</summary>
    public (AppliedVersion? Version, string? Problem) Read()
    {
        try
        {
            if (!File.Exists(Path)) return (null, null);
            if (new FileInfo(Path).Length > MostBytes) return (null, $"{Path} is larger than {MostBytes >> 20} MB");
            return (Parse(File.ReadAllBytes(Path)), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return (null, $"{Path} cannot be used: {e.Message}");
        }
    }

    /// <summary>Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where it cannot be kept; what was kept before is then untouched.</summary>
    public void Write(AppliedVersion version)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"{version.Version}\n{version.Snapshot.Revision}\n"), .. SnapshotArchives.Write(version.Snapshot)];
        var beside = Path + ".new";
        using (var file = new FileStream(beside, Options()))
        {
            file.Write(Encoding.ASCII.GetBytes($"{Format} {Revision.Of(content)}\n"));
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, Path, overwrite: true);
    }

    /// <summary>A snapshot may hold keys: it is its owner's alone.</summary>
    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static AppliedVersion Parse(ReadOnlySpan<byte> bytes)
    {
        var head = Line(ref bytes).Split(' ');
        if (string.Join(' ', head[..^1]) != Format || !Revision.TryParse(head[^1], out var hash)) throw new InvalidDataException($"it does not begin as '{Format}' does");
        if (Revision.Of(bytes) != hash) throw new InvalidDataException("its content is damaged");
        var version = Line(ref bytes);
        return Revision.TryParse(Line(ref bytes), out var revision) ? new AppliedVersion(version, SnapshotArchives.Read(bytes, revision)) : throw new InvalidDataException("it names no revision");
    }

    private static string Line(ref ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0) throw new InvalidDataException("it is cut off");
        var line = Encoding.UTF8.GetString(bytes[..end]);
        bytes = bytes[(end + 1)..];
        return line;
    }
}
