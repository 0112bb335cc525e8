namespace PolicyEngine.Planning.Lexing;

/// <summary>Words of the lexicon that were mistyped.</summary>
internal static class Typos
{
    /// <summary>The word of the lexicon that was probably meant: one letter off.</summary>
    public static string? Meant(string word)
    {
        if (word.Length < 5 || word.Any(char.IsAsciiDigit)) return null;
        var near = Lexicon.ContentWordsLike(word).Where(w => w.Length >= 5 && IsOneOff(w, word)).ToList();
        return near.Count > 0 && near.Select(Lexicon.Of).Distinct().Count() == 1 ? near[0] : null;
    }

    /// <summary>One letter too many, too few or wrong, or two in the wrong order.</summary>
    private static bool IsOneOff(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 1) return false;
        var start = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start]) start++;
        var restA = a.AsSpan(start);
        var restB = b.AsSpan(start);
        if (restA.Length != restB.Length) return restA.Length > restB.Length ? restA[1..].SequenceEqual(restB) : restB[1..].SequenceEqual(restA);
        return restA.Length > 0 && (restA[1..].SequenceEqual(restB[1..]) || restA.Length > 1 && restA[0] == restB[1] && restA[1] == restB[0] && restA[2..].SequenceEqual(restB[2..]));
    }
}
