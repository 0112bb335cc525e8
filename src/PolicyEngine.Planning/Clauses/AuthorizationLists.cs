using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies.Authorizations;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"add 203.0.113.0/24 to orders-blocklist", "take 10.1.0.0/16 off kyc-office": a policy that is called by its name says itself whether it denies or allows.</summary>
internal static class AuthorizationLists
{
    public static AuthorizationSpec? Named(Phrase phrase, Draft draft) =>
        phrase.Free.Where(t => t.Kind == TokenKind.Document).ToList() is [var name] && draft.Named(name.Value).ToList() is [{ Spec: AuthorizationSpec spec }] ? spec : null;
}
