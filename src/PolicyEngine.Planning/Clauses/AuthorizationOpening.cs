using System.Collections.Frozen;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"only 10.0.0.0/8 may reach kyc, /kyc/status is open to all": of what a list guards, one part is nobody's business but the path's own.</summary>
internal static class AuthorizationOpening
{
    private static readonly FrozenSet<string> Opens = FrozenSet.Create(StringComparer.Ordinal, "open", "open to", "open for", "opened to", "reachable", "accessible", "available", "public", "callable", "free", "free for", "reach", "access", "exempt", "exempted", "spared", "alone");
    private static readonly FrozenSet<string> All = FrozenSet.Create(StringComparer.Ordinal, "all", "public", "exempt", "exempted", "spared", "alone");
    private static readonly FrozenSet<string> Stays = FrozenSet.Create(StringComparer.Ordinal, "stay", "stays", "remain", "remains", "keep", "keeps", "leave", "leaves", "continue", "continues");

    /// <summary>The clause without what it says to be open, and that; null where it says nothing of the kind.</summary>
    public static (Phrase Guarded, List<Token> Open)? Split(Phrase phrase)
    {
        var tokens = phrase.Tokens;
        if (!tokens.Any(t => t.Kind == TokenKind.Path)) return null;
        for (var start = 0; start < tokens.Count; start++)
        {
            if (start > 0 && !IsJoint(tokens[start - 1])) continue;
            var end = start;
            while (end < tokens.Count && !(IsJoint(tokens[end]) && !(tokens[end].Concept == Concept.Separator && tokens.ElementAtOrDefault(end + 1) is { Kind: TokenKind.Path } && end > start && tokens[end - 1].Kind == TokenKind.Path))) end++;
            var part = tokens.Skip(start).Take(end - start).ToList();
            if (!IsOpen(part)) continue;
            List<Token> rest = [.. tokens.Take(start), .. tokens.Skip(end)];
            if (rest.Exists(t => !t.IsGlue && !IsJoint(t)) && !rest.Exists(t => t.Kind == TokenKind.Cidr) || rest.Exists(t => t.Kind == TokenKind.Path)) continue;
            return (new Phrase(rest), part);
        }
        return null;
    }

    /// <summary>One more rule of the list: whoever comes, comes to that path.</summary>
    public static void Add(List<Token> open, Document? list, Draft draft)
    {
        var paths = open.Where(t => t.Kind == TokenKind.Path).ToList();
        var named = string.Join(" and ", paths.Select(t => t.Text));
        if (list is not { Spec: AuthorizationSpec { Action: AuthorizationEffect.Allow, Target.Matches.IsEmpty: true } spec } || Scoping.Routed(paths, draft) is { } of && (of.Scope, of.Name) != (spec.Target.Scope, spec.Target.Name))
        {
            draft.Ask("who", $"Nothing that stands keeps anybody from {named}. What is to be open?");
            return;
        }
        draft.Put(list.With(spec with { Rules = spec.Rules.Add(new AuthorizationRuleSpec { Paths = [.. paths.Select(Conditions.PathOf)] }) }));
    }

    /// <summary>The list that stands over these paths; null where none does, or several.</summary>
    public static Document? Standing(List<Token> open, Draft draft) =>
        (Scoping.Routed([.. open.Where(t => t.Kind == TokenKind.Path)], draft) ?? draft.Target) is { } target && draft.Standing(Kinds.Authorization, target).Where(d => d.Spec is AuthorizationSpec { Action: AuthorizationEffect.Allow, Shadow: false }).ToList() is [var list] ? list : null;

    private static bool IsOpen(List<Token> part) =>
        part.Exists(t => t.Kind == TokenKind.Path) && !part.Exists(t => t.Value is "was" or "were" or "been" or "had" or "used" or "would" or "could" or "might") && part.Exists(t => Opens.Contains(t.Value)) && part.Exists(t => t.Concept == Concept.Everyone || All.Contains(t.Value) || Stays.Contains(t.Value)) && part.TrueForAll(t => t.Kind is TokenKind.Path or TokenKind.Punctuation || t.Kind == TokenKind.Word
            && (t.IsGlue || Opens.Contains(t.Value) || All.Contains(t.Value) || Stays.Contains(t.Value) || t.Concept is Concept.Everyone or Concept.Path or Concept.Set or Concept.Undo or Concept.Same or Concept.Fully or Concept.Client or Concept.User && t.Value is not ("only")));

    /// <summary>"GET /accounts stays open".</summary>
    public static bool Says(Phrase phrase) => phrase.Tokens.Any(t => Stays.Contains(t.Value)) && phrase.Tokens.Any(t => t.Value != "alone" && Opens.Contains(t.Value));

    /// <summary>Nothing but what joins.</summary>
    public static bool IsBare(Phrase phrase) => phrase.Tokens.All(t => t.IsGlue || IsJoint(t));

    private static bool IsJoint(Token token) => token.Kind == TokenKind.Punctuation && token.Text is "," or ";" or "." or "(" or ")" or "–" or "—" or "-" or "!" || token.Concept == Concept.Separator || token.Value is "but" or "while" or "whereas" or "though" or "although" or "yet";
}
