using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>
/// Everyday ways to say a thing, in the words that the clauses know: "we are done with the mirror" is "remove the mirror". The rules are data,
/// <c>Words/Rules/*.txt</c>: a form of a sentence or a part of one, an arrow, and what it is in other words. What a rule does not name it keeps, word for word.
/// </summary>
internal static partial class Rephrasing
{
    /// <summary>A form, what it becomes, and the words of which one of each group must be there: most rules are passed over for want of one.</summary>
    private sealed record Rule(string Pattern, string Words, ImmutableArray<ImmutableArray<string>> Needed)
    {
        private Regex? _form;

        /// <summary>Made when a text may fit it: there are more than a thousand, and most texts need a handful.</summary>
        public Regex Form => _form ??= new Regex(Pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        public bool MayFit(HashSet<string> said)
        {
            foreach (var group in Needed)
                if (!said.Overlaps(group)) return false;
            return true;
        }
    }

    /// <summary>An address or a range of them, and a method in capitals.</summary>
    private const string Range = "(?=[0-9a-fA-F]*[.:])[0-9a-fA-F.:/]*[0-9a-fA-F]", Method = "(?-i:(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)(?:e?s)?)";

    private const string HeaderName = @"(?:(?:x|access-control|content|cache|strict-transport|referrer|permissions|accept|cross-origin|sec|expect|feature|www|retry|alt|surrogate|cdn|last|if|transfer|keep|proxy|cf)-[\w-]+|server|via|etag|vary|set-cookie|user-agent|authorization|referer|pragma|traceparent)";

    /// <summary>A number, in figures or in words, with what it counts.</summary>
    private const string Amount = @"(?:[0-9][0-9.,]*\s?(?:ms|s|sec|secs|m|min|mins|h|%|k|rps|rpm)?|(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)(?: (?:hundred|thousand|million))?)(?:\s?/\s?(?:s|sec|second|m|min|minute|h|hour|d|day)| (?:milliseconds?|seconds?|minutes?|hours?|percent|requests|calls))?(?: (?:per|an?|each|every) (?:second|minute|hour|day))?";

    private const string Count = @"(?:[0-9]+(?:\.[0-9]+)?|(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen)(?: hundred(?: and fifty)?| and a half)?)";
    private const string Times = $@"(?:{Count}\s?(?:ms|s|sec|secs|seconds?|milliseconds?|millis|minutes?|mins?)|(?:half|a quarter of) a (?:second|minute)|an? (?:full |whole )?(?:second|minute)(?: and a half)?)";

    /// <summary>Parts and joints that are tried as one.</summary>
    private const int LongestRun = 6;

    private static readonly string[] Files = ["edits", "opposites", "headers", "removal", "change", "times", "limits", "barring", "amounts", "access", "routes", "shares", "style", "idioms", "rest"];

    private static readonly (ImmutableArray<Rule> Whole, ImmutableArray<Rule> Anywhere) Rules = Read(Files);

    /// <summary>What would be misread as it stands, and so is said otherwise before anybody reads it: "by 5s up", "a fifth of its share".</summary>
    private static readonly (ImmutableArray<Rule> Whole, ImmutableArray<Rule> Anywhere) Misread = Read(["first"]);

    /// <summary>Every form that a text may be held against.</summary>
    public static IEnumerable<Regex> Forms => new[] { Rules, Misread }.SelectMany(r => r.Whole.Concat(r.Anywhere)).Select(r => r.Form);

    /// <summary>The text as it is to be read.</summary>
    public static string First(string text)
    {
        var plain = text.Replace('’', '\'');
        var said = Said(plain);
        foreach (var rule in Misread.Anywhere.Where(r => r.MayFit(said))) plain = rule.Form.Replace(plain, rule.Words);
        foreach (var rule in Misread.Whole.Where(r => r.MayFit(said)))
            if (rule.Form.Match(plain.Trim().TrimEnd('.', '!')) is { Success: true } match) return match.Result(rule.Words);
        return plain;
    }

    /// <summary>The text in other words; the same where no rule fits.</summary>
    public static string Of(string text)
    {
        var plain = text.Replace('’', '\'');
        var said = Said(plain);
        foreach (var rule in Rules.Anywhere.Where(r => r.MayFit(said))) plain = rule.Form.Replace(plain, rule.Words);
        return string.Concat(Sentence().Matches(plain).Select(m => OfSentence(m.Groups["said"].Value) + m.Groups["stop"].Value));
    }

    private static string OfSentence(string sentence)
    {
        if (Applied(sentence) is { } whole) return whole;
        var parts = Joint().Split(sentence);
        if (parts.Length == 1) return sentence;
        // The joints are kept: every other piece is one. The longest run of parts that a rule fits goes first.
        var said = new StringBuilder();
        for (var i = 0; i < parts.Length; i++)
        {
            var (words, last) = (parts[i], i);
            for (var end = i % 2 == 1 ? i : Math.Min(parts.Length - 1, i + LongestRun); end >= i && i % 2 == 0; end -= 2)
                if (Applied(string.Concat(parts[i..(end + 1)])) is { } other)
                {
                    (words, last) = (other, end);
                    break;
                }
            said.Append(words);
            i = last;
        }
        return said.ToString();
    }

    private static string? Applied(string part)
    {
        var opening = Opening().Match(part).Length;
        var core = part[opening..].TrimEnd();
        if (core.Length == 0) return null;
        var said = Said(core);
        foreach (var rule in Rules.Whole)
            if (rule.MayFit(said) && rule.Form.Match(core) is { Success: true } match)
                return string.Concat(part.AsSpan(0, opening), match.Result(rule.Words), part.AsSpan(opening + core.Length));
        return null;
    }

    private static HashSet<string> Said(string text) => [.. Word().Matches(text.ToLowerInvariant()).Select(m => m.Value)];

    /// <summary>A form as it stands in a file, of a whole sentence or part.</summary>
    public static Regex Form(string form) => new($"^{Pattern(form)}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static (ImmutableArray<Rule> Whole, ImmutableArray<Rule> Anywhere) Read(string[] files)
    {
        var (whole, anywhere) = (ImmutableArray.CreateBuilder<Rule>(), ImmutableArray.CreateBuilder<Rule>());
        foreach (var file in files)
        {
            var names = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var line in WordFiles.Lines($"Rules/{file}.txt"))
            {
                if (line.IndexOf(" := ", StringComparison.Ordinal) is var named and > 0)
                {
                    names[line[..named]] = names.Aggregate(line[(named + 4)..], (text, n) => text.Replace($"<{n.Key}>", n.Value, StringComparison.Ordinal));
                    continue;
                }
                var arrow = line.IndexOf("=>", StringComparison.Ordinal);
                var (form, words) = (line[..arrow].Trim(), line[(arrow + 2)..].Trim());
                var loose = form.StartsWith('~');
                form = names.Aggregate(form.TrimStart('~').Trim(), (text, n) => text.Replace($"<{n.Key}>", n.Value, StringComparison.Ordinal));
                var needed = Needed(form);
                form = Pattern(form);
                (loose ? anywhere : whole).Add(new Rule(loose ? Anywhere(form) : $"^{form}$", words.Replace("{", "${", StringComparison.Ordinal), needed));
            }
        }
        return (whole.ToImmutable(), anywhere.ToImmutable());
    }

    /// <summary>Between letters of no other word. What begins with a comma that may be missing (",? ") may begin with the blank behind a word.</summary>
    private static string Anywhere(string form) => (form.StartsWith(@",?\s+", StringComparison.Ordinal) ? @"(?:,?\s+|(?<![\p{L}\p{N}]))" + form[5..] : @"(?<![\p{L}\p{N}])" + form) + @"(?![\p{L}\p{N}])";

    /// <summary>What stands outside of brackets is needed: a word, or one of the words between bars. What is nested needs nothing.</summary>
    private static ImmutableArray<ImmutableArray<string>> Needed(string form)
    {
        var groups = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        var must = Kind().Replace(Maybe().Replace(form, " "), " ");
        var (depth, start) = (0, 0);
        for (var i = 0; i <= must.Length; i++)
        {
            var c = i < must.Length ? must[i] : ' ';
            if (c == ')') depth--;
            if (depth == 0 && c is '(' or ')' or ' ')
            {
                var inside = must[start..i];
                var words = inside.Split('|').Select(w => w.Trim(',', ':', '$', '?')).ToImmutableArray();
                var maybe = c == ')' && i + 1 < must.Length && must[i + 1] == '?';
                if (!maybe && inside.Length > 0 && words.All(w => w.Length > 0 && w.All(x => char.IsLetterOrDigit(x) || x is ' ' or '\'' or '-'))) groups.Add([.. words.Select(w => Word().Match(w.ToLowerInvariant()).Value).Where(w => w.Length > 0).Distinct()]);
                start = i + 1;
            }
            if (c == '(') depth++;
        }
        return [.. groups.OrderBy(g => g.Length)];
    }

    /// <summary>"{x} can go [now]": names take words, brackets may be missing, "|" parts what stands for the same.</summary>
    private static string Pattern(string form)
    {
        // What may be missing at the end brings its blank along, each for itself; elsewhere the blank before it; at the beginning, the one behind it.
        var tail = "";
        while (AtEnd().Match(form) is { Success: true } last) (form, tail) = (form[..last.Index], $"(?: (?:{last.Groups[1].Value}))?{tail}");
        for (var before = ""; before != form;) (before, form) = (form, MaybeBefore().Replace(form, "(?:(?:$1) )?"));
        var optional = Maybe().Replace(MaybeBehind().Replace(form, "(?: (?:$1))?"), "(?:$1)?");
        var text = Kind().Replace(optional + tail, m => $"(?<{m.Groups[1].Value}>{(m.Groups[2].Value switch
        {
            ":ip" => $"{Range}(?:(?:, | and | or | & | \\+ |, and ){Range})*",
            ":method" => $"{Method}(?:(?:, | and | or | & | \\+ |, and |/){Method})*",
            ":path" => @"\S*/(?:\S*[^\s,;.:!?)])?",
            ":time" => Times,
            ":value" => $@"(?:{Times}|{Count}\s?(?:%|percent)?)",
            ":span" => $@"(?:{Times}|{Count}\s?(?:h|hr|hrs|hours?|d|days?|weeks?)|an? (?:hour|day|week)|an hour and a half|half an hour|a quarter of an hour)",
            ":header" => HeaderName,
            ":headers" => $"{HeaderName}(?:(?:, and |, | and | or | nor )(?:the )?{HeaderName})*",
            ":word" => @"[\p{L}\p{N}_-]+",
            ":name" => @"[\p{L}\p{N}_./-]+",
            ":pair" => @"[\w-]+=[\w.-]+",
            ":number" => @"[0-9][0-9.,]*",
            ":host" => @"[\w-]+(?:\.[\w-]+)+",
            ":amount" => Amount,
            _ => "[^;!?,]+?",
        })})");
        // A blank that may be missing ("50 ?ms") takes none; any other, one or more.
        return text.Replace(" ?", @"\s*", StringComparison.Ordinal).Replace(" ", @"\s+", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?<![ \\])\[([^\]]*)\] ")]
    private static partial Regex MaybeBefore();

    [GeneratedRegex(@" \[([^\]]*)\]$")]
    private static partial Regex AtEnd();

    [GeneratedRegex(@" \[([^\]]*)\]")]
    private static partial Regex MaybeBehind();

    [GeneratedRegex(@"(?<!\\)\[([^\]]*)\]")]
    private static partial Regex Maybe();

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\{(\w+)(:\w+)?\}")]
    private static partial Regex Kind();

    [GeneratedRegex(@"(?<said>(?:[^.;!?\n]|\.(?=\S))+)(?<stop>[.;!?\n]*)|(?<said>)(?<stop>[.;!?\n]+)")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"(\s*,\s*(?:and\s+|but\s+|so\s+|then\s+)?|\s+(?:and|but|so|then)\s+|:\s+|\s+[-–—]\s+)", RegexOptions.IgnoreCase)]
    private static partial Regex Joint();

    [GeneratedRegex(@"^\s*(?:(?:please|pls|so|and|now|well|ok|okay|also|hi|hey|hello|then|but|i think|i guess|fyi|btw|for (?:the next |the coming |another )?(?:an?|[0-9.]+|\p{L}+) ?(?:m|h|d|mins?|minutes?|hours?|days?|weeks?)|from now on|as of (?:now|today|tonight)|from today(?: on)?|until further notice|for now|today|tonight)\b[\s,]*)*", RegexOptions.IgnoreCase)]
    private static partial Regex Opening();
}
