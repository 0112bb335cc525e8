using System.Text.RegularExpressions;

namespace PolicyEngine.Policies.Targets;

/// <summary>
/// Whether Envoy's RE2 would take a regular expression. .NET's non-backtracking engine knows the same limits (no back-references, no
/// look-around, no atomic groups); what it allows and RE2 does not is looked for beside it.
/// </summary>
public static partial class Re2
{
    /// <summary>RE2's own bound on a counted repetition.</summary>
    private const int MostRepeats = 1000;

    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException)
        {
            return "RE2, which Envoy runs, has no back-references, look-around, atomic groups or conditionals";
        }
        catch (ArgumentException e)
        {
            return "not a regular expression: " + e.Message;
        }
        if (Foreign().Match(pattern) is { Success: true } foreign) return $"RE2, which Envoy runs, does not have '{foreign.Value}'";
        foreach (Match repeat in Repeats().Matches(pattern))
            if (repeat.Groups[1].Length > 4 || int.Parse(repeat.Groups[1].Value) > MostRepeats || repeat.Groups[2].Length > 4 || repeat.Groups[2].Length > 0 && int.Parse(repeat.Groups[2].Value) > MostRepeats)
                return $"RE2, which Envoy runs, repeats at most {MostRepeats} times";
        return null;
    }

    // .NET only: named groups in quotes, comments, character class subtraction, \e, \G, \Z, \uXXXX, balancing groups.
    [GeneratedRegex(@"\(\?'|\(\?#|-\[|(?<!\\)(\\\\)*\\[eGZuc]|\(\?<\w+-")]
    private static partial Regex Foreign();

    [GeneratedRegex(@"(?<!\\)\{([0-9]+)(?:,([0-9]*))?\}")]
    private static partial Regex Repeats();
}
