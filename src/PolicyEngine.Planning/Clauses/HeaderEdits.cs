using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Headers;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Clauses;

/// <summary>What a policy does to headers: of which it speaks, with more of it, and with less.</summary>
internal static class HeaderEdits
{
    /// <summary>"withdraw the x-frame-options setting", "the x-env rule can go", "lift x-frame-options": the edit goes, and not the header.</summary>
    public static bool Withdraws(Phrase phrase, Token? verb)
    {
        if (verb?.Concept != Concept.Stop) return false;
        if (verb.Value.Split(' ')[0] is var said && Verbs.Any(v => said.StartsWith(v, StringComparison.Ordinal))) return true;
        return phrase.Tokens.Any(t => t.Value is "rule" or "rules" or "setting" or "settings" or "edit" or "edits" or "override" or "overrides" or "policy" && (phrase.Before(t) is { Kind: TokenKind.HeaderName } || phrase.Before(t) is { Concept: Concept.Header } || phrase.Tokens.Any(n => n.Kind == TokenKind.HeaderName && n.Position > t.Position && phrase.Governor(n) is { Value: "for" or "of" or "on" })));
    }

    private static readonly string[] Verbs = ["withdr", "lift", "revoke", "rescind", "repeal", "retract"];

    /// <summary>Without what stands of these headers; a question where nothing does, or on both sides.</summary>
    public static void Withdraw(Draft draft, Document? standing, IReadOnlyList<string> headers, bool? response, Target target)
    {
        var rest = standing?.Spec as HeadersSpec;
        foreach (var header in headers)
        {
            var (asked, answered) = (response != true && Touches(rest?.Request, header), response != false && Touches(rest?.Response, header));
            if (asked == answered)
            {
                draft.Ask("standing", $"Nothing that stands says just one thing of {header} on {target.Name}. What is to be changed?");
                return;
            }
            rest = asked ? rest! with { Request = Without(rest.Request, header) } : rest! with { Response = Without(rest.Response, header) };
        }
        if (rest is { Request: null, Response: null }) draft.Remove(standing!);
        else draft.Put(standing!.With(rest!));
    }

    public static bool Touches(HeaderEditsSpec? edits, string header) => Adds(edits, header) || edits?.Remove.Contains(header, StringComparer.OrdinalIgnoreCase) == true;

    public static bool Adds(HeaderEditsSpec? edits, string header) => edits is not null && edits.Set.Concat(edits.Add).Concat(edits.Append).Any(h => h.Name.Equals(header, StringComparison.OrdinalIgnoreCase));

    public static HeaderEditsSpec? Without(HeaderEditsSpec? edits, string header)
    {
        if (edits is null) return null;
        var rest = edits with { Set = edits.Set.RemoveAll(Is), Add = edits.Add.RemoveAll(Is), Append = edits.Append.RemoveAll(Is), Remove = edits.Remove.RemoveAll(n => n.Equals(header, StringComparison.OrdinalIgnoreCase)) };
        return rest.Set.IsEmpty && rest.Add.IsEmpty && rest.Append.IsEmpty && rest.Remove.IsEmpty ? null : rest;

        bool Is(HeaderValueSpec value) => value.Name.Equals(header, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The later word on a header replaces the earlier one.</summary>
    public static HeaderEditsSpec Merge(HeaderEditsSpec? old, HeaderEditsSpec now)
    {
        if (old is null) return now;
        var names = now.Set.Concat(now.Add).Concat(now.Append).Select(h => h.Name).Concat(now.Remove).Select(n => n.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        bool Kept(string name) => !names.Contains(name.ToLowerInvariant());
        return new HeaderEditsSpec
        {
            Set = [.. old.Set.Where(h => Kept(h.Name)), .. now.Set],
            Add = [.. old.Add.Where(h => Kept(h.Name)), .. now.Add],
            Append = [.. old.Append.Where(h => Kept(h.Name)), .. now.Append],
            Remove = [.. old.Remove.Where(Kept), .. now.Remove],
        };
    }
}
