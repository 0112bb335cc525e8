using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Planning.Learned;

/// <summary>The values of an intent, by what they are: places in its tokens.</summary>
internal sealed class Facts
{
    /// <summary>More of one sort, and nobody can say which is which.</summary>
    private const int Most = 5;

    /// <summary>The forms that orders look for, each made once: there are a few dozen, and none is anybody's text.</summary>
    private static readonly ConcurrentDictionary<string, Regex> Forms = new(StringComparer.Ordinal);

    private readonly Lazy<string> _standing;

    public Facts(string text, IReadOnlyList<Token> tokens, ServiceCatalog catalog, PolicySet policies)
    {
        (Text, Tokens, Catalog) = (text, tokens, catalog);
        Services = Distinct(t => t.Kind == TokenKind.Service && !(t.IsGuess && t.Kind != TokenKind.Service));
        Versions = Distinct(t => t.Kind == TokenKind.Version);
        Durations = Where(t => t.Kind == TokenKind.Duration);
        Percents = Where(t => t.Kind == TokenKind.Percent);
        Rates = Where(t => t.Kind == TokenKind.Rate);
        Numbers = Where(t => t.Kind == TokenKind.Number && t.Value is not ("no" or "zero") && t.Number < 1_000_000_000);
        Ranges = Distinct(t => t.Kind == TokenKind.Cidr);
        Methods = Distinct(t => t.Concept == Concept.Method);
        Paths = Distinct(t => t.Kind == TokenKind.Path);
        Hosts = Distinct(t => t.Kind == TokenKind.Host);
        Statuses = Where(t => t.Kind == TokenKind.Status || t is { Kind: TokenKind.Number, Number: >= 400 and < 600 });
        Units = Where(t => t.Concept is Concept.Second or Concept.Minute or Concept.Hour or Concept.Day);
        Headers = Where(t => t.Kind == TokenKind.HeaderName);
        Scopes = Distinct(t => t.Kind is TokenKind.Gateway or TokenKind.Fleet);
        _standing = new Lazy<string>(() => string.Join('\n', policies.Documents.Values.Where(d => d.Spec is TargetedSpec t && (Services.Length == 0 || Services.Any(s => Tokens[s].Value == t.Target.Service))).Select(d => d.ToYaml())));
        Conditions = [.. Naming.Of(this).Take(Most)];
    }

    /// <summary>Gateways and fleets.</summary>
    public ImmutableArray<int> Scopes { get; }

    public string Text { get; }

    public IReadOnlyList<Token> Tokens { get; }

    public ServiceCatalog Catalog { get; }

    public ImmutableArray<int> Services { get; }

    public ImmutableArray<int> Versions { get; }

    public ImmutableArray<int> Durations { get; }

    public ImmutableArray<int> Percents { get; }

    public ImmutableArray<int> Rates { get; }

    public ImmutableArray<int> Numbers { get; }

    public ImmutableArray<int> Ranges { get; }

    public ImmutableArray<int> Methods { get; }

    public ImmutableArray<int> Paths { get; }

    public ImmutableArray<int> Hosts { get; }

    public ImmutableArray<int> Statuses { get; }

    public ImmutableArray<int> Units { get; }

    public ImmutableArray<int> Headers { get; }

    /// <summary>Headers, cookies and query parameters that requests may be told by.</summary>
    public ImmutableArray<Named> Conditions { get; }

    /// <summary>Something besides names of services that an order could be made of.</summary>
    public bool HasValues => Versions.Length + Durations.Length + Percents.Length + Rates.Length + Numbers.Length + Ranges.Length + Methods.Length + Paths.Length + Hosts.Length + Headers.Length > 0;

    public Token this[int at] => Tokens[at];

    /// <summary>A value that is in force already, in a policy on what is spoken of.</summary>
    public bool Stands(int at) => Tokens[at] switch
    {
        { Kind: TokenKind.Duration } t => Contains(Duration.Format(t.Duration)),
        { Kind: TokenKind.Percent } t => Contains(t.Share.ToString()),
        { Kind: TokenKind.Rate or TokenKind.Number } t => Contains(((double)t.Number).ToString(CultureInfo.InvariantCulture)) || Contains(t.Number + "%") || Contains(t.Number + "s") || Contains(t.Number + "ms") || Contains(t.Number + "m"),
        { Kind: TokenKind.Cidr or TokenKind.HeaderName or TokenKind.Path } t => Contains(t.Value),
        _ => false,
    };

    /// <summary>As a word of its own: "2s" is not in "12s" or "2s5".</summary>
    private bool Contains(string value)
    {
        var text = _standing.Value;
        for (var at = text.IndexOf(value, StringComparison.Ordinal); at >= 0; at = text.IndexOf(value, at + 1, StringComparison.Ordinal))
            if ((at == 0 || !IsInWord(text[at - 1])) && (at + value.Length == text.Length || !IsInWord(text[at + value.Length]))) return true;
        return false;

        static bool IsInWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '.';
    }

    /// <summary>Whether the text has this form somewhere, whatever its letters' case.</summary>
    public bool Matches(string form) => Forms.GetOrAdd(form, f => new Regex(f, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)).IsMatch(Text);

    public bool Has(Concept concept) => Tokens.Any(t => t.Concept == concept);

    public bool Says(params string[] words) => Tokens.Any(t => words.Contains(t.Value));

    private ImmutableArray<int> Where(Func<Token, bool> wanted) => [.. Enumerable.Range(0, Tokens.Count).Where(i => wanted(Tokens[i])).Take(Most)];

    private ImmutableArray<int> Distinct(Func<Token, bool> wanted) => [.. Enumerable.Range(0, Tokens.Count).Where(i => wanted(Tokens[i])).DistinctBy(i => Tokens[i].Value).Take(Most)];
}
