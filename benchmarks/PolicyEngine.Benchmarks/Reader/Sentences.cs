using System.Security.Cryptography;
using PolicyEngine.Cli.Evals;

namespace PolicyEngine.Benchmarks.Reader;

/// <summary>What the reader learns from: <c>evals/training/*.yaml</c>, and of the open cases those that stand alone. Held-out cases are never read.</summary>
internal static class Sentences
{
    public static string Folder(EvalFolders folders) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(folders.Cases))!, "training");

    public static IReadOnlyList<EvalCase> Read(EvalFolders folders)
    {
        var (open, wrong) = CaseReader.Read(folders.Cases, [EvalSet.Open]);
        var (training, malformed) = CaseReader.ReadFolder(Folder(folders), EvalSet.Open);
        if (wrong.Concat(malformed).FirstOrDefault() is { } diagnostic) throw new InvalidDataException(diagnostic.ToString());
        return [.. training.Concat(open).Select(c => c.Case).Where(c => c.After.IsEmpty).OrderBy(c => c.Id, StringComparer.Ordinal)];
    }

    /// <summary>SHA-256, in hex, of the training sentences, whatever ends their lines.</summary>
    public static string Hash(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal)) hash.AppendData(System.Text.Encoding.UTF8.GetBytes(File.ReadAllText(file).ReplaceLineEndings("\n")));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
