using Xunit;

namespace PolicyEngine.Testing;

/// <summary>A program that none of us wrote, from the <c>PATH</c> or the shared folder.</summary>
public sealed class SharedTool(string name)
{
    private readonly string? _program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Append(RepositoryPaths.Shared is null ? "" : Path.Combine(RepositoryPaths.Shared, "servers"))
        .Where(f => f.Length > 0)
        .Select(f => Path.Combine(f, name))
        .FirstOrDefault(File.Exists);

    /// <summary>Where it is; skips the test where it is not.</summary>
    public string Require()
    {
        Assert.SkipWhen(_program is null, $"no {name} on this machine: put it on the PATH");
        return _program!;
    }
}
