using System.Text.RegularExpressions;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Learned;

/// <summary>A header, cookie or query parameter, with the value that it may have.</summary>
/// <param name="Sort">header, cookie or query parameter.</param>
/// <param name="Name">Its name.</param>
/// <param name="Values">Every way to read its value, the likeliest first.</param>
/// <param name="Token">Where the name stands.</param>
internal sealed record Named(string Sort, string Name, IReadOnlyList<string> Values, int Token)
{
    /// <summary>As the grammar reads it.</summary>
    public string With(string? value) => value is null ? $"{Sort} {Name}" : Sort == "header" ? $"header {Name}: \"{value}\"" : $"{Sort} {Name}={value}";
}

/// <summary>Finds names and the values that stand behind them: "x-beta: true", "x-env set to prod", "cookie beta=1".</summary>
internal static partial class Naming
{
    public static IEnumerable<Named> Of(Facts facts)
    {
        foreach (var at in facts.Headers) yield return new Named("header", facts[at].Value, [.. Values(facts, at)], at);
        foreach (var at in Enumerable.Range(0, facts.Tokens.Count).Where(i => facts[i].Concept is Concept.Cookie or Concept.Query))
            if (Called().Match(facts.Text[facts[at].Position..]) is { Success: true } called && !called.Groups["name"].Value.Contains('=', StringComparison.Ordinal)) yield return new Named(facts[at].Concept == Concept.Cookie ? "cookie" : "query parameter", called.Groups["name"].Value, called.Groups["value"].Success ? [called.Groups["value"].Value.TrimEnd('.', ',', ';', '"', '\'')] : [], at);
        foreach (Match match in Pair().Matches(facts.Text))
        {
            var name = match.Groups["name"].Value;
            if (facts.Headers.Any(h => facts[h].Value == name)) continue;
            var at = Enumerable.Range(0, facts.Tokens.Count).FirstOrDefault(i => facts[i].Position <= match.Index && facts[i].End > match.Index || facts[i].Position >= match.Index, -1);
            if (at < 0) continue;
            var before = facts.Tokens.Take(at).LastOrDefault(t => t.Concept is Concept.Cookie or Concept.Query or Concept.Header);
            var after = facts.Tokens.Skip(at).FirstOrDefault(t => t.Concept is Concept.Cookie or Concept.Query);
            var sort = (before ?? after)?.Concept == Concept.Cookie ? "cookie" : (before ?? after)?.Concept == Concept.Query || match.Groups["mark"].Value is "?" or "&" ? "query parameter" : null;
            if (sort is not null) yield return new Named(sort, name, [match.Groups["value"].Value.TrimEnd('.', ',', ';')], at);
        }
    }

    /// <summary>What may be the value of the header whose name is here.</summary>
    private static IEnumerable<string> Values(Facts facts, int at)
    {
        var rest = facts.Text[Math.Min(facts[at].End, facts.Text.Length)..];
        var found = new List<string>();
        if (Behind().Match(rest) is { Success: true } behind)
        {
            if (behind.Groups["quoted"].Success) found.Add(behind.Groups["quoted"].Value);
            if (behind.Groups["word"].Success) found.Add(behind.Groups["word"].Value.TrimEnd('.', ',', ';', '!', '?', ')'));
            if (behind.Groups["list"].Success) found.Add(behind.Groups["list"].Value.TrimEnd('.', ',', ';', '!', '?', ' '));
        }
        foreach (Match said in Elsewhere().Matches(rest.Split(['.', ';', '!'], 2) is [var sentence, ..] && sentence.Length > 12 ? sentence : rest)) found.Add(said.Groups["word"].Value.Trim('"', '\'', '`', '.', ',', ';', '!', '?', ')'));
        if (Before().Match(facts.Text[..facts[at].Position]) is { Success: true } before) found.Add(before.Groups["word"].Value.Trim('"', '\'', '`'));
        return found.Where(v => v.Length > 0 && v.Length < 200).Distinct(StringComparer.Ordinal);
    }

    [GeneratedRegex("""^[`"']?[\s:=]*(?:(?:>|->|→|(?:header|response|request|that|which|on|in|the|its|is|are|be|should|must|shall|has|have|to|set|of|with|value|values|equal|equals|exactly|being|says|say|saying|reads|read|carrying|as|a|an|forced|fixed|changed|contains|containing|gets|becomes|become|from|named|called|whose)(?![\w-]))[\s:=]*)*(?:(?<quoted>(?<=["'“`])[^"'”`]+(?=["'”`]))|["'“`](?<quoted>[^"'”`]+)["'”`]|(?<list>(?<word>[^\s"'“]+)(?:[,;] ?[a-zA-Z-]+(?:=[^\s,;]+)?)*))""", RegexOptions.IgnoreCase)]
    private static partial Regex Behind();

    [GeneratedRegex("""^(?:cookies?|query (?:parameters?|params?)|params?|parameters?|query)\s+(?:named |called |of )?["'`]?(?<name>[A-Za-z_][\w-]*)["'`]?(?:\s+(?:set to|equal to|equals|is|with value|of|with the value|has the value|with)\s+["'`]?(?<value>[^\s"'`]+))?""", RegexOptions.IgnoreCase)]
    private static partial Regex Called();

    [GeneratedRegex("""(?<word>[^\s]+)\s+(?:to|as|into|in|for)\s+(?:the\s+|its\s+)?(?:value of\s+)?(?:request\s+|response\s+)?(?:header\s+)?[`"']?$""", RegexOptions.IgnoreCase)]
    private static partial Regex Before();

    [GeneratedRegex("""\b(?:to|be|become|becomes|say|says|read|reads|as|with|value|use|make it|is|want|need|needs)\s+(?:the\s+|a\s+|value\s+)*(?<word>[^\s]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Elsewhere();

    [GeneratedRegex("""(?<mark>[?&])?(?<![\w-])(?<name>[A-Za-z_][\w-]*)=(?<value>[^\s,;)"'`]+)""")]
    private static partial Regex Pair();
}
