using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>Generated requests, good and bad, from the API's own description (schemathesis): no 500, no status or content type that the description does not name.</summary>
public sealed class ApiFuzzTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policyengine-fuzz-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Api_KeepsToItsDescription_WhateverIsSent()
    {
        var tool = RepositoryPaths.Shared is { } shared ? Path.Combine(shared, "servers", "schemathesis.pyz") : "";
        Assert.SkipUnless(File.Exists(tool), "schemathesis.pyz is not there");
        await using var server = await ServerProcess.Start(_folder);
        // Streams have no end, and users' tokens are what the run itself needs.
        var (code, output) = await ChildProcess.Run("python3",
        [
            tool, "run", new Uri(server.Address, "/openapi/v1.json").ToString(), "-H", $"Authorization: Bearer {server.Token}", "--max-examples", "10", "--seed", "1",
            "--exclude-path-regex", "events|users", "--phases", "coverage,fuzzing", "--checks", "not_a_server_error,status_code_conformance,content_type_conformance",
        ], folder: _folder, limit: TimeSpan.FromMinutes(3));
        Assert.True(code == 0, output);
    }
}
