using System.Collections.Frozen;

namespace PolicyEngine.Planning.Lexing;

/// <summary>
/// The words and expressions the planner knows, by what they are about. A new feature adds its words in a file of its own and its clause beside
/// the others. What stands nowhere is an unknown word, and is asked about.
/// </summary>
internal static class Lexicon
{
    // What stands in the lists of words goes before what is derived from verbs.
    private static readonly FrozenDictionary<string, Concept> ByWord = WordFiles.Concepts().OrderBy(e => e.IsVerb)
        .SelectMany(e => (e.IsVerb ? Inflection.Forms(e.Word) : [e.Word]).Select(w => (Word: w, e.Concept)))
        .GroupBy(e => e.Word, StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.First().Concept, StringComparer.Ordinal);

    /// <summary>First words of expressions of several words, with the most words that one of them has.</summary>
    private static readonly FrozenDictionary<string, int> Starts = ByWord.Keys.Where(w => w.Contains(' '))
        .GroupBy(w => w[..w.IndexOf(' ')], StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.Max(w => w.Count(c => c == ' ') + 1), StringComparer.Ordinal);

    /// <summary>The same by the first two words: of most words that begin an expression the next one says that it is none.</summary>
    private static readonly FrozenDictionary<string, int> Pairs = ByWord.Keys.Where(w => w.Contains(' '))
        .GroupBy(w => w.IndexOf(' ', w.IndexOf(' ') + 1) is var second and > 0 ? w[..second] : w, StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.Max(w => w.Count(c => c == ' ') + 1), StringComparer.Ordinal);

    /// <summary>Single words that say something, by their length: for typing errors.</summary>
    private static readonly FrozenDictionary<int, string[]> ByLength = ByWord
        .Where(w => !w.Key.Contains(' ') && w.Value is not (Concept.Filler or Concept.Preposition or Concept.Noun or Concept.Foreign or Concept.Question))
        .Select(w => w.Key).GroupBy(w => w.Length).ToFrozenDictionary(g => g.Key, g => g.Order(StringComparer.Ordinal).ToArray());

    public static Concept Of(string word) => ByWord.GetValueOrDefault(word);

    /// <summary>The most words an expression has that begins with this one; 0 where none does.</summary>
    public static int LongestFrom(string word) => Starts.GetValueOrDefault(word);

    /// <summary>The most words an expression has that begins with these two; 0 where none does.</summary>
    public static int LongestFrom(string word, string next) => LongestFrom(word) == 0 ? 0 : Pairs.GetValueOrDefault($"{word} {next}");

    /// <summary>Words that are as long, or a letter longer or shorter.</summary>
    public static IEnumerable<string> ContentWordsLike(string word) => Enumerable.Range(word.Length - 1, 3).SelectMany(n => ByLength.GetValueOrDefault(n) ?? []);
}
