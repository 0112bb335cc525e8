namespace PolicyEngine.ControlPlane.Secrets;

/// <summary>The texts of secrets: files below one folder, wherever links within it lead, and never beyond; and variables of the environment.</summary>
internal sealed class SecretFolder(string? root)
{
    private const long MostBytes = 1024 * 1024;

    /// <summary>As many links as Linux follows.</summary>
    private const int MostLinks = 40;

    public string? Root => root;

    public string Read(MaterialPlace place) => place.File is { } file ? OfFile(place, file) : OfVariable(place);

    private static string OfVariable(MaterialPlace place) =>
        Environment.GetEnvironmentVariable(place.Variable!) is { Length: > 0 } text ? text : throw new SecretException($"{place}: the server's environment has no such variable");

    private string OfFile(MaterialPlace place, string file)
    {
        if (root is null) throw new SecretException($"{place}: the server was given no folder of secrets (--secrets)");
        try
        {
            var folder = Real(Path.GetFullPath(root));
            var path = Real(Path.Combine(folder, file));
            if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw new SecretException($"{place}: it leads out of the folder of secrets");
            if (!File.Exists(path)) throw new SecretException($"{place}: there is no such file");
            return new FileInfo(path).Length <= MostBytes ? File.ReadAllText(path) : throw new SecretException($"{place}: it has more than {MostBytes} bytes");
        }
        catch (UnauthorizedAccessException)
        {
            throw new SecretException($"{place}: it may not be read");
        }
        catch (IOException)
        {
            throw new SecretException($"{place}: it cannot be read");
        }
    }

    /// <summary>The path without links on the way: what is mounted as secrets changes by a link to a folder that is swapped.</summary>
    private static string Real(string path)
    {
        var links = 0;
        var (real, rest) = (Path.GetPathRoot(path)!, new Stack<string>(Parts(path).Reverse()));
        while (rest.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }
            var next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }
            if (++links > MostLinks) throw new IOException("too many links");
            if (Path.IsPathRooted(target)) real = Path.GetPathRoot(target)!;
            foreach (var step in Parts(target).Reverse()) rest.Push(step);
        }
        return real;
    }

    private static IEnumerable<string> Parts(string path) => path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".");
}
