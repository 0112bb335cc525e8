namespace PolicyEngine.Cli.Evals;

/// <summary>Where cases are, and beside them their catalogs and the baseline.</summary>
internal sealed record EvalFolders(string Cases)
{
    private string Root => Path.GetDirectoryName(Path.GetFullPath(Cases))!;

    public string Baseline => Path.Combine(Root, "baseline.json");

    public Worlds Worlds() => new(Path.Combine(Root, "catalogs"), Path.Combine(Path.GetDirectoryName(Root)!, "policies"));

    /// <summary>The folder named, or <c>evals/cases</c> in the working folder or one above it; null where it is not.</summary>
    public static EvalFolders? Find(string? named)
    {
        if (named is not null) return Directory.Exists(named) ? new EvalFolders(named) : null;
        for (var at = new DirectoryInfo(Directory.GetCurrentDirectory()); at is not null; at = at.Parent)
            if (Path.Combine(at.FullName, "evals", "cases") is var cases && Directory.Exists(cases)) return new EvalFolders(cases);
        return null;
    }
}
