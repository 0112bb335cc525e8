using System.Collections.Immutable;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Retries;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"two retries on 5xx", "retry checkout twice with a 500ms per-try timeout", "stop retrying search", "one retry more".</summary>
internal sealed class RetryClause : IClause
{
    private const int Most = 10;

    public Kind Kind => Kinds.Retry;

    public int Recognises(IReadOnlyList<Token> tokens) => tokens.Has(Concept.Retry) ? 55 : tokens.Any(t => t is { Concept: Concept.Times, Value: "more tries" or "more try" or "more attempts" or "extra tries" or "extra attempts" or "attempts more" or "tries more" or "further tries" or "further attempts" or "additional tries" or "additional attempts" }) && !tokens.Has(TokenKind.Rate) ? 53 : tokens.Has(Concept.PerTry) || tokens.Has(Concept.BackOff) ? 54 : 0;

    public void Apply(Phrase phrase, Draft draft)
    {
        var times = phrase.Tokens.Any(t => t.Concept == Concept.Times && t.Value.Contains(' '));
        var counts = phrase.Free.Any(t => t.Kind == TokenKind.Number && t.Number is > 0 and < 100);
        var never = !counts && !phrase.Has(Concept.Stop) && (phrase.TakeNone(Concept.Retry) || phrase.TakeNot(Concept.Retry) || phrase.Take(t => t is { Kind: TokenKind.Number, Value: "zero" or "0" }) is not null);
        // "no per-try limit", "drop the back-off": of the one thing, and not of the retries.
        var untimed = phrase.TakeNone(Concept.PerTry);
        var unwaited = phrase.TakeNone(Concept.BackOff) || phrase.Has(Concept.Stop) && phrase.Has(Concept.BackOff) && !phrase.Has(TokenKind.Duration) && !phrase.Has(Concept.Retry) && !phrase.Has(Concept.PerTry);
        if (unwaited) phrase.TakeAll(Concept.BackOff);
        var backOff = BackOff(phrase);
        var tries = PerTry(phrase);
        var perTry = tries?.To?.Duration;
        // "needs no retries any more".
        if (phrase.Has(Concept.Stop)) phrase.TakeNone(Concept.Retry);
        var change = Adjustment.Of(phrase, Concept.Retry);
        var further = times && (change == Change.Raise || phrase.Tokens.Any(t => t.Concept == Concept.Times && t.Value is "more tries" or "more attempts" or "tries more" or "attempts more" or "extra tries" or "extra attempts" or "further tries" or "further attempts" or "additional tries" or "additional attempts"));
        if (further) change = Change.None;
        var (on, codes) = RetryReasons.Of(phrase);
        if (codes.Count > 0 && phrase.Has(Concept.If)) phrase.TakeAll(Concept.Timeout);
        if (backOff is not null) phrase.TakeAll(Concept.Wait);
        var besides = phrase.Has(Concept.Too) || draft.Last?.Spec is RetrySpec && phrase.Tokens is [{ Value: "and" or "plus" }, ..];
        phrase.TakeAll(Concept.Retry, Concept.Times, Concept.Set, Concept.Abort, Concept.Failing, Concept.If, Concept.AtMost, Concept.Limit, Concept.Back, Concept.Instead, Concept.It, Concept.Answer, Concept.Response, Concept.Allow, Concept.Fully, Concept.Only);
        phrase.Take(t => t.Value == "new");
        // "retries should also cover 5xx", "each try may take 1s": what takes or covers is the retry.
        if (on.Count + codes.Count > 0 || perTry is not null) phrase.Take(t => t.Concept == Concept.Send && t.Value is "cover" or "covers" or "handle" or "take" or "takes" or "run" or "see" || t.Value is "happen" or "happens" or "apply" or "kick" || t.Concept == Concept.Present && t.Value is "include" or "includes");
        // "when a gateway error comes", "when 5xx comes back".
        if (on.Count + codes.Count > 0) phrase.Take(t => t.Kind == TokenKind.Word && t.Value is "come" or "comes" or "came" or "occur" or "occurs" or "arise" or "arises" or "appear" or "appears" or "surface" or "surfaces");
        var amounts = Amounts.Of(phrase, TokenKind.Number);
        if (on.Count + codes.Count > 1) phrase.TakeOr();
        if (Scoping.TargetOf(phrase, draft, "Retries") is not { } target) return;
        var standing = draft.Current(Kind, target, change != Change.None, out var asked);
        if (asked) return;
        var old = standing?.Spec as RetrySpec;
        // "two tries more": more than stand.
        if (further && old is not null && amounts is { To: { } extra, By: null, From: null }) (change, amounts) = (Change.Raise, new Amounts(null, null, extra));
        if (change == Change.Remove && (perTry is not null || phrase.Tokens.Any(t => t.Concept == Concept.PerTry)) && !phrase.Tokens.Any(t => t.Concept == Concept.Retry))
        {
            if (old?.PerTryTimeout is null) draft.Ask("standing", $"No time-out per try is set for {target}. What is to be removed?");
            else draft.PutOver(standing, old with { PerTryTimeout = null }, "retry");
            return;
        }
        if ((untimed || unwaited) && amounts.To is null && on.Count + codes.Count == 0 && !phrase.Tokens.Any(t => t.Concept == Concept.Retry))
        {
            if (untimed && old?.PerTryTimeout is null || unwaited && old?.BackOff is null) draft.Ask("standing", $"No {(untimed ? "time-out per try" : "back-off")} is set for {target}. What is to be removed?");
            else draft.PutOver(standing, old! with { PerTryTimeout = untimed ? null : old.PerTryTimeout, BackOff = unwaited ? null : old.BackOff }, "retry");
            return;
        }
        // "1.5s per try instead of 1s", "halve the per-try timeout": of the one try, and not of how many.
        // "orders retries: double the per-try time-out": what stands behind the verb is what is changed.
        var governed = phrase.Tokens.Any(t => t.Concept is Concept.Double or Concept.Halve or Concept.Triple or Concept.Raise or Concept.Lower && phrase.Tokens.FirstOrDefault(n => n.Position > t.Position && n.Concept != Concept.Filler) is { Concept: Concept.PerTry });
        var ofTry = tries is not null && (governed || !phrase.Tokens.Any(t => t.Concept == Concept.Retry)) && amounts is { To: null, From: null, By: null };
        if (ofTry && change is not (Change.None or Change.Remove) || tries is { From: not null } or { By: not null })
        {
            if (tries is { To: null, From: null, By: null } && change is Change.Raise or Change.Lower)
            {
                StandingUnits.Durations(phrase, old?.PerTryTimeout);
                tries = Amounts.Of(phrase, TokenKind.Duration);
            }
            var asks = draft.Questions.Count;
            var span = Adjustment.Apply(change, Of(tries!.To), Of(tries.From), Of(tries.By), null, old?.PerTryTimeout is { } was ? (decimal)was.TotalMilliseconds : null, draft, $"The time-out per try of {target.Name}", m => Ir.Duration.Format(TimeSpan.FromMilliseconds((long)m)), phrase.Factor);
            if (span is null && draft.Questions.Count == asks) draft.Ask("duration", $"How long may each try of {target.Name} take?", ["250ms", "500ms", "1s"]);
            if (span is null || draft.Questions.Count > asks) return;
            perTry = TimeSpan.FromMilliseconds((long)span.Value);
            if (ofTry) change = Change.None;
        }
        var above = draft.Of(Kind).Any(d => d.Spec is TargetedSpec { Target.Scope: Scope.Gateway or Scope.Fleet });
        if (change == Change.Remove && !(standing is null && above))
        {
            if (standing is null) draft.Ask("standing", $"No retries are set for {target}. What is to be removed?");
            else if (on.Count + codes.Count > 0) RetryReasons.Without(draft, standing, old!, on, codes);
            else if (amounts.To is { } said && said.Number != old!.Attempts) draft.Ask("standing", $"{target.Name} is tried again {old.Attempts} times, not {said.Text}. Are the retries to go?");
            else draft.Remove(standing);
            return;
        }
        if (never && on.Count + codes.Count > 0)
        {
            draft.Ask("standing", $"Is {target.Name} not to be tried again at all, or only not on {string.Join(" and ", on.Concat(codes.Select(c => $"{c}")))}?");
            return;
        }
        if (never || change == Change.Remove)
        {
            draft.PutOver(standing, (old ?? new RetrySpec { Target = target, Attempts = 0 }) with { Attempts = 0 }, "retry");
            return;
        }
        if (new[] { amounts.To, amounts.By, amounts.From }.Any(t => t is not null && t.Number != decimal.Truncate(t.Number)))
        {
            draft.Ask("attempts", "Retries are whole. How many?", ["1", "2", "3"]);
            return;
        }
        if (amounts.To is { Value: "no" } none && !never && phrase.After(none) is not { Concept: Concept.Request or Concept.Method } && phrase.After(none, 2) is not { Concept: Concept.Request })
        {
            draft.Ask("attempts", $"How often is a failed request to {target.Name} tried again?", ["1", "2", "3"]);
            return;
        }
        var questions = draft.Questions.Count;
        // "cut the retries by a third", "… to a third".
        decimal? left = null;
        var part = amounts is { To: null, By: null, From: null } && old is not null ? Adjustment.PartOf(phrase, change, out left) : null;
        if (left is not null) change = Change.Double;
        var attempts = Adjustment.Apply(change, amounts.To?.Number, amounts.From?.Number, amounts.By?.Number, part, old?.Attempts, draft, $"The number of retries of {target.Name}", n => $"{n:0.#}", left ?? phrase.Factor);
        if (draft.Questions.Count > questions) return;
        // "another chance", "a second attempt": one.
        if (attempts is null && old is null && phrase.Tokens.Any(t => t.Concept == Concept.Retry && t.Value.Split(' ')[0] is "another" or "second" || t.Concept == Concept.Retry && (t.Value.StartsWith("a second", StringComparison.Ordinal) || t.Value.Contains(" another ", StringComparison.Ordinal) || t.Value.EndsWith("once more", StringComparison.Ordinal) || t.Value.StartsWith("one more", StringComparison.Ordinal)))) attempts = 1;
        attempts ??= old?.Attempts;
        if (attempts is null || attempts != decimal.Truncate(attempts.Value))
        {
            draft.Ask("attempts", $"How often is a failed request to {target.Name} tried again?", ["1", "2", "3"]);
            return;
        }
        if (attempts > Most)
        {
            draft.Ask("attempts", $"{attempts} retries of one request would be a storm; at most {Most} can be set. How many?", ["1", "2", "3"]);
            return;
        }
        // "also on 429" adds to what is tried again.
        if (besides && old is not null && amounts.To is null && on.Count + codes.Count > 0)
        {
            on.InsertRange(0, old.RetryOn);
            codes.InsertRange(0, old.StatusCodes);
        }
        if (backOff is { Base: null } && old?.BackOff is null)
        {
            draft.Ask("backoff", $"How long is the first wait between tries of {target.Name}?", ["25ms", "50ms", "100ms"]);
            return;
        }
        // "on /export only one": of those the number is another, and the rest of it is as of all.
        var rest = old ?? (target.Matches.IsEmpty || on.Count + codes.Count > 0 ? null : draft.Standing(Kind, target with { Matches = [] }) is [{ Spec: RetrySpec all }] ? all : null);
        draft.PutOver(standing, new RetrySpec
        {
            Target = old?.Target ?? target,
            Priority = old?.Priority ?? 0,
            Attempts = (int)attempts,
            RetryOn = on.Count == 0 && codes.Count == 0 ? rest?.RetryOn ?? ["5xx"] : [.. on.Distinct()],
            StatusCodes = on.Count == 0 && codes.Count == 0 ? rest?.StatusCodes ?? [] : [.. codes.Distinct()],
            PerTryTimeout = untimed ? null : perTry ?? rest?.PerTryTimeout,
            BackOff = unwaited ? null : Waiting(backOff, rest?.BackOff),
        }, "retry");
    }

    private static decimal? Of(Token? token) => token is null ? null : (decimal)token.Duration.TotalMilliseconds;

    /// <summary>The durations at "per try"; the word time-out belongs to them.</summary>
    private static Amounts? PerTry(Phrase phrase)
    {
        // "retry 3x, 150ms each".
        if (!phrase.Has(Concept.PerTry) && phrase.Has(Concept.Retry) && phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Duration && phrase.After(t) is { Value: "each" or "apiece" } && phrase.After(t, 2) is null or { Kind: TokenKind.Punctuation }) is { } apiece)
        {
            phrase.Mark(apiece);
            phrase.Mark(phrase.After(apiece)!);
            return new Amounts(apiece, null, null);
        }
        if (!phrase.Take(Concept.PerTry)) return null;
        phrase.TakeAll(Concept.Timeout, Concept.Wait, Concept.Limit);
        // "each try may last 400ms".
        if (phrase.Has(TokenKind.Duration)) phrase.Take(t => t.Value is "last" or "lasts" or "take" or "takes" or "run" or "runs" or "live" && t.Kind == TokenKind.Word);
        return Amounts.Of(phrase, TokenKind.Duration);
    }

    /// <summary>"backing off 100ms", "with a backoff of 50ms up to 1s".</summary>
    private static (TimeSpan? Base, TimeSpan? Max)? BackOff(Phrase phrase)
    {
        if (phrase.Free.FirstOrDefault(t => t.Concept == Concept.BackOff) is not { } word) return null;
        var behind = phrase.Free.Where(t => t.Kind == TokenKind.Duration && t.Position > word.Position).ToList();
        var just = phrase.Before(word) is { Kind: TokenKind.Duration } beside && !phrase.IsTaken(beside) ? beside : null;
        if (just is not null) behind.Insert(0, just);
        var first = behind.FirstOrDefault() ?? phrase.Free.LastOrDefault(t => t.Kind == TokenKind.Duration);
        // Without a duration the word is left, and asked about.
        if (first is null) return null;
        phrase.Mark(word);
        phrase.Mark(first);
        phrase.Take(t => t.Value is "between them" or "in between");
        // "beginning at 50ms".
        phrase.Take(t => t.Value is "beginning" or "begins" or "begin" or "growing" or "grow" or "grows" or "starting" or "starts");
        var longest = behind.Count > 1 && !phrase.Has(Concept.PerTry) ? behind[1] : null;
        if (longest is not null) phrase.Mark(longest);
        // "the longest back-off 1s", "back-off up to 1s": not how long the first is.
        if (longest is null && (phrase.Before(word) is { Value: "longest" or "largest" or "biggest" or "greatest" } or { Concept: Concept.AtMost } || phrase.Tokens.Any(t => t.Value is "cap" or "caps" or "capped" && t.Position < first.Position) || phrase.Tokens.Any(t => t.Concept == Concept.AtMost && t.Position > word.Position && t.Position < first.Position)))
        {
            if (phrase.Before(word) is { } marker && marker.Value.EndsWith("est", StringComparison.Ordinal)) phrase.Mark(marker);
            return (null, first.Duration);
        }
        return (first.Duration, longest?.Duration);
    }

    /// <summary>What is not said of the waits stays, where both can be.</summary>
    private static BackOffSpec? Waiting((TimeSpan? Base, TimeSpan? Max)? said, BackOffSpec? old) => said is not { } waits ? old
        : new BackOffSpec { Base = waits.Base ?? old!.Base, Max = waits.Max ?? (old?.Max is { } most && (waits.Base is not { } first || most >= first) ? most : null) };
}
