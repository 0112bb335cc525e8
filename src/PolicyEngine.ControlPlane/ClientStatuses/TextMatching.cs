using System.Text.RegularExpressions;
using Envoy.Type.Matcher.V3;
using Grpc.Core;

namespace PolicyEngine.ControlPlane.ClientStatuses;

/// <summary>
/// Matchers that somebody sent, as tests of a text. Throws <see cref="RpcException"/> (INVALID_ARGUMENT) for one that cannot be meant. Regular
/// expressions run without backtracking, so none can hold the server up.
/// </summary>
internal static class TextMatching
{
    private const int LongestPattern = 1_000;

    public static Func<string, bool> Of(StringMatcher matcher)
    {
        var comparison = matcher.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        switch (matcher.MatchPatternCase)
        {
            case StringMatcher.MatchPatternOneofCase.Exact: return t => t.Equals(matcher.Exact, comparison);
            case StringMatcher.MatchPatternOneofCase.Prefix: return t => t.StartsWith(matcher.Prefix, comparison);
            case StringMatcher.MatchPatternOneofCase.Suffix: return t => t.EndsWith(matcher.Suffix, comparison);
            case StringMatcher.MatchPatternOneofCase.Contains: return t => t.Contains(matcher.Contains, comparison);
            case StringMatcher.MatchPatternOneofCase.SafeRegex: return Expression(matcher.SafeRegex.Regex).IsMatch;
            default: throw Invalid("a string matcher must be one of exact, prefix, suffix, contains, safe_regex");
        }
    }

    public static RpcException Invalid(string why) => new(new Grpc.Core.Status(StatusCode.InvalidArgument, why));

    private static Regex Expression(string pattern)
    {
        if (pattern.Length is 0 or > LongestPattern) throw Invalid($"a regular expression has 1 to {LongestPattern} characters");
        try
        {
            return new Regex($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw Invalid($"a regular expression cannot be used: {e.Message}");
        }
    }
}
