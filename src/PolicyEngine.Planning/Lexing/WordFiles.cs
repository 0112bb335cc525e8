using System.Collections.Frozen;

namespace PolicyEngine.Planning.Lexing;

/// <summary>The lists of words, which are data: <c>Words/CONCEPT.txt</c> for what words are about, <c>Words/Sets/NAME.txt</c> for what else is told apart by its words.</summary>
internal static class WordFiles
{
    private const string Prefix = "words/";

    /// <summary>Every concept with its words and its verbs, whose regular forms are derived.</summary>
    public static IEnumerable<(Concept Concept, string Word, bool IsVerb)> Concepts() =>
        from name in typeof(WordFiles).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)
        where name.StartsWith(Prefix, StringComparison.Ordinal) && Enum.TryParse<Concept>(Path.GetFileNameWithoutExtension(name), out _)
        let concept = Enum.Parse<Concept>(Path.GetFileNameWithoutExtension(name))
        from entry in Entries(Text(name))
        select (concept, entry.Word, entry.IsVerb);

    /// <summary>A named set; of its verbs every form.</summary>
    public static FrozenSet<string> Set(string name) =>
        Entries(Text($"{Prefix}Sets/{name}.txt")).SelectMany(e => e.IsVerb ? Inflection.Forms(e.Word) : [e.Word]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The lines of a file of rules, comments and blank ones left out.</summary>
    public static IEnumerable<string> Lines(string name) => Text(Prefix + name).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#');

    private static IEnumerable<(string Word, bool IsVerb)> Entries(string text)
    {
        var verbs = false;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#') continue;
            if (line[0] == '[') verbs = line == "[verbs]";
            else
                foreach (var word in line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) yield return (word, verbs);
        }
    }

    private static string Text(string name)
    {
        using var stream = typeof(WordFiles).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"there is no {name} in the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
