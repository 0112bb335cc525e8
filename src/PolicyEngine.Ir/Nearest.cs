namespace PolicyEngine.Ir;

/// <summary>The nearest right word, for people who mistyped one.</summary>
public static class Nearest
{
    private const int LongestCompared = 64;

    /// <summary>
    /// Known words that <paramref name="word"/> may have been meant to be, nearest first, at most <paramref name="most"/>; empty when
    /// none is near (more than about a third of the letters differ).
    /// </summary>
    public static IReadOnlyList<string> Words(string word, IEnumerable<string> known, int most = 3)
    {
        if (word.Length > LongestCompared) return [];
        return
        [
            .. known
                .Where(k => k.Length <= LongestCompared)
                .Select(k => (Word: k, Distance: Distance(word, k)))
                .Where(k => k.Distance <= Math.Max(1, Math.Max(word.Length, k.Word.Length) / 3) || IsPart(word, k.Word))
                .OrderBy(k => k.Distance)
                .ThenBy(k => k.Word, StringComparer.Ordinal)
                .Take(most)
                .Select(k => k.Word),
        ];
    }

    /// <summary>A ready-made fix, "did you mean 'backends'?", or the list of what there is when that is short, or null.</summary>
    public static string? Fix(string word, IReadOnlyCollection<string> known)
    {
        var near = Words(word, known);
        if (near.Count > 0) return $"did you mean {string.Join(" or ", near.Select(n => $"'{n}'"))}?";
        return known.Count is > 0 and <= 12 ? $"known: {string.Join(", ", known.Order(StringComparer.Ordinal))}" : null;
    }

    /// <summary>Edits (insert, delete, replace, swap of neighbours; case ignored) that turn one word into the other.</summary>
    public static int Distance(string a, string b)
    {
        // Optimal string alignment: three rows are enough, since a swap looks two back.
        int[] before = new int[b.Length + 1], last = new int[b.Length + 1], row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = Same(a[i - 1], b[j - 1]);
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1])) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }
            (before, last, row) = (last, row, before);
        }
        return last[b.Length];

        static bool Same(char x, char y) => char.ToLowerInvariant(x) == char.ToLowerInvariant(y);
    }

    private static bool IsPart(string word, string known) =>
        word.Length >= 4 && (known.Contains(word, StringComparison.OrdinalIgnoreCase) || word.Contains(known, StringComparison.OrdinalIgnoreCase) && known.Length >= 4);
}
