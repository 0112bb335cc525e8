using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Planning.Clauses;

/// <summary>Takes addresses, methods or paths out of what is denied or allowed; a policy with nothing left goes.</summary>
internal static class AuthorizationLifting
{
    public static void Lift(Phrase phrase, Draft draft, List<Cidr> cidrs, AuthorizationEffect effect)
    {
        var methods = Conditions.Methods(phrase, capitalsOnly: false);
        var paths = phrase.TakeAll(TokenKind.Path).Select(Conditions.PathOf).ToList();
        if (paths.Count > 0) phrase.TakeAll(Concept.Path);
        var named = phrase.Free.Any(t => t.IsEntity);
        var target = named ? Scoping.TargetOf(phrase, draft, "Lifting") : null;
        if (named && target is null) return;
        var any = cidrs.Count + methods.Count + paths.Count == 0;
        var standing = draft.Focus is { Spec: AuthorizationSpec } focus ? [focus]
            : draft.Of(Kinds.Authorization).Where(d => d.Spec is AuthorizationSpec s && s.Action == effect && (target is null || s.Target.Scope == target.Scope && s.Target.Name == target.Name) && (any || s.Rules.Any(Fits))).ToList();
        // "Stop blocking that", after something was said about one service.
        if ((standing.Count > 1 || any) && target is null && draft.Focus is null && draft.Target is { } spoken) standing = [.. standing.Where(d => d.Spec is AuthorizationSpec s && s.Target.Name == spoken.Name)];
        var verb = effect == AuthorizationEffect.Deny ? "denies" : "allows";
        if (standing.Count != 1)
        {
            draft.Ask("standing", standing.Count == 0 ? $"Nothing that stands {verb} just that. What is to be lifted?" : $"Several policies could be meant. Which?", standing.Select(d => d.Name));
            return;
        }
        var spec = (AuthorizationSpec)standing[0].Spec;
        var rules = any ? [] : spec.Rules.Select(r => !Fits(r) ? r : r with
        {
            Cidrs = r.Cidrs.RemoveRange(cidrs), Methods = r.Methods.RemoveRange(methods), Paths = r.Paths.RemoveRange(paths),
        }).Where((r, i) => spec.Rules[i] == r || !Empties(spec.Rules[i], r)).ToList();
        if (rules.Count > 0) draft.Put(standing[0].With(spec with { Rules = [.. rules] }));
        else if (effect == AuthorizationEffect.Allow && draft.Focus is null) draft.Refuse($"Without {standing[0].Name} everybody may reach {spec.Target.Name}; remove that policy by its name if that is meant.");
        else draft.Remove(standing[0]);

        bool Fits(AuthorizationRuleSpec rule) => cidrs.TrueForAll(rule.Cidrs.Contains) && methods.TrueForAll(m => rule.Methods.Contains(m)) && paths.TrueForAll(p => rule.Paths.Contains(p));
    }

    public static bool IsAddressesOnly(AuthorizationRuleSpec rule) => rule.Cidrs.Length > 0 && rule.Methods.IsEmpty && rule.Paths.IsEmpty && rule.Headers.IsEmpty;

    /// <summary>A condition whose last value is gone would hold for all: then the rule goes.</summary>
    private static bool Empties(AuthorizationRuleSpec old, AuthorizationRuleSpec now) =>
        old.Cidrs.Length > 0 && now.Cidrs.IsEmpty || old.Methods.Length > 0 && now.Methods.IsEmpty || old.Paths.Length > 0 && now.Paths.IsEmpty;
}
