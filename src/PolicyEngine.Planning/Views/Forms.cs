using System.Text.RegularExpressions;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>A ticket: a title over the text, lines of "Amount: 50 per day", bullets. What the lines say is read as one sentence.</summary>
internal static partial class Forms
{
    /// <summary>Null where the text has no such lines.</summary>
    public static View? Of(View view, Func<string, IReadOnlyList<Token>> read)
    {
        var lines = view.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => Bullet().Replace(l, "")).Where(l => l.Length > 0).ToList();
        if (Itemised(view.Text, read) is { } items) return view with { Text = items };
        if (lines.Count < 2) return null;
        var (said, aside) = (new List<string>(), view.Background);
        var keyed = lines.Count(l => Key().IsMatch(l)) > 1;
        for (var i = 0; i < lines.Count; i++)
        {
            if (i == 0 && IsTitle(lines[i], read)) aside = aside.Add(lines[i].TrimEnd(':', '.'));
            else if (!keyed || Key().Match(lines[i]) is not { Success: true } match) said.Add(lines[i]);
            else if (Sets.Talk.Contains(match.Groups["key"].Value.ToLowerInvariant())) aside = aside.Add(lines[i]);
            else said.Add(Said(match.Groups["key"].Value, match.Groups["value"].Value.TrimEnd('.'), read));
        }
        return said.Count == 0 || said.Count == lines.Count && !keyed && !Bullet().IsMatch(view.Text.TrimStart()) ? null : view with { Text = string.Join(keyed ? ", " : "\n", said), Background = aside };
    }

    /// <summary>"Timeout: 3s" names the feature; "Amount: 50 per day" says only what sort the value is; "Counted by" is whose requests are counted together.</summary>
    private static string Said(string key, string value, Func<string, IReadOnlyList<Token>> read) =>
        By().IsMatch(key) ? $"per {value}" : read(key).Any(t => t.Kind == TokenKind.Word && (Remarks.Features.Contains(t.Concept) || t.Concept is Concept.Except or Concept.Only or Concept.Not or Concept.Until or Concept.Idle or Concept.Connect)) ? $"{key} {value}" : value;

    /// <summary>A few words that name nothing and order nothing.</summary>
    private static bool IsTitle(string line, Func<string, IReadOnlyList<Token>> read) =>
        !Key().IsMatch(line) && read(line) is { Count: <= 7 } tokens && tokens.All(t => t.Kind is TokenKind.Punctuation or TokenKind.Service or TokenKind.Word && !Sets.Suspicious.Contains(t.Value) && !Remarks.Acts.Contains(t.Concept) && !Remarks.Features.Contains(t.Concept)) && tokens.Any(Remarks.IsUnknown);

    /// <summary>"1) … 2) …", "search: 5 rps / orders: timeout 2s": sentences, each of something of its own.</summary>
    private static string? Itemised(string text, Func<string, IReadOnlyList<Token>> read)
    {
        var marks = Item().Matches(text).ToList();
        if (marks.Count > 1 && marks[0].Groups["n"].Value is "1" or "a" && marks.Zip(marks.Skip(1)).All(p => p.Second.Groups["n"].Value[0] == p.First.Groups["n"].Value[0] + 1) && (marks[0].Index == 0 || text[..marks[0].Index].TrimEnd() is var lead && lead.EndsWith(':') && !read(lead).Any(t => t.Kind is not (TokenKind.Word or TokenKind.Punctuation or TokenKind.Number))))
            return string.Join(". ", marks.Select((m, i) => text[(m.Index + m.Length)..(i + 1 < marks.Count ? marks[i + 1].Index : text.Length)].Trim(' ', '\n', ',', ';', '.')));
        var parts = Bar().Split(text);
        return parts.Length > 1 && parts.All(p => read(p) is var tokens && tokens.Any(t => t.Kind == TokenKind.Service && !t.IsGuess) && tokens.Any(t => t.Kind is TokenKind.Duration or TokenKind.Rate or TokenKind.Percent or TokenKind.Cidr or TokenKind.Version or TokenKind.Number)) ? string.Join(". ", parts.Select(p => p.Trim(' ', '.', ';', ','))) : null;
    }

    [GeneratedRegex(@"(?:^|(?<=[\s;,.:]))\(?(?<n>[1-9]|[a-e])[.)]\s+")]
    private static partial Regex Item();

    [GeneratedRegex(@"\s+(?:/|//|\||\|\|)\s+")]
    private static partial Regex Bar();

    [GeneratedRegex(@"^[-*•]\s+")]
    private static partial Regex Bullet();

    [GeneratedRegex(@"^(?<key>\p{L}[\p{L} /-]{0,24}):\s+(?<value>.+)$")]
    private static partial Regex Key();

    [GeneratedRegex("^(?:count(?:ed)?|key(?:ed)?|group(?:ed)?) ?(?:by|per)?$|^(?:per|by|key)$", RegexOptions.IgnoreCase)]
    private static partial Regex By();
}
