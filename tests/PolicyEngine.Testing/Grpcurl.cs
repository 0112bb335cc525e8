namespace PolicyEngine.Testing;

/// <summary>A gRPC client that is none of ours.</summary>
public static class Grpcurl
{
    private static readonly SharedTool Program = new("grpcurl");

    /// <summary>Runs it without TLS; skips the test where there is none.</summary>
    public static async Task<(int ExitCode, string Output)> Run(params string[] arguments) => await ChildProcess.Run(Program.Require(), ["-plaintext", "-max-time", "20", .. arguments]);
}
