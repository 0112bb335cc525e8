using System.Text.RegularExpressions;

namespace PolicyEngine.Planning.Models.Prompts;

/// <summary>
/// Takes out what looks like a secret before a text leaves the machine. The same secret gets the same placeholder, within one plan; nothing turns
/// a placeholder back: whoever gives one as a value is asked.
/// </summary>
internal sealed partial class Redactor(IEnumerable<string> names)
{
    private const int ShortestRandom = 20;
    private const double RandomBits = 3.5;

    private readonly HashSet<string> _names = new(names, StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _secrets = new(StringComparer.Ordinal);

    /// <summary>How many secrets were taken out so far.</summary>
    public int Count => _secrets.Count;

    /// <summary>Whether a placeholder stands in the text; also one that nobody was given.</summary>
    public static bool IsIn(string text) => Placeholder().IsMatch(text);

    public string Redact(string text)
    {
        text = Pem().Replace(text, m => Hidden(m.Value));
        text = UrlPassword().Replace(text, m => m.Groups[1].Value + Hidden(m.Groups[2].Value) + "@");
        text = Credentials().Replace(text, m => m.Groups[1].Value + Hidden(m.Groups[2].Value));
        text = Named().Replace(text, m => m.Groups[1].Value + Hidden(m.Groups[2].Value));
        text = KnownForms().Replace(text, m => Hidden(m.Value));
        return Long().Replace(text, m => LooksRandom(m.Value) ? Hidden(m.Value) : m.Value);
    }

    private string Hidden(string secret)
    {
        if (IsIn(secret)) return secret;
        if (!_secrets.TryGetValue(secret, out var number)) _secrets[secret] = number = _secrets.Count + 1;
        return $"[redacted:{number}]";
    }

    /// <summary>Long, of several sorts of characters, and hard to predict. Names of the catalog are none; neither are paths and hosts of words.</summary>
    private bool LooksRandom(string text)
    {
        if (text.Length < ShortestRandom || _names.Contains(text)) return false;
        var sorts = (text.Any(char.IsAsciiDigit) ? 1 : 0) + (text.Any(char.IsAsciiLetterLower) ? 1 : 0) + (text.Any(char.IsAsciiLetterUpper) ? 1 : 0);
        // Words joined by signs are names; one piece must be long by itself.
        return sorts >= 2 && text.Split('-', '_', '/', '.', '=').Any(p => p.Length >= ShortestRandom - 4 && p.Any(char.IsAsciiDigit) && p.Any(char.IsAsciiLetter)) && Entropy(text) >= RandomBits
            || sorts == 3 && Entropy(text) >= RandomBits + 0.5;
    }

    /// <summary>Shannon's, in bits a character.</summary>
    private static double Entropy(string text) => text.GroupBy(c => c).Select(g => (double)g.Count() / text.Length).Sum(p => -p * Math.Log2(p));

    [GeneratedRegex(@"\[redacted:[0-9]+\]", RegexOptions.IgnoreCase)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"-----BEGIN [A-Z0-9 ]{1,40}-----.*?(-----END [A-Z0-9 ]{1,40}-----|$)", RegexOptions.Singleline)]
    private static partial Regex Pem();

    [GeneratedRegex(@"([a-z][a-z0-9+.-]*://[^\s/:@]*:)([^\s/@]+)@", RegexOptions.IgnoreCase)]
    private static partial Regex UrlPassword();

    [GeneratedRegex(@"\b((?:bearer|basic|digest|negotiate)\s+)([A-Za-z0-9._~+/=-]{6,})", RegexOptions.IgnoreCase)]
    private static partial Regex Credentials();

    [GeneratedRegex(@"((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|client[_-]?secret|credentials?)[""']?\s*(?:[:=]|\bis\b|\bto\b)\s*[""']?)([^\s""',;}\]]{4,})", RegexOptions.IgnoreCase)]
    private static partial Regex Named();

    [GeneratedRegex(@"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?|\b(?:sk|pk|rk)[-_](?:live[-_]|test[-_]|proj[-_]|ant[-_])?[A-Za-z0-9_-]{12,}|\bgh[opsur]_[A-Za-z0-9]{16,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bglpat-[A-Za-z0-9_-]{16,}|\b(?:AKIA|ASIA)[A-Z0-9]{12,}|\bxox[a-z]-[A-Za-z0-9-]{10,}|\bAIza[A-Za-z0-9_-]{20,}")]
    private static partial Regex KnownForms();

    [GeneratedRegex(@"[A-Za-z0-9+/_=.-]{20,}")]
    private static partial Regex Long();
}
