namespace PolicyEngine.Engine;

/// <summary>Where the sample shop lies: what is used when neither a catalog nor policies are named.</summary>
public static class SampleShop
{
    /// <summary><c>policies/shop</c> below the working folder or one above it, or beside the program; null where it is not.</summary>
    public static string? Find() => new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory }
        .SelectMany(Above)
        .Select(f => Path.Combine(f, "policies", "shop"))
        .FirstOrDefault(f => Directory.Exists(Path.Combine(f, "catalog")));

    private static IEnumerable<string> Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent) yield return at.FullName;
    }
}
