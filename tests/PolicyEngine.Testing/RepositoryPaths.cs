namespace PolicyEngine.Testing;

/// <summary>Where things are: the repository, and the folder beside it with parts that only some machines have.</summary>
public static class RepositoryPaths
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Shop => Path.Combine(Root, "policies", "shop");

    /// <summary>
    /// The optional folder with an Envoy, servers and test data: <c>POLICYENGINE_SHARED</c>, or <c>shared</c> beside the repository. The
    /// only place that knows of it; null where there is none.
    /// </summary>
    public static string? Shared { get; } = new[] { Environment.GetEnvironmentVariable("POLICYENGINE_SHARED"), Path.Combine(Root, "..", "shared") }
        .FirstOrDefault(p => !string.IsNullOrEmpty(p) && Directory.Exists(p)) is { } found ? Path.GetFullPath(found) : null;

    /// <summary>Test data of others: <c>POLICYENGINE_TEST_DATA</c>, or <c>data</c> in the shared folder.</summary>
    public static string? Data(string folder)
    {
        var root = Environment.GetEnvironmentVariable("POLICYENGINE_TEST_DATA") ?? (Shared is null ? null : Path.Combine(Shared, "data"));
        return root is not null && Directory.Exists(Path.Combine(root, folder)) ? Path.Combine(root, folder) : null;
    }

    private static string Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "PolicyEngine.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"no PolicyEngine.sln above {from}");
    }
}
