using PolicyEngine.Agent.Keeping;
using PolicyEngine.Agent.Staging;
using Xunit;

namespace PolicyEngine.Agent.Tests;

public sealed class SnapshotFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policyengine-agent-").FullName;

    private static AppliedVersion One => new("v1", Samples.Snapshot(("a", 1), ("b", 2)));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WrittenVersion_IsReadAsItWas()
    {
        var file = new SnapshotFile(_folder);
        file.Write(new AppliedVersion("v0", Samples.Snapshot()));
        file.Write(One);
        var (read, problem) = file.Read();
        Assert.Null(problem);
        Assert.Equal(("v1", "fleet", One.Snapshot.Revision), (read!.Version, read.Snapshot.Fleet, read.Snapshot.Revision));
        Assert.Equal(["Service/a", "Service/b"], read.Snapshot.Resources.SelectMany(r => r.Origins));
        Assert.Equal([file.Path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void NoFile_IsNoProblem() => Assert.Equal((null, null), new SnapshotFile(_folder).Read());

    [Fact]
    public void DamagedFile_AtAnyPlace_IsReportedAndNotUsed()
    {
        var file = new SnapshotFile(_folder);
        file.Write(One);
        var good = File.ReadAllBytes(file.Path);
        for (var i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x01;
            File.WriteAllBytes(file.Path, bad);
            Check(file, $"byte {i} altered");
            File.WriteAllBytes(file.Path, good[..i]);
            Check(file, $"cut off at {i}");
        }
    }

    [Fact]
    public void WriteThatFails_LeavesWhatWasKept()
    {
        var file = new SnapshotFile(_folder);
        file.Write(One);
        // A folder where the new file would be.
        Directory.CreateDirectory(file.Path + ".new");
        Assert.ThrowsAny<Exception>(() => file.Write(new AppliedVersion("v2", Samples.Snapshot())));
        Assert.Equal("v1", file.Read().Version!.Version);
    }

    [Fact]
    public void Folder_IsHeldByOneAgentAtATime()
    {
        using (DataFolder.Open(_folder))
            Assert.Contains("another agent uses it", Assert.Throws<InvalidOperationException>(() => DataFolder.Open(_folder)).Message, StringComparison.Ordinal);
        DataFolder.Open(_folder).Dispose();
    }

    private static void Check(SnapshotFile file, string what)
    {
        var (version, problem) = file.Read();
        Assert.True(version is null && problem!.Contains(file.Path, StringComparison.Ordinal), what);
    }
}
