using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Shapes;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"block 10.0.0.0/8 from checkout", "allow only GET and POST on orders", "only 10.0.0.0/8 may reach admin", "stop blocking 10.0.0.0/8".</summary>
internal sealed class AuthorizationClause : IClause
{
    public Kind Kind => Kinds.Authorization;

    public int Recognises(IReadOnlyList<Token> tokens)
    {
        var who = tokens.Has(TokenKind.Cidr);
        var asked = who || (tokens.Has(TokenKind.HeaderName) || tokens.Has(Concept.Method)) && tokens.Any(t => t.IsEntity) && !tokens.Has(TokenKind.Path) && !tokens.HasAny(Concept.Route, Concept.Limit, Concept.Set);
        if (asked && tokens.Any(IsForbidden) && !tokens.Has(TokenKind.Percent) && !tokens.Has(TokenKind.Duration) && !tokens.Has(TokenKind.Version) && !tokens.HasAny(Concept.Retry, Concept.Only, Concept.Rest, Concept.Abort, Concept.Failing)) return 72;
        if (who && tokens.HasAny(Concept.Limit, Concept.Only, Concept.Reach) && !tokens.Has(TokenKind.Rate) && !tokens.HasAny(Concept.Deny, Concept.Allow)) return 56;
        // "narrow the kyc allow list to 10.20.5.0/24", "kyc from 10.2.0.0/16 instead of 10.1.0.0/16".
        if (who && tokens.HasAny(Concept.Allow, Concept.Deny) && tokens.Any(t => t.Concept == Concept.Limit && t.Value is "narrow" or "restrict" or "confine")) return 56;
        if (tokens.Has(Concept.InsteadOf) && tokens.Count(t => t.Kind == TokenKind.Cidr) == 2 && !tokens.Has(TokenKind.Rate)) return 56;
        if (who && (tokens.Has(Concept.Too) || tokens.Any(t => t.Concept == Concept.Set && t.Value is "add")) && tokens.Any(t => t.Kind == TokenKind.Service) && !tokens.Has(TokenKind.Rate)) return 30;
        // "the search limit only for POSTs" is a limit.
        var limit = tokens.ToList().FindIndex(t => t.Concept == Concept.Limit && t.Value is "limit" or "rate limit" or "limits" or "rate limits" or "quota" or "request limit");
        if (limit > 0 && (tokens[limit - 1].IsEntity || tokens[limit - 1].Value is "the" or "its" or "rate") && !tokens.Has(TokenKind.Cidr) && !tokens.HasAny(Concept.Deny, Concept.Allow, Concept.Reach)) return 0;
        if (tokens.Has(Concept.Method) && tokens.HasAny(Concept.Limit, Concept.Only) && tokens.Any(t => t.IsEntity) && !tokens.Has(TokenKind.Rate) && !tokens.Has(TokenKind.Number) && !tokens.HasAny(Concept.Retry, Concept.Mirror, Concept.Send, Concept.Delay, Concept.Abort) && !tokens.Has(TokenKind.Duration)) return 51;
        if (who && AuthorizationReplacing.Verb(tokens) is not null) return 57;
        if (who && tokens.Has(TokenKind.Document) && tokens.HasAny(Concept.Set, Concept.Stop, Concept.Too, Concept.Off, Concept.Present, Concept.Send) && !tokens.Has(TokenKind.Rate)) return 48;
        if (who && CutsOff(tokens) is not null && !tokens.Has(TokenKind.Duration)) return 46;
        var conditioned = tokens.Has(TokenKind.HeaderName) || tokens.Has(Concept.Header) || tokens.Has(Concept.Method) || who;
        if (conditioned && !tokens.Has(TokenKind.Rate) && !tokens.HasAny(Concept.Retry, Concept.Timeout, Concept.Limit) && tokens.Where((t, i) => t.Concept == Concept.Not && tokens.Skip(i + 1).FirstOrDefault(n => n.Concept != Concept.Filler) is { Concept: Concept.Reach } or { Value: "use" or "call" or "touch" or "see" or "enter" }).Any()) return 49;
        if (conditioned && tokens.Has(Concept.Only) && tokens.Any(t => t.Concept == Concept.Reach || t.Value is "use" or "call") && !tokens.Has(TokenKind.Rate) && !tokens.Has(TokenKind.Version) && !tokens.Has(TokenKind.Percent) && !tokens.Has(TokenKind.Duration) && !tokens.HasAny(Concept.Retry, Concept.Mirror)) return 49;
        if (tokens.Has(TokenKind.HeaderName) && tokens.Has(Concept.Only) && tokens.Any(t => t.Kind == TokenKind.Service) && !tokens.Has(TokenKind.Rate) && !tokens.Has(TokenKind.Version) && !tokens.Has(TokenKind.Percent) && !tokens.Has(TokenKind.Duration) && !tokens.Has(TokenKind.Number) && !tokens.HasAny(Concept.Retry, Concept.Mirror, Concept.Send, Concept.Delay, Concept.Abort, Concept.Failing, Concept.Limit, Concept.Timeout, Concept.Set, Concept.Stop, Concept.Response, Concept.Newer, Concept.Older, Concept.Canary, Concept.Raise, Concept.Lower)
            && tokens.Any(t => t.Value is "with" or "for" or "if" or "when" or "from")) return 40;
        if (tokens.Has(Concept.Require)) return 46;
        if (Nobody(tokens) is not null) return 46;
        if (tokens.HasAny(Concept.Deny, Concept.Allow)) return tokens.Has(TokenKind.Version) && tokens.Has(TokenKind.Percent) && !who ? 0 : 45;
        return tokens.Has(Concept.Everyone) && tokens.HasAny(Concept.Reach, Concept.Stop, Concept.Set) ? 28 : (who || tokens.Has(Concept.Method)) && tokens.Has(Concept.Except) ? 45 : who && tokens.HasAny(Concept.Stop, Concept.Set, Concept.Not) ? 28 : 0;
    }

    public void Apply(Phrase phrase, Draft draft)
    {
        if (AuthorizationOpening.Split(phrase) is not var (rest, open))
        {
            Guard(phrase, draft);
            return;
        }
        foreach (var token in open) phrase.Mark(token);
        if (AuthorizationOpening.IsBare(rest)) AuthorizationOpening.Add(open, AuthorizationOpening.Standing(open, draft), draft);
        else
        {
            var asked = draft.Questions.Count;
            Guard(rest, draft);
            foreach (var token in rest.Tokens.Where(rest.IsTaken)) phrase.Mark(token);
            if (draft.Questions.Count == asked && draft.Reasons.Count == 0) AuthorizationOpening.Add(open, draft.Last, draft);
        }
    }

    private void Guard(Phrase phrase, Draft draft)
    {
        if (AuthorizationDoubts.Of(phrase, draft)) return;
        var except = phrase.Free.FirstOrDefault(t => t.Concept == Concept.Except && (t.Value.Contains(' ') || phrase.Governor(t) is not null));
        var not = !phrase.Has(Concept.Stop) && !phrase.Has(Concept.Only) && phrase.TakeNot(Concept.Reach, Concept.Allow, Concept.Deny, Concept.Send, Concept.Set);
        if (Nobody(phrase.Tokens) is { } nobody && !phrase.IsTaken(nobody))
        {
            phrase.Mark(nobody);
            not = true;
        }
        // "10.0.0.1 must not POST to orders".
        if (!not && phrase.Free.Where(t => t.Concept == Concept.Not).ToList() is [var never] && phrase.After(never) is { Concept: Concept.Method } && !phrase.Has(Concept.Deny) && !phrase.Has(Concept.Only))
        {
            phrase.Mark(never);
            not = true;
        }
        var cuts = CutsOff(phrase.Tokens) ?? ((phrase.Has(TokenKind.Cidr) || phrase.Has(TokenKind.HeaderName) || phrase.Has(Concept.Method)) && !phrase.Has(Concept.Only) && !phrase.Has(Concept.Allow) && !phrase.Has(Concept.Rest) && !phrase.Has(Concept.Abort) && !phrase.Has(Concept.Failing) ? phrase.Free.FirstOrDefault(IsForbidden) : null);
        if (cuts is not null) phrase.Mark(cuts);
        // "should get a 403": no method.
        for (var verb = cuts is not null && IsForbidden(cuts) ? phrase.Before(cuts) : null; verb is not null && verb.Value is "a" or "an" or "with" or "get" or "gets" or "receive" or "see"; verb = phrase.Before(verb)) phrase.Mark(verb);
        if (cuts is not null && IsForbidden(cuts)) phrase.TakeAll(Concept.Answer, Concept.Abort, Concept.Fully, Concept.Response);
        var (denies, allows) = (phrase.Has(Concept.Deny) || cuts is not null, phrase.Has(Concept.Allow));
        var (stops, back) = (phrase.Has(Concept.Stop), phrase.Has(Concept.Back));
        var lists = phrase.Free.Any(t => t.Concept == Concept.Stop && t.Value is "unblock" or "unban");
        var only = phrase.Has(Concept.Only) || phrase.Has(Concept.Require) || phrase.Has(Concept.Limit) || phrase.Free.Any(t => t.Value is "limit access" or "restrict access");
        var (who, says) = (phrase.Has(Concept.Client), denies || allows || only || stops || back || not || lists || except is not null || phrase.Has(Concept.Reach));
        // "add 203.0.113.0/24 to orders-blocklist": the list says what becomes of it.
        var list = denies || allows || only || not ? null : AuthorizationLists.Named(phrase, draft);
        // "let 10.0.0.1 DELETE orders".
        var grants = !says && phrase.Has(TokenKind.Cidr) && phrase.Has(Concept.Method) && phrase.Tokens.Any(t => t.Value is "let" or "lets" or "may" or "can" or "able" or "able to");
        says |= list is not null || grants;
        var deny = list is not null ? list.Action == AuthorizationEffect.Deny : (denies || not && !denies || !allows && !only && phrase.Has(Concept.Stop)) && !(denies && not);
        // "10.0.0.50 may use orders again": of what kept it out; a list would shut all others out.
        var again = back && phrase.Has(TokenKind.Cidr) && !denies && !not && !only && !stops && list is null && except is null;
        var lifting = stops && (denies || allows || lists || list is not null) || back && allows || denies && not || again;
        // "don't add 10.0.0.1 to the list", "replace the list with …": neither adds to it.
        if (phrase.Has(TokenKind.Cidr) && (not && phrase.Tokens.SkipWhile(t => t.Concept != Concept.Not).Skip(1).FirstOrDefault(t => t.Concept != Concept.Filler) is { Concept: not Concept.Method, Value: "add" or "put" or "include" or "append" or "set" or "cover" } || list is not null && phrase.Tokens.Any(t => t.Concept == Concept.Not || t.Value is "replace" or "overwrite" or "exchange" or "swap") && AuthorizationReplacing.Verb(phrase.Tokens) is null && !phrase.Has(Concept.InsteadOf)))
        {
            draft.Ask("action", "What is to become of these addresses: are they to be let in, or blocked?", ["allow", "deny"]);
            return;
        }
        if (list is not null) phrase.TakeAll(Concept.Raise, Concept.Present, Concept.Off);
        // "… and send it to statements" is a route.
        foreach (var send in phrase.Free.Where(t => t.Concept == Concept.Send && !(t.Value is "send" or "route" or "forward" && phrase.After(t) is { Concept: Concept.It })).ToList()) phrase.Mark(send);
        phrase.TakeAll(Concept.Deny, Concept.Allow, Concept.Only, Concept.Set, Concept.Stop, Concept.Back, Concept.Client, Concept.Request, Concept.Policy, Concept.Reach, Concept.Limit, Concept.Require, Concept.It, Concept.Too);
        phrase.TakeOr();
        var shadow = phrase.Take(Concept.Shadow);
        phrase.TakeAll(Concept.Shadow);
        var all = phrase.Take(t => t.Concept is Concept.Everyone or Concept.Fully or Concept.Rest);
        phrase.TakeAll(Concept.Everyone, Concept.Fully, Concept.Rest);
        if (AuthorizationReplacing.Replace(phrase, draft)) return;
        // "10.0.0.1-10.0.0.9": neither end alone is meant.
        if (phrase.Free.Where(t => t.Kind == TokenKind.Cidr).ToList().Find(t => phrase.After(t) is { Text: "-" or "–" } dash && phrase.After(dash) is { Kind: TokenKind.Cidr } || phrase.After(t) is { Value: "to" or "through" or "till" or "until" } upto && phrase.After(upto) is { Kind: TokenKind.Cidr }) is { } begin)
        {
            draft.Ask("who", $"Ranges are written as prefixes, such as 203.0.113.0/24. Which prefix begins at {begin.Text}?");
            return;
        }
        var cidrs = phrase.TakeAll(TokenKind.Cidr).Select(t => t.Range).Distinct().ToList();
        // "lock it out of checkout as well": the addresses that were blocked before.
        if (cidrs.Count == 0 && deny && !phrase.Has(Concept.Everyone) && phrase.Tokens.Any(t => t.Concept == Concept.It) && phrase.Tokens.Any(t => t.IsEntity) && !phrase.Has(TokenKind.HeaderName) && !phrase.Has(TokenKind.Path) && !phrase.Has(Concept.Method) && draft.Last?.Spec is AuthorizationSpec { Action: AuthorizationEffect.Deny, Rules: [var last] } && AuthorizationLifting.IsAddressesOnly(last)) cidrs.AddRange(last.Cidrs);
        if (cidrs.Exists(c => c.IsEverything))
        {
            draft.Refuse($"{cidrs.Find(c => c.IsEverything)} is every address: {(deny ? "it would shut everybody out" : "it would turn authorization off")}.");
            return;
        }
        // "only POST", after something was blocked: is the block narrowed, or is all else shut out?
        if (draft.Last is { Spec: AuthorizationSpec { Action: AuthorizationEffect.Deny } } && phrase.Tokens.Any(t => t.Concept == Concept.Only) && !denies && !allows && cidrs.Count == 0 && !phrase.Tokens.Any(t => t.IsEntity))
        {
            draft.Ask("action", "Is only that blocked then, or is nothing else let in?", ["only that is blocked", "nothing else is let in"]);
            return;
        }
        if (denies && allows && !lifting || !says)
        {
            draft.Ask("action", "Allow or deny? Say one thing at a time.", ["allow", "deny"]);
            return;
        }
        if (lifting)
        {
            AuthorizationLifting.Lift(phrase, draft, cidrs, list?.Action ?? (allows && stops && !denies ? AuthorizationEffect.Allow : AuthorizationEffect.Deny));
            return;
        }
        // "block everyone except 10.0.0.0/8" lets in those and nobody else.
        if (except is not null && (all is not null || deny && IsOfAll(except, cidrs.Count, phrase) || except.Value.StartsWith("every", StringComparison.Ordinal) || except.Value.StartsWith("any", StringComparison.Ordinal) || except.Value.StartsWith("all", StringComparison.Ordinal) || except.Value.StartsWith("no", StringComparison.Ordinal)))
        {
            phrase.Mark(except);
            (deny, all) = ((!except.Value.StartsWith("no", StringComparison.Ordinal) || except.Value.StartsWith("not ", StringComparison.Ordinal)) && !deny, null);
        }
        var methods = Conditions.Methods(phrase, capitalsOnly: false);
        var headers = Conditions.Headers(phrase);
        var paths = phrase.TakeAll(TokenKind.Path);
        if (paths.Count > 0) phrase.TakeAll(Concept.Path);
        var conditions = cidrs.Count + methods.Count + paths.Count + headers.Count;
        if (all is not null && conditions == 0)
        {
            draft.Refuse(deny ? $"'{all.Text}' would shut everybody out." : $"'{all.Text}' would turn authorization off; remove the policy that you mean by name.");
            return;
        }
        // "…, deny the rest", "…, anybody may GET": two things, and only one of them would be done.
        // "it shouldn't be open to the world, 10.0.0.0/8 is enough": who is meant by the second?
        if (all is { Concept: Concept.Everyone } world && deny && not && except is null && cidrs.Count > 0 && phrase.Tokens.Any(t => t.Kind == TokenKind.Punctuation && t.Position > world.Position && phrase.Tokens.Any(c => c.Kind == TokenKind.Cidr && c.Position > t.Position)) || all is { Concept: Concept.Rest } && deny && conditions > 0 || !deny && cidrs.Count > 0 && methods.Count > 1 && except is null && (all is { Concept: Concept.Everyone } || AuthorizationDoubts.IsFromAll(phrase)))
        {
            draft.Ask("action", "Who may do what? Say it in a sentence each.");
            return;
        }
        if (Scoping.TargetOf(phrase, draft, deny ? "Requests are denied" : "Requests are allowed", paths) is not { } target) return;
        // "only 10.1.0.0/16 may DELETE orders", then "block 10.1.2.0/24 there": what was narrowed before.
        if (target.Matches.IsEmpty && conditions == cidrs.Count && !phrase.Tokens.Any(t => t.IsEntity) && draft.Last?.Spec is AuthorizationSpec { Target.Matches.IsEmpty: false } latest && latest.Target.Scope == target.Scope && latest.Target.Name == target.Name)
        {
            if (deny && latest.Action == AuthorizationEffect.Allow && !phrase.Tokens.Any(t => t.Value is "there" or "from that" or "that"))
            {
                draft.Ask("target", $"Are they to be kept from all of {target.Name}, or only from what was spoken of before?", [$"all of {target.Name}"]);
                return;
            }
            target = latest.Target;
        }
        // "close /live/control to the internet; only 10.0.0.0/8 keeps access": to what was closed.
        if (only && !deny && cidrs.Count > 0 && conditions == cidrs.Count && target.Matches.IsEmpty && !phrase.Tokens.Any(t => t.IsEntity) && draft.Last is { Spec: AuthorizationSpec { Action: AuthorizationEffect.Deny, Target.Matches.IsEmpty: true, Rules: [{ Cidrs.IsEmpty: true, Headers.IsEmpty: true, Paths.IsEmpty: false } shut] } closing } closed && (closing.Target.Scope, closing.Target.Name) == (target.Scope, target.Name))
        {
            draft.Remove(closed);
            target = target with { Matches = [.. shut.Paths.Select(p => new RequestMatch { Path = p, Methods = shut.Methods })] };
        }
        // "from today it is for everybody except 10.0.0.0/8", where a list stands: would it go?
        if (deny && except is not null && !denies && !not && draft.Standing(Kind, target).Find(d => d.Spec is AuthorizationSpec { Action: AuthorizationEffect.Allow, Shadow: false }) is { } guarding)
        {
            draft.Ask("standing", $"{guarding.Name} lets in only those that it names. Is it to go?");
            return;
        }
        // "block requests with query debug": a rule has addresses, methods, paths and headers; that they are those, the target says.
        if (conditions == 0 && deny && !target.Matches.IsEmpty)
        {
            Put(draft, target, false, AuthorizationEffect.Deny, shadow, new AuthorizationRuleSpec { Paths = [new PathSpec { Prefix = "/" }] }, false);
            return;
        }
        // "switch the payments deny to dry run": what stands, and no more enforced.
        if (conditions == 0 && shadow && target.Matches.IsEmpty && draft.Standing(Kind, target).Where(d => d.Spec is AuthorizationSpec s && s.Action == (deny ? AuthorizationEffect.Deny : AuthorizationEffect.Allow)).ToList() is [{ Spec: AuthorizationSpec { Shadow: false } enforced } watched] && (denies || allows || list is not null))
        {
            draft.Put(watched.With(enforced with { Shadow = true }));
            return;
        }
        if (conditions == 0)
        {
            if (list is not null) draft.Ask("what", $"What is to become of what stands on {target.Name}?");
            else if (deny && who) draft.Ask("who", $"Which addresses are kept from {target.Name}?");
            else if (deny && phrase.Tokens.Any(t => t.Concept == Concept.It && t.Value is "them" or "those" or "these" or "they")) draft.Ask("what", $"Whom is {target.Name} to be kept from? Name addresses, methods, paths or headers.");
            else if (deny) draft.Refuse($"Denying everything on {target} would shut everybody out; say which addresses, methods, paths or headers.");
            else draft.Ask("who", $"Who may reach {target.Name}? Name addresses, methods, paths or headers.");
            return;
        }
        if ((all is { Concept: Concept.Everyone } || AuthorizationDoubts.IsFromAll(phrase) || !only && AuthorizationOpening.Says(phrase)) && cidrs.Count == 0 && !deny)
        {
            draft.Ask("who", $"An allow list shuts out all that it does not name. Who may reach {target.Name}?");
            return;
        }
        var rule = new AuthorizationRuleSpec
        {
            Cidrs = [.. cidrs],
            Methods = [.. methods],
            Paths = [.. paths.Select(Conditions.PathOf)],
            Headers = [.. headers],
        };
        // What is let in as well becomes one more rule of the list that stands.
        if (!deny && (only || except is not null || !draft.Standing(Kind, target).Exists(d => d.Spec is AuthorizationSpec { Action: AuthorizationEffect.Allow, Shadow: false, Target.Matches.IsEmpty: true })))
        {
            if (AuthorizationNarrowing.Of(target, rule, phrase, draft) is not { } narrowed) return;
            (target, rule) = narrowed;
        }
        if (deny && AuthorizationReplacing.Narrow(phrase, draft, target, rule)) return;
        Put(draft, target, only && !deny, deny ? AuthorizationEffect.Deny : AuthorizationEffect.Allow, shadow, rule, grants || phrase.Tokens.Any(t => t.Concept == Concept.Too && t.Value is "too" or "as well" or "in addition"));
    }

    private void Put(Draft draft, Target target, bool only, AuthorizationEffect action, bool shadow, AuthorizationRuleSpec rule, bool besides)
    {
        var standing = draft.Current(Kind, target, false, out var asked, s => s is AuthorizationSpec o && o.Action == action && o.Shadow == shadow);
        if (asked) return;
        if (standing?.Spec is AuthorizationSpec other && other.Action != action)
        {
            draft.Ask("standing", $"{standing.Name} {(other.Action == AuthorizationEffect.Deny ? "denies" : "allows")}. What of {string.Join(" and ", rule.Cidrs)}?");
            return;
        }
        // "as well", where nobody needs leave yet: a list would shut all others out.
        if (action == AuthorizationEffect.Allow && !only && standing is null && besides)
        {
            draft.Ask("who", $"Everybody may do that on {target.Name} now. Is nobody else to be let in any more?", rule.Cidrs.IsEmpty || !target.Matches.IsEmpty ? [] : [$"only {string.Join(" and ", rule.Cidrs)} may reach {target.Name}"]);
            return;
        }
        var denied = action == AuthorizationEffect.Allow && rule.Cidrs.Length > 0
            ? draft.Standing(Kind, target).FirstOrDefault(d => d.Spec is AuthorizationSpec { Action: AuthorizationEffect.Deny, Shadow: false } s && s.Rules.Any(r => AuthorizationLifting.IsAddressesOnly(r) && rule.Cidrs.Any(c => r.Cidrs.Any(o => o.Contains(c))))) : null;
        if (denied is not null)
        {
            draft.Ask("standing", $"{denied.Name} denies that, and a deny beats every allow. Unblock it, or only allow it?");
            return;
        }
        var old = standing?.Spec as AuthorizationSpec;
        // "narrow it to 10.1.2.0/24": only those, and no longer those around them.
        if (only && old is not null && AuthorizationLifting.IsAddressesOnly(rule) && old.Rules.All(AuthorizationLifting.IsAddressesOnly) && old.Rules.SelectMany(r => r.Cidrs).ToList() is var stood && !stood.TrueForAll(c => rule.Cidrs.Contains(c)))
        {
            if (rule.Cidrs.All(c => stood.Exists(o => o.Contains(c)))) draft.PutOver(standing, old with { Rules = [rule] }, "allow");
            else draft.Ask("standing", $"{string.Join(" and ", stood)} may reach {target.Name} now. Are the new addresses let in as well, or instead?", ["as well", "instead"]);
            return;
        }
        // "callers must send x-token", where a list stands: another way in would open it wider.
        if (only && old is not null && rule.Cidrs.IsEmpty && old.Rules.Any(r => !r.Cidrs.IsEmpty))
        {
            draft.Ask("standing", $"{string.Join(" and ", old.Rules.SelectMany(r => r.Cidrs))} may reach {target.Name} now. Must they meet that too, or are others let in who do?", ["they must meet it too", "others are let in who do"]);
            return;
        }
        draft.PutOver(standing, old is null ? new AuthorizationSpec { Target = target, Action = action, Rules = [rule], Shadow = shadow } : Merge(old, rule), action == AuthorizationEffect.Deny ? "deny" : "allow");
    }

    /// <summary>"deny DELETE unless it comes from 10.0.0.0/8": but for these addresses nobody; not "block 10.0.0.0/8 except 10.1.0.0/16".</summary>
    private static bool IsOfAll(Token except, int ranges, Phrase phrase) => ranges > 0 && !phrase.Tokens.Any(t => t.Kind == TokenKind.HeaderName) && phrase.Tokens.Where(t => t.Kind == TokenKind.Cidr).ToList() is var all && all.TrueForAll(t => t.Position > except.Position)
        && phrase.Tokens.SkipWhile(t => !ReferenceEquals(t, except)).Skip(1).FirstOrDefault(t => !t.IsGlue && t.Concept != Concept.Client) is { Kind: TokenKind.Cidr };

    /// <summary>"answer 403 to 10.0.0.1": what a denied request is answered with.</summary>
    private static bool IsForbidden(Token token) => token is { Kind: TokenKind.Number, Text: "403" };

    private static Token? CutsOff(IReadOnlyList<Token> tokens) => tokens.FirstOrDefault(t => t.Concept == Concept.Timeout && t.Value.StartsWith("cut", StringComparison.Ordinal) && t.Value.EndsWith("off", StringComparison.Ordinal));

    /// <summary>"nobody may DELETE orders".</summary>
    private static Token? Nobody(IReadOnlyList<Token> tokens)
    {
        var at = tokens.ToList().FindIndex(t => t is { Concept: Concept.Not, Value: "nobody" or "no one" or "no-one" } or { Kind: TokenKind.Number, Value: "no" });
        return at >= 0 && tokens.Skip(at + 1).FirstOrDefault(t => t.Concept != Concept.Filler) is { Concept: Concept.Method } || at >= 0 && tokens.Has(TokenKind.Cidr) && tokens[at].Kind == TokenKind.Number && tokens.Skip(at + 1).FirstOrDefault(t => t.Concept != Concept.Filler) is { Kind: TokenKind.Service } or { Concept: Concept.Request } && !tokens.Has(TokenKind.Rate) ? tokens[at] : null;
    }

    /// <summary>One more rule; or more addresses in a rule that has nothing but addresses, more methods in one that has nothing but methods.</summary>
    private static AuthorizationSpec Merge(AuthorizationSpec old, AuthorizationRuleSpec rule)
    {
        var text = JsonWriter.Write(rule).ToJsonString();
        if (old.Rules.Any(r => JsonWriter.Write(r).ToJsonString() == text)) return old;
        var plain = old.Rules.FirstOrDefault(AuthorizationLifting.IsAddressesOnly);
        return AuthorizationLifting.IsAddressesOnly(rule) && plain is not null
            ? old with { Rules = old.Rules.Replace(plain, plain with { Cidrs = [.. plain.Cidrs.Union(rule.Cidrs)] }) }
            : old with { Rules = old.Rules.Add(rule) };
    }
}
