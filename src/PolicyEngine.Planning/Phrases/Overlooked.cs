using System.Text.RegularExpressions;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Clauses;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Views;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Faults;
using PolicyEngine.Policies.Mirrors;
using PolicyEngine.Policies.Retries;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Planning.Phrases;

/// <summary>
/// What was said and is in no edit of a plan, though every word of it was understood somewhere: "…, its replies ignored" beside a split, connection
/// resets in the talk around a retry, "except POST" where a whole policy goes.
/// </summary>
internal static partial class Overlooked
{
    /// <summary>The question that the plan leaves open; null where none.</summary>
    public static string? Of(string text, IReadOnlyList<Token> tokens, Plan plan)
    {
        var upserts = plan.Edits.Select(e => e.Upserted?.Spec).OfType<TargetedSpec>().ToList();
        var (splits, mirrors, retries) = (upserts.OfType<TrafficSplitSpec>().ToList(), upserts.OfType<MirrorSpec>().ToList(), upserts.OfType<RetrySpec>().ToList());
        if (splits.Count > 0 && mirrors.Count == 0 && Ignored().IsMatch(text)) return "Are requests to go there, or copies of them, whose answers are ignored?";
        if (splits.Find(s => mirrors.Exists(m => m.Target.Name == s.Target.Name && s.Backends is [var all] && all.Weight == Percentage.Hundred && all.Version == m.To.Version)) is { } both) return $"Are the requests to {both.Target.Name} to go there, or copies of them?";
        if (splits.Exists(s => !s.Target.Matches.IsEmpty && splits.Exists(o => o.Target.Matches.IsEmpty && o.Target.Name == s.Target.Name && o.Backends.SequenceEqual(s.Backends)))) return "Is that for all of the requests, or only for those?";
        if (upserts.OfType<FaultInjectionSpec>().ToList() is { Count: > 1 } faults && faults.Exists(f => !f.Target.Matches.IsEmpty && faults.Exists(o => o.Target.Matches.IsEmpty && o.Target.Name == f.Target.Name))) return "Is all of that for those requests alone?";
        if (retries.Count > 0 && Cause(tokens) is { } cause && !retries.Exists(r => r.Attempts == 0 || r.RetryOn.Contains(cause))) return $"Is it to be tried again on {cause}?";
        if (tokens.FirstOrDefault(t => t.Concept == Concept.Except) is { } except && plan.Edits.All(e => e.Upserted is null) && plan.Edits.Length > 0 && plan.Edits.All(e => e.Id.Split('/')[0] != nameof(Kinds.Authorization))) return $"Is all of it to go, or not what you {except.Text}?";
        return upserts.OfType<AuthorizationSpec>().FirstOrDefault() is { } access && Turned(tokens, access) is { } turned ? $"What is to become of {turned.Text}, and what of all else?" : null;
    }

    /// <summary>Why it should be tried again, besides statuses; null where several things are said of it.</summary>
    private static string? Cause(IReadOnlyList<Token> tokens)
    {
        if (tokens.Any(t => t.Concept is Concept.InsteadOf or Concept.Not or Concept.Stop or Concept.Except or Concept.Without or Concept.Timeout or Concept.Off) || tokens.Has(TokenKind.HeaderName)) return null;
        return tokens.Where(t => t.Kind == TokenKind.Word).Select(t => RetryReasons.Reason(t) ?? (t.Concept == Concept.Connect ? "connect-failure" : null)).FirstOrDefault(r => r is not (null or "5xx" or "unavailable" or "cancelled"));
    }

    /// <summary>"/a may stay", "/a is open to all": a path for which the contrary of what is planned may be meant.</summary>
    private static Token? Turned(IReadOnlyList<Token> tokens, AuthorizationSpec access)
    {
        var paths = access.Rules.SelectMany(r => r.Paths).Concat(access.Target.Matches.Select(m => m.Path).OfType<PathSpec>()).Select(p => p.Prefix ?? p.Exact).OfType<string>().ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind != TokenKind.Path || !paths.Contains(Conditions.PrefixOf(tokens[i]))) continue;
            var behind = tokens.Skip(i + 1).TakeWhile(t => t.Kind != TokenKind.Punctuation).Take(4).ToList();
            var free = behind.Find(t => t.Value is "open" or "open to" or "open for" or "free" or "allowed" or "stay" or "stays" or "remain" or "remains" or "accessible" or "reachable");
            if (free is null || !behind.TakeWhile(t => !ReferenceEquals(t, free)).All(t => t.IsGlue || Sets.Copulas.Contains(t.Value))) continue;
            // "only 10.0.0.0/8, but /health stays open": it is let in beside them.
            if (access is { Action: AuthorizationEffect.Allow, Rules.Length: > 1 } && access.Rules.Any(r => r.Cidrs.IsEmpty && r.Paths.Any(p => (p.Prefix ?? p.Exact) == Conditions.PrefixOf(tokens[i])))) continue;
            if (access.Action == AuthorizationEffect.Deny || tokens.HasAny(Concept.Deny, Concept.Only)) return tokens[i];
        }
        // "203.0.113.50 may use it again, its network stays blocked".
        var stays = tokens.ToList().FindIndex(t => t.Value is "stays" or "stay" or "remains" or "remain");
        return access.Action == AuthorizationEffect.Deny && stays >= 0 && tokens.ElementAtOrDefault(stays + 1) is { Concept: Concept.Deny } && (tokens.HasAny(Concept.Reach, Concept.Allow) || tokens.Any(t => t.Value is "may" or "can" or "again")) ? tokens.FirstOrDefault(t => t.Kind == TokenKind.Cidr) : null;
    }

    [GeneratedRegex(@"\b(?:its|the|their|all|any|those) (?:repl(?:y|ies)|answers?|responses?)\b(?: (?:is|are|get|gets|being|to|be|just|simply|can|may))* (?:ignored|discarded|thrown away|dropped|unused|binned|swallowed)|\b(?:ignor|discard|dropp?|swallow|bin|throw)(?:e|ing)?(?: away)? (?:its|the|their|all|any|those) (?:repl(?:y|ies)|answers?|responses?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Ignored();
}
