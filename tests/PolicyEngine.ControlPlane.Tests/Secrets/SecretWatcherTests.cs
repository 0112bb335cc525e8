using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolicyEngine.ControlPlane.Secrets;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.ControlPlane.Tests.Secrets;

/// <summary>However a file is replaced, it is noticed, and not before it is quiet.</summary>
public sealed class SecretWatcherTests : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly Authority _authority = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("policyengine-secrets-").FullName;
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task FileWrittenOver_IsNoticed() => await Follow(
        () => Copy("first", _folder),
        () => Copy("second", _folder));

    [Fact]
    public async Task FileRenamedIntoPlace_IsNoticed() => await Follow(
        () => Copy("first", _folder),
        () =>
        {
            Copy("second", _authority.Folder);
            foreach (var file in new[] { "s.pem", "s.key" }) File.Move(Path.Combine(_authority.Folder, file), Path.Combine(_folder, file), overwrite: true);
        });

    /// <summary>As Kubernetes mounts secrets: the files are links into a folder that is a link, and that link is replaced.</summary>
    [Fact]
    public async Task LinkToAFolderThatIsSwapped_IsNoticed() => await Follow(
        () =>
        {
            Version("..v1", "first");
            Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..v1");
            foreach (var file in new[] { "s.pem", "s.key" }) File.CreateSymbolicLink(Path.Combine(_folder, file), Path.Combine("..data", file));
        },
        () =>
        {
            Version("..v2", "second");
            Directory.CreateSymbolicLink(Path.Combine(_folder, "..tmp"), "..v2");
            // rename(2), which replaces a link; .NET's own move would look at where it leads.
            Assert.Equal(0, ChildProcess.Run("mv", ["-T", Path.Combine(_folder, "..tmp"), Path.Combine(_folder, "..data")]).WithTimeout().GetAwaiter().GetResult().ExitCode);
        });

    [Fact]
    public async Task FolderThatIsNotThereYet_IsLookedForByTheClock()
    {
        _authority.Sign("first", "first.example.com");
        var folder = Path.Combine(_folder, "later");
        var layer = Layer(folder);
        using var watcher = new SecretWatcher(layer, folder, _time);
        await watcher.StartAsync(CancellationToken.None);
        Assert.Equal(SecretState.Missing, Assert.Single(layer.Statuses).State);
        Copy("first", Directory.CreateDirectory(folder).FullName);
        var told = 0;
        layer.Changed += () => told++;
        _time.Advance(SecretWatcher.LookEvery);
        await Waiting.Until(() => Assert.Single(layer.Statuses).Facts is not null && told == 1, "the clock to look");
    }

    private async Task Follow(Action first, Action second)
    {
        _authority.Sign("first", "first.example.com");
        _authority.Sign("second", "second.example.com");
        first();
        var layer = Layer(_folder);
        using var watcher = new SecretWatcher(layer, _folder, _time);
        await watcher.StartAsync(CancellationToken.None);
        var begun = _time.GetUtcNow();
        Assert.Equal(["first.example.com"], Assert.Single(layer.Statuses).Facts!.Names);
        second();
        await Waiting.Until(() =>
        {
            _time.Advance(Step);
            return Assert.Single(layer.Statuses).Facts!.Names[0] == "second.example.com";
        }, "the new certificate");
        Assert.True(_time.GetUtcNow() - begun < SecretWatcher.LookEvery, "the clock noticed it, and the watcher did not");
    }

    private SecretLayer Layer(string folder) =>
        new(folder, () => [new SecretPlace("s", new("s.pem", null), new("s.key", null), null)], _time, NullLogger<SecretLayer>.Instance);

    private void Version(string folder, string name) => Copy(name, Directory.CreateDirectory(Path.Combine(_folder, folder)).FullName);

    private void Copy(string name, string to)
    {
        foreach (var ending in new[] { "pem", "key" }) File.Copy(Path.Combine(_authority.Folder, $"{name}.{ending}"), Path.Combine(to, $"s.{ending}"), overwrite: true);
    }
}
