using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Policies;

/// <summary>Reads and writes folders of documents (*.yaml, *.yml, *.json, subfolders too), in ordinal order of path.</summary>
public static class DocumentFolder
{
    /// <summary>What no folder at all holds.</summary>
    public static readonly ParseResult Nothing = new([], []);

    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>Every document below a folder (or of one file). File names in diagnostics are relative to the working folder where that is shorter.</summary>
    public static ParseResult Read(string path) => Read(path, Kinds.All);

    /// <summary>As <see cref="Read(string)"/>, of these kinds only.</summary>
    public static ParseResult Read(string path, ImmutableArray<Kind> kinds)
    {
        if (File.Exists(path)) return Unique(ReadFile(path, path, kinds));
        if (!Directory.Exists(path)) return new([], [Unreadable(path, $"there is no file or folder '{path}'")]);
        var results = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(f => Endings.Contains(Path.GetExtension(f)))
            .Order(StringComparer.Ordinal)
            .Select(f => ReadFile(f, Path.Combine(path, Path.GetRelativePath(path, f)).Replace('\\', '/'), kinds))
            .ToList();
        return Unique(new ParseResult([.. results.SelectMany(r => r.Documents)], [.. results.SelectMany(r => r.Diagnostics)]));
    }

    /// <summary>
    /// One file a document, <c>kind-name.yaml</c>. Files of that form whose document is no more in the set go; a folder that holds other
    /// documents is refused with <see cref="IOException"/>, since they would stand beside the ones written.
    /// </summary>
    public static void Write(string folder, PolicySet policies)
    {
        Directory.CreateDirectory(folder);
        var texts = policies.Documents.Values.ToDictionary(FileName, d => d.ToYaml(), StringComparer.Ordinal);
        var present = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Endings.Contains(Path.GetExtension(f))).ToList();
        foreach (var file in present)
            if (ReadFile(file, file, Kinds.All).Documents is not [var only] || FileName(only) != Path.GetRelativePath(folder, file))
                throw new IOException($"'{file}' was not written by this command; name an empty folder");
        foreach (var file in present.Where(f => !texts.ContainsKey(Path.GetRelativePath(folder, f)))) File.Delete(file);
        foreach (var (name, text) in texts) File.WriteAllText(Path.Combine(folder, name), text);
    }

    public static string FileName(Document document) => $"{document.Kind.Name.ToLowerInvariant()}-{document.Name}.yaml";

    private static ParseResult ReadFile(string path, string shown, ImmutableArray<Kind> kinds)
    {
        try
        {
            return new FileInfo(path).Length > 4L * DocReader.MaxCharacters
                ? new([], [Unreadable(shown, "the file is too large")])
                : DocumentParser.Parse(File.ReadAllText(path), shown, kinds);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new([], [Unreadable(shown, e.Message)]);
        }
    }

    private static ParseResult Unique(ParseResult result)
    {
        var seen = new Dictionary<string, Document>(StringComparer.Ordinal);
        var diagnostics = result.Diagnostics.ToBuilder();
        foreach (var document in result.Documents)
        {
            if (seen.TryAdd(document.Id, document)) continue;
            diagnostics.Add(Diagnostic.Of(DiagnosticCatalogue.DuplicateDocument, $"{document.Id} stands twice; it is also at {seen[document.Id].Place("metadata.name")}") with
            {
                Location = document.Place("metadata.name"),
                Document = document.Id,
                Field = "metadata.name",
            });
        }
        return new ParseResult([.. seen.Values], diagnostics.ToImmutable().Sorted());
    }

    private static Diagnostic Unreadable(string file, string message) =>
        Diagnostic.Of(DiagnosticCatalogue.UnreadableFile, message) with { Location = new Location(file, 1, 1) };
}
