using Xunit;

namespace PolicyEngine.Testing;

/// <summary>A real Envoy, through <c>ENVOY_PATH</c>, then <c>PATH</c>, then the shared folder.</summary>
public static class EnvoyBinary
{
    public static string? Find()
    {
        var candidates = new List<string?> { Environment.GetEnvironmentVariable("ENVOY_PATH") };
        candidates.AddRange((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(p => p.Length > 0).Select(p => Path.Combine(p, "envoy")));
        if (RepositoryPaths.Shared is { } shared) candidates.Add(Path.Combine(shared, "envoy", "envoy"));
        return candidates.FirstOrDefault(c => !string.IsNullOrEmpty(c) && File.Exists(c));
    }

    /// <summary>Skips the test, with the reason, where there is none.</summary>
    public static string Require()
    {
        var path = Find();
        Assert.SkipWhen(path is null, "no Envoy on this machine: set ENVOY_PATH, or put envoy on the PATH");
        return path!;
    }
}
