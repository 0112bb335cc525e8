using Xunit;

namespace PolicyEngine.Testing;

/// <summary>A gRPC client that is none of ours: grpcurl, from the <c>PATH</c> or the shared folder.</summary>
public static class Grpcurl
{
    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Append(RepositoryPaths.Shared is null ? "" : Path.Combine(RepositoryPaths.Shared, "servers"))
        .Where(f => f.Length > 0)
        .Select(f => Path.Combine(f, "grpcurl"))
        .FirstOrDefault(File.Exists);

    /// <summary>Runs it without TLS; skips the test where there is none.</summary>
    public static async Task<(int ExitCode, string Output)> Run(params string[] arguments)
    {
        Assert.SkipWhen(Program is null, "no grpcurl on this machine: put it on the PATH");
        return await ChildProcess.Run(Program!, ["-plaintext", "-max-time", "20", .. arguments]);
    }
}
