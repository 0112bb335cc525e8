using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"block 10.0.0.0/8 from checkout", "allow only GET and POST on orders", "deny DELETE on /admin", "stop blocking 10.0.0.0/8".</summary>
internal sealed class AuthorizationClause : IClause
{
    public int Recognises(IReadOnlyList<Token> tokens) => tokens.Has(Concept.Deny) || tokens.Has(Concept.Allow) ? 45 : 0;

    public void Apply(Phrase phrase, Draft draft)
    {
        var deny = phrase.Has(Concept.Deny);
        var allow = phrase.Has(Concept.Allow);
        var lifting = phrase.Has(Concept.Stop) || phrase.Has(Concept.Back) && allow;
        phrase.TakeAll(Concept.Deny, Concept.Allow, Concept.Only, Concept.Set, Concept.Stop, Concept.Back, Concept.Client, Concept.Request, Concept.Policy);
        var shadow = phrase.Take(Concept.Shadow);
        var until = Scoping.Until(phrase, draft);
        if (phrase.Take(t => t.Concept is Concept.Everyone or Concept.Fully) is { } all && !lifting)
        {
            draft.Refuse(deny ? $"'{all.Text}' would shut everybody out." : $"'{all.Text}' would turn authorization off; remove the policy that you mean by name.");
            return;
        }
        var cidrs = phrase.TakeAll(TokenKind.Cidr).Select(t => t.Range).Distinct().ToList();
        if (cidrs.Exists(c => c.IsEverything))
        {
            draft.Refuse($"{cidrs.Find(c => c.IsEverything)} is every address: {(deny ? "it would shut everybody out" : "it would turn authorization off")}.");
            return;
        }
        if (deny && allow)
        {
            draft.Ask("action", "Allow or deny? Say one thing at a time.", ["allow", "deny"]);
            return;
        }
        if (lifting)
        {
            Lift(phrase, draft, cidrs);
            return;
        }
        var methods = phrase.Free.Where(t => t.Concept == Concept.Method).ToList();
        methods.ForEach(phrase.Mark);
        var paths = phrase.TakeAll(TokenKind.Path);
        var headers = Scoping.HeaderConditions(phrase);
        if (Scoping.TargetOf(phrase, draft, deny ? "Requests are denied" : "Requests are allowed") is not { } target) return;
        if (cidrs.Count == 0 && methods.Count == 0 && paths.Count == 0 && headers.Count == 0)
        {
            if (deny) draft.Refuse($"Denying everything on {target} would shut everybody out; say which addresses, methods, paths or headers.");
            else draft.Ask("who", $"Who may reach {target.Name}? Name addresses, methods, paths or headers.");
            return;
        }
        var rule = new AuthorizationRuleSpec
        {
            Cidrs = [.. cidrs],
            Methods = [.. methods.Select(m => m.Text.ToUpperInvariant()).Distinct()],
            Paths = [.. paths.Select(p => new PathSpec { Prefix = p.Value })],
            Headers = [.. headers],
        };
        var action = deny ? AuthorizationEffect.Deny : AuthorizationEffect.Allow;
        var spec = new AuthorizationSpec { Target = target, Action = action, Rules = [rule], Shadow = shadow };
        draft.PutOrReplace(spec, deny ? "deny" : "allow", merge: Merge, replaces: o => o.Action == action && o.Shadow == shadow, until: until);
    }

    /// <summary>One more rule; or more addresses in a rule that has nothing but addresses.</summary>
    private static AuthorizationSpec Merge(AuthorizationSpec old, AuthorizationSpec now)
    {
        var rule = now.Rules[0];
        var text = Policies.Shapes.JsonWriter.Write(rule).ToJsonString();
        if (old.Rules.Any(r => Policies.Shapes.JsonWriter.Write(r).ToJsonString() == text)) return old;
        var plain = old.Rules.FirstOrDefault(IsAddressesOnly);
        return IsAddressesOnly(rule) && plain is not null
            ? old with { Rules = old.Rules.Replace(plain, plain with { Cidrs = [.. plain.Cidrs.Union(rule.Cidrs)] }) }
            : old with { Rules = old.Rules.Add(rule) };
    }

    private static bool IsAddressesOnly(AuthorizationRuleSpec rule) => rule.Cidrs.Length > 0 && rule.Methods.IsEmpty && rule.Paths.IsEmpty && rule.Headers.IsEmpty;

    /// <summary>Takes addresses out of what is denied; a policy with nothing left goes.</summary>
    private static void Lift(Phrase phrase, Draft draft, List<Cidr> cidrs)
    {
        var target = phrase.Free.Any(t => t.Kind is TokenKind.Service or TokenKind.Gateway or TokenKind.Fleet) ? Scoping.TargetOf(phrase, draft, "Lifting a block") : null;
        var standing = draft.Standing(Kinds.Authorization, target)
            .Where(d => d.Spec is AuthorizationSpec { Action: AuthorizationEffect.Deny } s && (cidrs.Count == 0 || s.Rules.Any(r => cidrs.TrueForAll(r.Cidrs.Contains)))).ToList();
        if (standing.Count != 1)
        {
            draft.Ask("standing", standing.Count == 0 ? "Nothing that stands denies that. What is to be lifted?" : "Several policies deny that. Which?", standing.Select(d => d.Name));
            return;
        }
        if (cidrs.Count == 0)
        {
            draft.Remove(standing[0]);
            return;
        }
        var spec = (AuthorizationSpec)standing[0].Spec;
        var rules = spec.Rules.Select(r => r with { Cidrs = r.Cidrs.RemoveRange(cidrs) }).Where((r, i) => spec.Rules[i].Cidrs.IsEmpty || r.Cidrs.Length > 0).ToList();
        if (rules.Count == 0) draft.Remove(standing[0]);
        else draft.Put(standing[0].With(spec with { Rules = [.. rules] }));
    }
}
