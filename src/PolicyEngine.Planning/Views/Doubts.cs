using System.Text.RegularExpressions;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Faults;
using PolicyEngine.Policies.Headers;
using PolicyEngine.Policies.Mirrors;
using PolicyEngine.Policies.Retries;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.Timeouts;

namespace PolicyEngine.Planning.Views;

/// <summary>A plan that goes against a word of what was said: it takes away what is only to be counted, blocks whoever "may again", removes in spite of an "except". It becomes a question.</summary>
internal static partial class Doubts
{
    public static Plan Asked(PlanRequest request, Plan plan)
    {
        if (plan.Status != PlanStatus.Planned || Found(request, plan) is not { } word) return plan;
        return plan with { Status = PlanStatus.NeedsClarification, Summary = "Nothing was planned yet.", Edits = [], Questions = [new Question("doubt", $"You say “{word.Trim(' ', ',', '.', ';', ':')}”. Is this what you mean: {plan.Summary.TrimEnd('.')}? If so, say it in other words.", [])] };
    }

    private static string? Found(PlanRequest request, Plan plan)
    {
        var intent = request.Intent;
        var specs = plan.Edits.Select(e => e.Upserted?.Spec).ToList();
        var rules = specs.OfType<AuthorizationSpec>().ToList();
        var checks = new List<Match>();
        if (plan.Edits.Any(e => e.Upserted is null)) checks.AddRange([Counted().Match(intent), Retained().Match(intent)]);
        if (plan.Edits.All(e => e.Upserted is null)) checks.Add(Except().Match(intent));
        if (rules.Count > 0 || plan.Edits.Any(e => e.Id.StartsWith("Authorization/", StringComparison.Ordinal))) checks.AddRange([Turned().Match(intent), Gone().Match(intent), ForAll().Match(intent), Both().Match(intent)]);
        if (rules.Exists(r => r.Action == AuthorizationEffect.Deny && !r.Shadow)) checks.AddRange([Again().Match(intent), Counted().Match(intent)]);
        if ((rules.Count > 0 || specs.OfType<TimeoutSpec>().Any()) && !rules.Exists(r => r.Rules.Any(x => !x.Methods.IsEmpty) || r.Target.Matches.Any(m => !m.Methods.IsEmpty))) checks.Add(ReadOnly().Match(intent));
        if (rules.Count > 0 && specs.Count > rules.Count) checks.Add(Whose().Match(intent));
        if (specs.OfType<HeadersSpec>().Any()) checks.Add(Condition().Match(intent));
        if (specs.OfType<RetrySpec>().Any() && plan.Edits.Any(e => e.Upserted?.Spec is RetrySpec now && request.Policies.Documents.TryGetValue(e.Id, out var before) && before.Spec is RetrySpec { RetryOn.Length: > 1 } && now.RetryOn.Length == 1)) checks.Add(InsteadOf().Match(intent));
        if (plan.Edits.Any(e => e.Upserted is null && e.Id.StartsWith("Retry/", StringComparison.Ordinal)) && !specs.OfType<RetrySpec>().Any()) checks.Add(Only().Match(intent));
        if (specs.Exists(s => s is MirrorSpec or FaultInjectionSpec)) checks.Add(PartOf().Match(intent));
        if (specs.OfType<TargetedSpec>().Any(s => s.Target.Matches.Any(m => !m.Methods.IsEmpty && m.Path is not null))) checks.Add(ButBoth().Match(intent));
        checks.Add(BothWays().Match(intent));
        if (checks.Find(m => m.Success) is { } match) return match.Value;
        // Let in and shut out at once.
        var (open, shut) = (rules.Where(r => r.Action == AuthorizationEffect.Allow).SelectMany(Who), rules.Where(r => r.Action == AuthorizationEffect.Deny).SelectMany(Who).ToHashSet());
        if (open.FirstOrDefault(shut.Contains) is { } both) return both;
        // "orders/export": of the path that is meant, the service is the first part.
        return specs.OfType<TargetedSpec>().Where(s => !s.Target.Matches.IsEmpty).Select(s => s.Target.Service).OfType<string>().Select(s => Inside(intent, s)).FirstOrDefault(f => f is not null);
    }

    /// <summary>What was set aside as talk, and yet says of which requests something does not hold.</summary>
    public static bool Excepts(string said, IReadOnlyList<Token> tokens) => Spared().IsMatch(said) && (Whom().IsMatch(said) || tokens.Any(t => t.Kind is TokenKind.Path or TokenKind.Host or TokenKind.Cidr || t.Concept is Concept.Method or Concept.Host));

    private static IEnumerable<string> Who(AuthorizationSpec spec) => spec.Rules.Where(r => r.Methods.IsEmpty && r.Paths.IsEmpty && r.Headers.IsEmpty).SelectMany(r => r.Cidrs).Select(c => $"{c} on {spec.Target.Name}");

    private static string? Inside(string intent, string service)
    {
        for (var at = intent.IndexOf($"{service}/", StringComparison.OrdinalIgnoreCase); at >= 0; at = intent.IndexOf($"{service}/", at + 1, StringComparison.OrdinalIgnoreCase))
            if (at == 0 || intent[at - 1] == ' ') return intent[at..].Split(' ')[0];
        return null;
    }

    [GeneratedRegex(@"\b(?:except|apart from|other than|excluding|save for|save on|but not|though not|bar (?:the|those)|spare)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Except();

    [GeneratedRegex(@"\b(?:only|just|merely|simply) counts?\b|\bcounts? (?:only|its hits)\b|\bdry[- ]run\b|\bobserve only\b", RegexOptions.IgnoreCase)]
    private static partial Regex Counted();

    [GeneratedRegex(@"\b(?:not (?:its|the|their)|but keep|remains|stays|stay|remain) (?:mirror|limit|retries|delay|aborts|time-?out)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Retained();

    [GeneratedRegex(@"\b(?:opposite rule|the (?:opposite|reverse|inverse)|replace the (?:ranges?|nets?|networks?|addresses)|give only|count for \S+ alone|not just the (?:block|deny|allow) ?-?list|may (?:go on|carry on|continue)|take (?:away )?from|open to all, the rest|[0-9/]+ (?:is|are) (?:restricted|limited|confined) to (?:GET|HEAD|POST|PUT|PATCH|DELETE))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Turned();

    [GeneratedRegex(@"\b(?:is|are|has|have) (?:gone|left us|left)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Gone();

    [GeneratedRegex(@"\b(?:GET|HEAD|POST|PUT|PATCH|DELETE)s? for (?:all|everyone|everybody|anyone)\b|\band (?:those|these) (?:solely|only|just|exclusively) from\b|\bbut just for\b")]
    private static partial Regex ForAll();

    [GeneratedRegex(@"\ballowed to [^;!?]{1,40}, no longer\b", RegexOptions.IgnoreCase)]
    private static partial Regex Both();

    [GeneratedRegex(@"\b(?:may|can|is free to|are free to) (?:\w+ ){1,4}again\b|\b(?:GET|HEAD|POST|PUT|PATCH|DELETE)s? from [^,;!?]{1,40} (?:is|are) (?:fine|ok|okay|alright)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Again();

    [GeneratedRegex(@"\b(?:read|write|append)[- ]only\b|\brestricted to (?:GET|HEAD|POST|PUT)\b|\bfor non-\w+", RegexOptions.IgnoreCase)]
    private static partial Regex ReadOnly();

    [GeneratedRegex(@"\bfor (?:clients|callers|requests|users)? ?(?:in|from)? ?[0-9a-f.:/]+ only\b|\bout of (?:it|that|this)\b|\bbar the\b", RegexOptions.IgnoreCase)]
    private static partial Regex Whose();

    [GeneratedRegex(@"^(?:[\w-]+: )?x-[\w-]+: ?[\w.-]+ (?:on|at|gets?|for)\b(?![^,;.!?]{0,40}\b(?:requests?|responses?|replies))", RegexOptions.IgnoreCase)]
    private static partial Regex Condition();

    [GeneratedRegex(@"\b(?:instead of|rather than|in place of) (?:on )?(?:resets?|connect\w*|5xx|gateway|refused|\d\d\d)\b", RegexOptions.IgnoreCase)]
    private static partial Regex InsteadOf();

    [GeneratedRegex(@"\bonly\b", RegexOptions.IgnoreCase)]
    private static partial Regex Only();

    [GeneratedRegex(@"\bup and down\b|\bdown and up\b|\b(?:make|let) (?:it|that|them) \d+ (?:longer|shorter|higher|lower|more|fewer|less)\b", RegexOptions.IgnoreCase)]
    private static partial Regex BothWays();

    [GeneratedRegex(@"\b(?:keeps?|stays?|remains?|not affected|unaffected|untouched|unchanged|excepted|excluded|exempt|spared|left alone|left out|all methods)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Spared();

    [GeneratedRegex(@"\b(?:hosts?|methods?|paths?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Whom();

    /// <summary>All but one method on one path: a match has methods and paths, and "but" of both at once is none.</summary>
    [GeneratedRegex(@"\b(?:except|besides|but|bar|other than|apart from|excluding|save) (?:for )?(?:GET|HEAD|POST|PUT|PATCH|DELETE)s? (?:on |to |at )?/", RegexOptions.IgnoreCase)]
    private static partial Regex ButBoth();

    /// <summary>A part of what stands, and no share.</summary>
    [GeneratedRegex(@"\b(?:third|quarter|fifth|tenth|half) (?:of (?:the|what)\b[^,;.!?]{1,40}\b(?:now|today|currently)\b|(?:fewer|less|more)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex PartOf();
}
