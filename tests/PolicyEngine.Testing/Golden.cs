using System.Runtime.CompilerServices;
using Xunit;

namespace PolicyEngine.Testing;

/// <summary>
/// A golden test compares text with a file beside the test. <c>UPDATE_GOLDENS=1 dotnet test</c> writes the files anew (never where CI is
/// set); read the difference in git before you commit it.
/// </summary>
public static class Golden
{
    private const int Context = 2;
    private const int MostLines = 40;

    private static bool Updating =>
        Environment.GetEnvironmentVariable("UPDATE_GOLDENS") is "1" or "true" && Environment.GetEnvironmentVariable("CI") is null or "";

    /// <summary>The folder <paramref name="name"/> beside the calling test.</summary>
    public static string Folder(string name, [CallerFilePath] string caller = "") => Path.Combine(Path.GetDirectoryName(caller)!, name);

    /// <summary>The cases of a folder: its sub-folders, in ordinal order.</summary>
    public static TheoryData<string> Cases(string folder) =>
        new(Directory.EnumerateDirectories(folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal));

    public static void Match(string actual, string file)
    {
        actual = actual.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Updating)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
            return;
        }
        var expected = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : null;
        if (expected == actual) return;
        Assert.Fail($"{Path.GetRelativePath(RepositoryPaths.Root, file)} {(expected is null ? "is not there" : "differs")}; regenerate with UPDATE_GOLDENS=1 dotnet test\n{Difference(expected ?? "", actual)}");
    }

    /// <summary>Fails for a file that no case writes any more.</summary>
    public static void NoOrphans(string folder, string pattern, IEnumerable<string> written)
    {
        var known = written.Select(Path.GetFullPath).ToHashSet(StringComparer.Ordinal);
        var orphans = Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Where(f => !known.Contains(Path.GetFullPath(f))).ToList();
        if (Updating) orphans.ForEach(File.Delete);
        else Assert.Empty(orphans);
    }

    private static string Difference(string expected, string actual)
    {
        var (old, now) = (expected.Split('\n'), actual.Split('\n'));
        var start = old.Zip(now).TakeWhile(p => p.First == p.Second).Count();
        var end = old.Reverse().Zip(now.Reverse()).TakeWhile(p => p.First == p.Second).Count();
        end = Math.Min(end, Math.Min(old.Length, now.Length) - start);
        var lines = old[Math.Max(0, start - Context)..start].Select(l => "  " + l)
            .Concat(old[start..(old.Length - end)].Take(MostLines).Select(l => "- " + l))
            .Concat(now[start..(now.Length - end)].Take(MostLines).Select(l => "+ " + l));
        return $"from line {start + 1}:\n{string.Join('\n', lines)}";
    }
}
