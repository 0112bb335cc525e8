using System.Text;
using System.Text.RegularExpressions;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>Every path but one and what is below it, as RE2, which cannot say "not": letter by letter, where another one may follow.</summary>
internal static class OtherPaths
{
    /// <summary>As much as a pattern may hold.</summary>
    private const int Longest = 44;

    private const string Mark = "not ";

    /// <summary>The same token for all the others; null where nobody can say it.</summary>
    public static Token? Instead(Token path) => Than(path.Value) is null ? null : path with { Value = Mark + path.Value };

    /// <summary>The pattern of a token that stands for all the others; null for any other token.</summary>
    public static string? Of(Token path) => path.Value.StartsWith(Mark, StringComparison.Ordinal) ? Than(path.Value[Mark.Length..]) : null;

    /// <summary>Null where the path is too long, or everything.</summary>
    public static string? Than(string path)
    {
        var text = path.TrimEnd('/', '*');
        if (text.Length is < 2 or > Longest || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_')) return null;
        var regex = new StringBuilder("/");
        foreach (var letter in text[1..]) regex.Append('(').Append(letter);
        regex.Append("[^/].*");
        foreach (var letter in text[1..].Reverse()) regex.Append("|[^").Append(letter == '-' ? "\\-" : letter).Append("].*)?");
        return regex.ToString();
    }

    /// <summary>The path of which a pattern has all the others; null for every other pattern.</summary>
    public static string? In(string regex)
    {
        var path = "/" + string.Concat(Regex.Matches(regex, @"\((.)(?=[(\[])").Select(m => m.Groups[1].Value));
        return Than(path) == regex ? path : null;
    }
}
