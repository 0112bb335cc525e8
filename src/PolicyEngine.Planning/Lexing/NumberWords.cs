using System.Collections.Frozen;
using PolicyEngine.Ir;

namespace PolicyEngine.Planning.Lexing;

/// <summary>Numbers that people spell out.</summary>
internal static class NumberWords
{
    private static readonly FrozenDictionary<string, int> Units = Pairs("zero 0 no 0 one 1 once 1 two 2 twice 2 three 3 thrice 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 ten 10 eleven 11 twelve 12 thirteen 13 fourteen 14 fifteen 15 sixteen 16 seventeen 17 eighteen 18 nineteen 19 twenty 20 thirty 30 forty 40 fifty 50 sixty 60 seventy 70 eighty 80 ninety 90");

    private static readonly FrozenDictionary<string, int> Scales = Pairs("dozen 12 hundred 100 thousand 1000 k 1000 million 1000000");

    private static readonly FrozenDictionary<string, int> Parts = Pairs("half 2 halves 2 third 3 thirds 3 quarter 4 quarters 4 fifth 5 fifths 5 sixth 6 sixths 6 seventh 7 ninth 9 eleventh 11 twelfth 12 fourth 4 fourths 4 fiftieth 50 eighth 8 eighths 8 tenth 10 tenths 10 twentieth 20 hundredth 100 hundredths 100");

    /// <summary>"five", "twenty-five"; adverbs ("twice") count as well.</summary>
    public static bool TryNumber(string word, out int number)
    {
        if (Units.TryGetValue(word, out number)) return true;
        var dash = word.IndexOf('-');
        if (dash < 0 || !Units.TryGetValue(word[..dash], out var tens) || tens is < 20 or > 90 || !Units.TryGetValue(word[(dash + 1)..], out var ones) || ones is < 1 or > 9) return false;
        number = tens + ones;
        return true;
    }

    public static bool TryScale(string word, out int scale) => Scales.TryGetValue(word, out scale);

    public static bool TryPart(string word, out int denominator) => Parts.TryGetValue(word, out denominator);

    /// <summary>A share that may be periodic: two thirds is 66.6667 %.</summary>
    public static Percentage Share(decimal numerator, decimal denominator) => Percentage.FromMillionths((int)Math.Round(Percentage.Whole * numerator / denominator));

    private static FrozenDictionary<string, int> Pairs(string text)
    {
        var words = text.Split(' ');
        return Enumerable.Range(0, words.Length / 2).ToFrozenDictionary(i => words[2 * i], i => int.Parse(words[2 * i + 1]), StringComparer.Ordinal);
    }
}
