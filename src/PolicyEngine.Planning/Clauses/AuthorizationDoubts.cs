using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;

namespace PolicyEngine.Planning.Clauses;

/// <summary>What says two things of who may come, of which only one would be done.</summary>
internal static class AuthorizationDoubts
{
    /// <summary>True where it was asked.</summary>
    public static bool Of(Phrase phrase, Draft draft)
    {
        var ranges = phrase.Tokens.Where(t => t.Kind == TokenKind.Cidr).ToList();
        // "10.0.0.50 may call it again, its network stays blocked": what stays is said of others.
        if (phrase.Tokens.FirstOrDefault(t => t.Concept == Concept.Deny && phrase.Before(t) is { Value: "stay" or "stays" or "remain" or "remains" or "still" or "keep" or "keeps" }) is { } stays && ranges.Count > 0 && !phrase.Tokens.Any(t => t.Concept == Concept.Deny && !ReferenceEquals(t, stays))
            && phrase.Tokens.LastOrDefault(t => t.Position < stays.Position && IsStop(t)) is { } stop && ranges.Exists(r => r.Position < stop.Position) && !ranges.Exists(r => r.Position > stop.Position))
        {
            draft.Ask("standing", $"Is {string.Join(" and ", ranges.Select(r => r.Text))} let in again while the others stay out? A list names ranges; take out the one that it names, and add what is to stay.");
            return true;
        }
        // "deny 10.1.0.0/16, and make sure that 10.1.0.0/16 can call it".
        if (ranges.GroupBy(r => r.Range).FirstOrDefault(g => g.Count() > 1) is { } twice && phrase.Tokens.Any(t => t.Position > twice.First().Position && t.Position < twice.Last().Position && (t.Concept == Concept.Separator || IsStop(t))))
        {
            draft.Ask("action", $"What of {twice.First().Text}: is it let in, or kept out?", ["let in", "kept out"]);
            return true;
        }
        var except = phrase.Tokens.FirstOrDefault(t => t.Concept == Concept.Except);
        // "closed to the outside world (inside is 10.0.0.0/8)": who is kept out?
        if (except is null && ranges.Count > 0 && phrase.Tokens.Any(t => t.Concept == Concept.Deny) && phrase.Tokens.FirstOrDefault(t => t.Concept == Concept.Everyone && t.Value is "world" or "internet" or "the public" or "whole world" or "the outside world" or "outside world") is { } world && !phrase.Tokens.Any(t => t.Concept == Concept.Only) && phrase.After(world)?.Value is not ("from" or "in" or "at" or "on"))
        {
            draft.Ask("who", $"Is {string.Join(" and ", ranges.Select(r => r.Text))} kept out, or the only one that is let in?", ["kept out", "let in"]);
            return true;
        }
        // "/a is off limits except for 10.0.0.0/8 and /a/ping".
        if (except is not null && ranges.Exists(r => r.Position > except.Position) && phrase.Tokens.Any(t => t.Kind == TokenKind.Path && t.Position < except.Position) && phrase.Tokens.Any(t => t.Kind == TokenKind.Path && t.Position > except.Position))
        {
            draft.Ask("action", "Who may do what? Say it in a sentence each.");
            return true;
        }
        // "only 10.0.0.0/8 may reach it, /health was open to all".
        if (except is null && ranges.Count > 0 && phrase.Tokens.Any(t => t.Kind == TokenKind.Path) && phrase.Tokens.Any(t => t.Concept == Concept.Only) && !phrase.Tokens.Any(t => t.Concept == Concept.Deny) && (IsFromAll(phrase) || phrase.Tokens.Any(t => t.Concept == Concept.Everyone) || AuthorizationOpening.Says(phrase)))
        {
            draft.Ask("action", "Who may do what? Say it in a sentence each.");
            return true;
        }
        // "the one thing 10.0.0.0/8 is allowed is /reports".
        if (ranges.Count > 0 && phrase.Tokens.Any(t => t.Kind == TokenKind.Path || t.Concept == Concept.Method) && phrase.Tokens.Any(t => t.Value is "one thing" or "only thing" or "only path" or "only method"))
        {
            draft.Ask("only", $"Is nothing else open to {string.Join(" and ", ranges.Select(r => r.Text))}, or is it open to nobody else?");
            return true;
        }
        return false;
    }

    /// <summary>"GET from all and POST from 10.0.0.0/8".</summary>
    public static bool IsFromAll(Phrase phrase) => phrase.Tokens.Any(t => t.Value is "all" or "everywhere" or "anywhere" && phrase.Before(t) is { } before && (before.Value is "from" or "for" or "to" or "by" || before.Value.EndsWith(" for", StringComparison.Ordinal) || before.Value.EndsWith(" to", StringComparison.Ordinal)) && phrase.After(t) is null or { Kind: TokenKind.Punctuation } or { Concept: Concept.Separator });

    private static bool IsStop(Token token) => token.Kind == TokenKind.Punctuation && token.Text is "," or ";" or "." or "–" or "—" or "-";
}
