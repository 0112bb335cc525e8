using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"access from 10.30.0.0/16 instead of 10.20.0.0/16": of what stands one range gives way to another.</summary>
internal static class AuthorizationReplacing
{
    /// <summary>"replace 10.1.0.0/16 with 10.2.0.0/16", "swap … for …".</summary>
    public static Token? Verb(IReadOnlyList<Token> tokens) => tokens.Count(t => t.Kind == TokenKind.Cidr) != 2 ? null
        : tokens.TakeWhile(t => t.Kind != TokenKind.Cidr).LastOrDefault(t => t.Value is "replace" or "replaces" or "replacing" or "swap" or "swaps" or "exchange" or "exchanges" or "substitute" or "substitutes" or "change" or "changes" or "switch" or "grow" or "widen" or "extend" or "expand" or "enlarge" or "shrink" or "narrow" or "reduce" or "cut" || t.Value is "move" or "moves" or "moved" or "shift" && tokens.Any(f => f.Value == "from"));

    /// <summary>"shrink the block to 198.51.100.0/28", "only block 198.51.100.0/28": of the range that is denied, only a part of it still is.</summary>
    public static bool Narrow(Phrase phrase, Draft draft, Target target, AuthorizationRuleSpec rule)
    {
        var narrows = phrase.Tokens.Any(t => t.Concept == Concept.Only && phrase.After(t) is { Concept: Concept.Deny }) || phrase.Tokens.FirstOrDefault(t => t.Value is "shrink" or "narrow" or "reduce" or "tighten") is not null && phrase.Tokens.Any(t => t.Kind == TokenKind.Cidr && phrase.Governor(t) is { Value: "to" });
        var lists = phrase.Tokens.Any(t => t.Concept == Concept.Only) && draft.Standing(Kinds.Authorization, target).Exists(d => d.Spec is AuthorizationSpec { Action: AuthorizationEffect.Deny, Shadow: false } s && s.Rules.Any(AuthorizationLifting.IsAddressesOnly));
        if (!narrows && !lists || !AuthorizationLifting.IsAddressesOnly(rule)) return false;
        if (phrase.Free.FirstOrDefault(t => t.Value is "shrink" or "narrow" or "reduce" or "tighten") is { } said) phrase.Mark(said);
        var standing = draft.Standing(Kinds.Authorization, target).Where(d => d.Spec is AuthorizationSpec { Action: AuthorizationEffect.Deny } s && s.Rules.Any(r => AuthorizationLifting.IsAddressesOnly(r) && rule.Cidrs.All(c => r.Cidrs.Any(o => o.Contains(c) && o != c)))).ToList();
        if (standing is not [{ Spec: AuthorizationSpec spec } one])
        {
            draft.Ask("standing", $"Nothing that stands on {target.Name} denies more than {string.Join(" and ", rule.Cidrs)}. What is to be narrowed?");
            return true;
        }
        draft.Put(one.With(spec with { Rules = [.. spec.Rules.Select(r => AuthorizationLifting.IsAddressesOnly(r) ? r with { Cidrs = [.. r.Cidrs.Where(o => !rule.Cidrs.Any(o.Contains)).Concat(rule.Cidrs)] } : r)] }));
        return true;
    }

    private static bool IsGone(Phrase phrase, Token range)
    {
        var said = phrase.Governor(range);
        while (said is { Concept: Concept.Preposition }) said = phrase.Governor(said);
        return said is { Value: "no longer" or "not any more" or "not anymore" or "not any longer" };
    }

    /// <summary>True where the clause says so, and was planned or asked about.</summary>
    public static bool Replace(Phrase phrase, Draft draft)
    {
        var ranges = phrase.Free.Where(t => t.Kind == TokenKind.Cidr).ToList();
        if (ranges.Count != 2) return false;
        var old = ranges.Find(t => phrase.Governor(t) is { Concept: Concept.InsteadOf });
        if (old is not null) phrase.Mark(phrase.Governor(old)!);
        else if (Verb(phrase.Tokens) is { } verb && phrase.Governor(ranges[1]) is { Value: "with" or "by" or "for" or "to" or "into" or "onto" or "against" })
        {
            phrase.Mark(verb);
            // "substitute the new for the old".
            old = verb.Value.StartsWith("substitut", StringComparison.Ordinal) ? ranges[1] : ranges[0];
        }
        // "kyc is for 10.40.0.0/16 now, no longer for 10.20.0.0/16".
        old ??= ranges.Where(t => IsGone(phrase, t)).ToList() is [var gone] && !phrase.Has(TokenKind.Path) && !phrase.Has(Concept.Method) ? gone : null;
        if (old is null) return false;
        var now = ranges.Find(t => !ReferenceEquals(t, old))!;
        foreach (var range in ranges) phrase.Mark(range);
        if (Scoping.TargetOf(phrase, draft, "Addresses are replaced") is not { } target) return true;
        var standing = draft.Standing(Kinds.Authorization, target).Where(d => d.Spec is AuthorizationSpec s && s.Rules.Any(r => r.Cidrs.Contains(old.Range))).ToList();
        if (standing is not [{ Spec: AuthorizationSpec spec } only])
        {
            draft.Ask("standing", standing.Count == 0 ? $"Nothing that stands on {target} speaks of {old.Text}. What is to be changed?" : $"Several policies on {target} speak of {old.Text}. Which?", standing.Select(d => d.Name));
            return true;
        }
        draft.Put(only.With(spec with { Rules = [.. spec.Rules.Select(r => r.Cidrs.Contains(old.Range) ? r with { Cidrs = [.. r.Cidrs.Select(c => c == old.Range ? now.Range : c).Distinct()] } : r)] }));
        return true;
    }
}
