using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>"for the next two hours", "until Friday 18:00 UTC": when what a clause says ends.</summary>
internal static class Ending
{
    /// <summary>An hour is no time-out of a request: durations this long after "for" are how long a policy holds.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    /// <summary>Null where the clause does not say.</summary>
    public static DateTimeOffset? Of(Phrase phrase, Draft draft)
    {
        if (phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Time) is { } time && Opener(phrase, time) is { } until)
        {
            phrase.Mark(time);
            phrase.Mark(until);
            return time.Time;
        }
        var span = phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Duration && Holds(phrase, t));
        if (span is null) return null;
        phrase.Mark(span);
        foreach (var word in phrase.Free.Where(t => t.Concept is Concept.Until or Concept.Next && t.Position < span.Position).ToList()) phrase.Mark(word);
        phrase.Take(Concept.Temporary);
        if (phrase.After(span) is { Value: "long" } lasting) phrase.Mark(lasting);
        return draft.Now + span.Duration;
    }

    /// <summary>Whether a time is how long something holds, and nothing of a request: "for the next two hours".</summary>
    public static bool IsSpan(IReadOnlyList<Token> tokens, int at)
    {
        if (tokens[at].Kind != TokenKind.Duration || tokens[at].Duration < Shortest) return false;
        var before = at - 1;
        while (before >= 0 && tokens[before].Concept is Concept.Filler) before--;
        if (before < 0) return false;
        if (tokens[before].Concept is Concept.Next or Concept.Until) return true;
        return tokens[before] is { Concept: Concept.Preposition, Value: "for" or "during" or "over" } && (before == 0 || tokens[before - 1] is not ({ Concept: Concept.Idle or Concept.Wait } or { Value: "run" or "runs" or "running" or "last" or "lasts" or "hang" or "live" }));
    }

    /// <summary>It begins with the time: what follows in other clauses ends then too.</summary>
    public static bool Leads(Phrase phrase) => phrase.Tokens.FirstOrDefault(t => !t.IsGlue && t.Concept is not (Concept.Until or Concept.Next)) is { } first && (first.Kind == TokenKind.Time || first.Kind == TokenKind.Duration && Holds(phrase, first));

    /// <summary>"lift it again after 6 hours": nothing but that what was said ends then; null for anything else.</summary>
    public static DateTimeOffset? Closes(Phrase phrase, Draft draft)
    {
        var said = phrase.Tokens.Where(t => !t.IsGlue).ToList();
        if (said.Count(t => t.Kind == TokenKind.Duration) != 1 || said.Find(t => t.Kind == TokenKind.Duration) is not { } span || !phrase.Tokens.Any(t => t.Value is "after" or "in" && t.Position < span.Position)) return null;
        var ends = said.Exists(t => t.Concept is Concept.Stop or Concept.Undo or Concept.Back) && said.TrueForAll(t => t.Kind == TokenKind.Duration || t.Concept is Concept.Stop or Concept.Undo or Concept.Back or Concept.It or Concept.Off);
        return ends && (said.Exists(t => t.Concept is Concept.It or Concept.Undo) || phrase.Tokens.Any(t => t.Value is "that" or "this")) ? draft.Now + span.Duration : null;
    }

    private static Token? Opener(Phrase phrase, Token time)
    {
        for (var token = phrase.Before(time); token is not null && (token.Concept is Concept.Until || token.IsGlue); token = phrase.Before(token))
            if (token.Concept == Concept.Until) return token;
        return null;
    }

    private static bool Holds(Phrase phrase, Token span)
    {
        var governor = phrase.Governor(span);
        // "each try ends after 2s": no policy holds for so short a time.
        if (span.Duration < Shortest && governor?.Concept != Concept.Next && phrase.Tokens.Any(t => t.Concept == Concept.Until && t.Position < span.Position)) return false;
        // "for at most 5 minutes" bounds requests; "for 503s" is a status.
        if (phrase.Before(span) is { Concept: Concept.AtMost } || span.Text.Length == 4 && span.Text[0] is '4' or '5' && span.Text[3] == 's') return false;
        if (governor is { Concept: Concept.Next }) return true;
        // "idle for 2 minutes", "run for 2 minutes": how long a request may be so.
        if (governor is { Concept: Concept.Preposition, Value: "for" } during && phrase.Governor(during) is { Concept: Concept.Idle or Concept.Wait } or { Value: "run" or "runs" or "running" or "last" or "lasts" or "hang" }) return false;
        // "…, ten minutes long".
        if (span.Duration >= Shortest && phrase.After(span) is { Value: "long" } && phrase.Before(span) is null or { Kind: TokenKind.Punctuation }) return true;
        // "temporarily …, ten minutes only".
        if (span.Duration >= Shortest && phrase.Has(Concept.Temporary) && phrase.Tokens.Count(t => t.Kind == TokenKind.Duration) == 1 && phrase.Before(span) is { Kind: TokenKind.Punctuation } && !phrase.Has(Concept.Timeout)) return true;
        if (governor is { Concept: Concept.Preposition, Value: "in" or "after" or "for" } opener && phrase.Governor(opener) is { Concept: Concept.Until } until) return !(until.Value.StartsWith("expire", StringComparison.Ordinal) && phrase.Before(until) is { Concept: Concept.Request });
        if (governor is { Concept: Concept.Until }) return true;
        return span.Duration >= Shortest && governor is { Concept: Concept.Preposition, Value: "for" };
    }
}
