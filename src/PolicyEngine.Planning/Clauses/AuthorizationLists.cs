using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"add 203.0.113.0/24 to orders-blocklist", "take 10.1.0.0/16 off kyc-office": a policy that is called by its name says itself whether it denies or allows.</summary>
internal static class AuthorizationLists
{
    public static AuthorizationSpec? Named(Phrase phrase, Draft draft) =>
        Standing(phrase, draft) ?? (phrase.Free.Where(t => t.Kind == TokenKind.Document).ToList() is [var name] && draft.Named(name.Value).ToList() is [{ Spec: AuthorizationSpec spec }] ? spec : null);

    /// <summary>"kyc: 10.25.0.0/16 too", "add 10.25.0.0/16 to kyc": of the one list of addresses that stands there.</summary>
    private static AuthorizationSpec? Standing(Phrase phrase, Draft draft) =>
        phrase.Has(TokenKind.Cidr) && (phrase.Has(Concept.Too) || phrase.Free.Any(t => t.Concept == Concept.Set && t.Value == "add")) && !phrase.Has(Concept.Stop) && !phrase.Tokens.Any(t => t.Concept == Concept.Not)
        && phrase.Free.Where(t => t.Kind is TokenKind.Service or TokenKind.Document or TokenKind.HeaderName or TokenKind.Path || t.Concept == Concept.Method).ToList() is [{ Kind: TokenKind.Service } service]
        && draft.Standing(Kinds.Authorization, Policies.Targets.Target.OfService(service.Value)) is [{ Spec: AuthorizationSpec { Shadow: false, Rules: [var rule] } spec }] && AuthorizationLifting.IsAddressesOnly(rule) ? spec : null;
}
