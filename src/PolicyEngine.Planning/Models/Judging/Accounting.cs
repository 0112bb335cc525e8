using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Models.Prompts;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Planning.Models.Judging;

/// <summary>
/// Holds edits and intent against each other, value by value, without understanding the sentence: every number, share, duration, range, path, host,
/// header, version and name that was said is in the edits, and whatever the edits change was said, stands already, or is a documented default.
/// </summary>
internal sealed class Accounting
{
    private readonly PlanRequest _request;
    private readonly IntentScope _scope;
    private readonly HashSet<Token> _used = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> _problems = [];

    private Accounting(PlanRequest request, IntentScope scope) => (_request, _scope) = (request, scope);

    /// <summary>What does not add up; empty where all does.</summary>
    public static ImmutableArray<string> Check(ImmutableArray<PolicyEdit> edits, PlanRequest request, IntentScope scope)
    {
        var accounting = new Accounting(request, scope);
        foreach (var edit in edits) accounting.Check(edit);
        foreach (var kind in KindWords.Unasked(scope.Tokens, edits)) accounting._problems.Add($"no word speaks of a {kind}");
        foreach (var token in scope.Tokens.Where(t => MustAppear(t) && !accounting._used.Contains(t))) accounting._problems.Add($"'{token.Text}' was said and is not in the edits");
        return [.. accounting._problems.Distinct()];
    }

    private static bool MustAppear(Token token) => token.Kind is TokenKind.Number or TokenKind.Percent or TokenKind.Points or TokenKind.Rate or TokenKind.Duration or TokenKind.Status or TokenKind.Cidr or TokenKind.Path or TokenKind.Host or TokenKind.Quoted or TokenKind.HeaderName
        or TokenKind.Time or TokenKind.Service or TokenKind.Version or TokenKind.Gateway or TokenKind.Fleet || token.Concept == Concept.Method && token.Text == token.Text.ToUpperInvariant();

    private void Check(PolicyEdit edit)
    {
        var was = _request.Policies.Documents.GetValueOrDefault(edit.Id);
        var old = was is null ? [] : Leaf.Of(was);
        var now = edit.Upserted is null ? [] : Leaf.Of(edit.Upserted);
        foreach (var leaf in now)
        {
            var said = Use(leaf);
            if (said || old.Any(leaf.SaysTheSameAs) || IsDefault(leaf, now, edit.Upserted!)) continue;
            _problems.Add($"{edit.Id}: {leaf.Field} {Shown(leaf.Value)} was not said");
        }
        // What goes was said to go, or another value came in its place.
        var gone = old.Where(o => !now.Any(o.SaysTheSameAs)).ToList();
        foreach (var leaf in gone) Use(leaf);
        if (!_scope.Tokens.Any(t => t.Concept is Concept.Stop or Concept.Undo) && gone.Find(o => !now.Any(n => n.Field == o.Field)) is { } lost) _problems.Add($"{edit.Id}: {lost.Field} {Shown(lost.Value)} goes, and nobody said so");
        if (edit.Upserted is null) _used.UnionWith(_scope.Tokens.Where(t => t.Value == was?.Name));
    }

    /// <summary>Marks the tokens that say this value.</summary>
    private bool Use(Leaf leaf)
    {
        var tokens = _scope.Tokens.Where(t => Says(t, leaf)).ToList();
        _used.UnionWith(tokens);
        return tokens.Count > 0 || leaf.Value is string text && text.Length > 2 && !IsName(leaf) && Bounded(text);
    }

    private bool Says(Token token, Leaf leaf) => (leaf.Value, token.Kind) switch
    {
        (Percentage p, TokenKind.Percent) => p == token.Share && IsItsShare(leaf),
        (TimeSpan d, TokenKind.Duration) => d == token.Duration,
        (DateTimeOffset end, TokenKind.Time) => end == token.Time,
        (DateTimeOffset end, TokenKind.Duration) => end == _request.Now + token.Duration,
        (int n, TokenKind.Number or TokenKind.Rate or TokenKind.Status) => n == token.Number,
        (Enum e, TokenKind.Rate) => Equals(e, token.Unit),
        (Cidr c, TokenKind.Cidr) => c == token.Range,
        (bool b, TokenKind.Word) => b && leaf.Field.EndsWith("shadow", StringComparison.Ordinal) && token.Concept == Concept.Shadow,
        (Enum e, TokenKind.Word) => Says(token, e),
        (string s, TokenKind.Service or TokenKind.Version or TokenKind.Gateway or TokenKind.Fleet) => !token.IsGuess && string.Equals(s, token.Value, StringComparison.Ordinal),
        (string s, TokenKind.Word) when IsName(leaf) => leaf.Field.EndsWith("target.route", StringComparison.Ordinal) && s == token.Value,
        (string s, _) => string.Equals(s, token.Kind == TokenKind.Quoted ? token.Value : token.Text, StringComparison.OrdinalIgnoreCase) || token.Kind == TokenKind.Path && token.Value == s + "/*",
        _ => false,
    };

    private static bool Says(Token token, Enum value) => (value.ToString(), token.Concept) switch
    {
        ("Deny", Concept.Deny) or ("Allow", Concept.Allow) or ("ClientIp", Concept.Client) or ("Path", Concept.Path) => true,
        ("Second", Concept.Second) or ("Minute", Concept.Minute) or ("Hour", Concept.Hour) or ("Day", Concept.Day) => true,
        ("Second", _) => token.Value is "rps" or "qps" or "req/s" || token.Value.EndsWith("/s", StringComparison.Ordinal) || token.Value.EndsWith("/second", StringComparison.Ordinal),
        ("Minute", _) => token.Value is "rpm" || token.Value.EndsWith("/m", StringComparison.Ordinal) || token.Value.EndsWith("/min", StringComparison.Ordinal) || token.Value.EndsWith("/minute", StringComparison.Ordinal),
        ("Hour", _) => token.Value.EndsWith("/h", StringComparison.Ordinal) || token.Value.EndsWith("/hour", StringComparison.Ordinal),
        ("Day", _) => token.Value.EndsWith("/d", StringComparison.Ordinal) || token.Value.EndsWith("/day", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>A share belongs to the version that was named: "5% to v2" is not 5 % for v1.</summary>
    private bool IsItsShare(Leaf leaf)
    {
        if (leaf.Within is not SplitBackend backend) return true;
        var versions = _scope.Tokens.Where(t => t.Kind == TokenKind.Version).Select(t => t.Value).Distinct().ToList();
        return versions.Count != 1 || versions[0] == backend.Version;
    }

    /// <summary>What the language or the catalog says where nobody does.</summary>
    private bool IsDefault(Leaf leaf, ImmutableArray<Leaf> all, Document document) => leaf switch
    {
        { Within: SplitBackend backend, Value: string } => IsRest(backend, document),
        { Within: SplitBackend backend, Value: Percentage } => IsRest(backend, document) || ((TrafficSplitSpec)document.Spec).Backends.Length == 1,
        { Field: "retryOn", Value: "5xx" } => true,
        { Field: "hosts" or "gateways", Value: string host } => _request.Policies.Of(Kinds.Route).Any(r => Leaf.Of(r).Any(l => l.Field == leaf.Field && Equals(l.Value, host))),
        { Value: Enum value } when value.ToString() == "Header" => all.Any(l => l.Field == "key.name"),
        { Field: "backends.service", Value: string service } => _scope.Entities.Contains($"service/{service}"),
        { Field: "target.service" or "target.gateway" or "target.fleet" or "target.route" } => _scope.Entities.Contains($"{leaf.Field["target.".Length..]}/{leaf.Value}"),
        { Field: "redirect.status", Value: 301 } => true,
        _ => false,
    };

    /// <summary>The one version that takes what the named one leaves: the default, the only other one, or the one that takes it now.</summary>
    private bool IsRest(SplitBackend backend, Document document)
    {
        var split = (TrafficSplitSpec)document.Spec;
        var said = _scope.Tokens.Where(t => t.Kind == TokenKind.Version).Select(t => t.Value).ToHashSet(StringComparer.Ordinal);
        if (split.Backends.Length != 2 || said.Contains(backend.Version) && !said.Contains(split.Backends.First(b => b != backend).Version)) return false;
        var catalog = split.Target.Service is { } service ? _request.Catalog.Services.GetValueOrDefault(service) : null;
        return catalog is not null && (catalog.DefaultVersion == backend.Version || catalog.Versions.Length == 2 || said.Contains(backend.Version));
    }

    private static bool IsName(Leaf leaf) => leaf.Field.StartsWith("target.", StringComparison.Ordinal) && !leaf.Field.Contains("matches", StringComparison.Ordinal) || leaf.Field is "backends.service" or "backends.version" or "to.service" or "to.version" or "gateways";

    /// <summary>Whether a text stands in the intent by itself, not as part of a longer word.</summary>
    private bool Bounded(string text)
    {
        for (var at = _scope.Text.IndexOf(text, StringComparison.OrdinalIgnoreCase); at >= 0; at = _scope.Text.IndexOf(text, at + 1, StringComparison.OrdinalIgnoreCase))
            if ((at == 0 || !char.IsLetterOrDigit(_scope.Text[at - 1])) && (at + text.Length == _scope.Text.Length || !char.IsLetterOrDigit(_scope.Text[at + text.Length]))) return true;
        return false;
    }

    private static string Shown(object value) => value switch { TimeSpan d => Duration.Format(d), Enum e => e.ToString().ToLowerInvariant(), _ => value.ToString() ?? "" };
}
