namespace PolicyEngine.Planning.Lexing;

/// <summary>The regular forms of an English verb: retry, retries, retried, retrying.</summary>
internal static class Inflection
{
    public static IEnumerable<string> Forms(string verb)
    {
        var stem = verb[..^1];
        var (last, before) = (verb[^1], verb[^2]);
        return last switch
        {
            'e' => [verb, verb + "s", verb + "d", stem + "ing"],
            'y' when !IsVowel(before) => [verb, stem + "ies", stem + "ied", verb + "ing"],
            _ when EndsInHiss(verb) => [verb, verb + "es", verb + "ed", verb + "ing"],
            _ when Doubles(verb) => [verb, verb + "s", verb + last + "ed", verb + last + "ing", verb + "ed", verb + "ing"],
            _ => [verb, verb + "s", verb + "ed", verb + "ing"],
        };
    }

    private static bool EndsInHiss(string verb) => verb.EndsWith('s') || verb.EndsWith('x') || verb.EndsWith('z') || verb.EndsWith("sh", StringComparison.Ordinal) || verb.EndsWith("ch", StringComparison.Ordinal);

    /// <summary>One vowel between consonants at the end: stop, stopping.</summary>
    private static bool Doubles(string verb) => verb.Length >= 3 && !IsVowel(verb[^1]) && verb[^1] is not ('w' or 'x' or 'y') && IsVowel(verb[^2]) && !IsVowel(verb[^3]);

    private static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u';
}
