using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Faults;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"delay 10% of search by 300ms", "abort 1% of checkout with 503", "return 500 for 1% of requests to cart", "remove the delay on search".</summary>
internal sealed class FaultClause : IClause
{
    /// <summary>A delay of every request beyond this is an outage.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public Kind Kind => Kinds.FaultInjection;

    public int Recognises(IReadOnlyList<Token> tokens) =>
        // "cart has 2s latency" says how it is.
        tokens.Any(t => t.Concept == Concept.Delay) && !tokens.Has(TokenKind.Percent) && tokens.SkipWhile(t => t.Kind != TokenKind.Service).TakeWhile(t => t.Concept != Concept.Delay).Any(t => t.Value is "has" or "have" or "had" or "shows" or "sees") && !TimeoutClause.IsAsked(tokens) && !tokens.HasAny(Concept.Set, Concept.Stop, Concept.Raise, Concept.Lower, Concept.Double, Concept.Halve) ? 0
        : IsBroken(tokens) ? 44
        : tokens.Has(Concept.Delay) || tokens.Has(Concept.Abort) ? 42
        : IsHeld(tokens) ? 43
        : tokens.HasAny(Concept.Answer, Concept.Failing) && !tokens.Has(TokenKind.Path) && (tokens.Has(TokenKind.Percent) || tokens.HasAny(Concept.Failing, Concept.Fully)) && tokens.Any(t => t.Kind == TokenKind.Number && t.Number is >= 400 and <= 599) ? 41
        : tokens.Has(Concept.Failing) && (tokens.HasAny(Concept.Stop, Concept.Off, Concept.Not, Concept.Raise, Concept.Lower, Concept.Double, Concept.Halve) || tokens.Has(TokenKind.Percent)) ? 43 : 0;

    public void Apply(Phrase phrase, Draft draft)
    {
        // "make it 500", where requests are delayed and not failed.
        if (draft.Last?.Spec is FaultInjectionSpec { Delay: { } slow, Abort: null } && !phrase.Has(Concept.Abort) && !phrase.Has(Concept.Failing) && !phrase.Has(Concept.Answer) && !phrase.Tokens.Any(t => t.Value is "with" or "status" or "code")) StandingUnits.Durations(phrase, slow.Duration);
        var status = phrase.Take(t => t.Kind == TokenKind.Number && t.Number is >= 200 and <= 599 || t.Kind == TokenKind.Duration && t.Text.Length == 4 && t.Text[0] is '4' or '5' && t.Text[3] == 's' && !phrase.Tokens.Any(o => o.Concept == Concept.Delay));
        // "500 instead of 503".
        var former = status is null ? null : phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Number && t.Number is >= 200 and <= 599 && phrase.Governor(t) is { Concept: Concept.InsteadOf });
        if (former is not null)
        {
            phrase.Mark(phrase.Governor(former)!);
            phrase.Mark(former);
        }
        var code = status is null ? (int?)null : status.Kind == TokenKind.Number ? (int)status.Number : (int)status.Duration.TotalSeconds;
        var delays = phrase.Has(Concept.Delay) || status is null && phrase.Has(TokenKind.Duration) && phrase.Free.Any(t => t.Concept == Concept.Abort && IsGeneral(t)) || status is null && IsHeld(phrase.Tokens);
        var aborts = phrase.Free.Any(t => t.Concept == Concept.Failing || t.Concept == Concept.Abort && !IsGeneral(t));
        // "drop 2% with 503" fails them; it ends nothing.
        if (IsBroken(phrase.Tokens)) phrase.TakeAll(Concept.Stop, Concept.Lower);
        aborts |= IsBroken(phrase.Tokens);
        var change = Adjustment.Of(phrase, Concept.Delay, Concept.Abort, Concept.Failing);
        if (IsHeld(phrase.Tokens)) phrase.TakeAll(Concept.Wait);
        phrase.TakeAll(Concept.Delay, Concept.Abort, Concept.Failing, Concept.Answer, Concept.Response, Concept.Set, Concept.Times, Concept.Send, Concept.Back, Concept.Instead, Concept.It, Concept.Only);
        foreach (var every in phrase.Free.Where(t => t is { Concept: Concept.Per, Value: "every" or "each" } && Enumerable.Range(1, 2).Any(i => phrase.After(t, i)?.Concept == Concept.Request)).ToList()) phrase.Mark(every);
        // "aborts up to 2%"; "a delay of up to 2s" cannot be said.
        foreach (var most in phrase.Free.Where(t => t.Concept == Concept.AtMost && phrase.After(t) is { Kind: TokenKind.Percent }).ToList()) phrase.Mark(most);
        // "cut the delay to a third": how long it is, and not how many.
        decimal? left = null;
        var less = delays && !aborts && !phrase.Has(TokenKind.Duration) && phrase.Free.Where(t => t.Kind == TokenKind.Percent).ToList() is [var fraction] && !fraction.Text.Contains('%') && !fraction.Text.Contains("percent", StringComparison.Ordinal) && phrase.PrepositionOf(fraction) is "by" or "to" && !phrase.Tokens.Any(t => t.Value is "share" or "shares" or "percentage" or "portion") ? Adjustment.PartOf(phrase, change, out left) : null;
        if (left is not null) change = Change.Double;
        var shares = Amounts.Of(phrase, TokenKind.Percent, TokenKind.Points);
        var spans = delays ? Duration(phrase, change) : new Amounts(null, null, null);
        var everything = phrase.Take(t => t.Concept is Concept.Fully or Concept.Everyone) is not null;
        phrase.TakeAll(Concept.Fully);
        // "stop the chaos", where there is one.
        if (change == Change.Remove && draft.Target is null && !phrase.Free.Any(t => t.IsEntity || t.Kind is TokenKind.Host or TokenKind.Path) && draft.Of(Kind).ToList() is [{ Spec: FaultInjectionSpec { Target: var lone } }]) draft.Target = lone;
        if (Scoping.TargetOf(phrase, draft, "Faults are injected") is not { } target) return;
        var standing = draft.Current(Kind, target, change != Change.None, out var asked);
        if (asked) return;
        var old = standing?.Spec as FaultInjectionSpec;
        if (!delays && !aborts && code is null && change != Change.Remove && old?.Delay is not null)
        {
            if (old.Abort is null || phrase.Has(TokenKind.Duration)) (delays, spans) = (true, Duration(phrase, change));
            else
            {
                draft.Ask("fault", $"Of {target.Name}: the delay or the failures?", ["delay", "failures"]);
                return;
            }
        }
        if (change == Change.Remove)
        {
            var (keepsDelay, keepsAbort) = (old?.Delay is not null && (aborts && !delays || draft.Kept.Contains(Concept.Delay)), old?.Abort is not null && (delays && !aborts || draft.Kept.Contains(Concept.Abort) || draft.Kept.Contains(Concept.Failing)));
            if (keepsDelay && keepsAbort)
            {
                draft.Ask("fault", $"Of {target.Name}: what is to go, and what is to stay?", ["delay", "failures"]);
                return;
            }
            if (standing is null || delays && !aborts && old!.Delay is null || aborts && !delays && old!.Abort is null) draft.Ask("standing", $"No {(delays ? "delay" : aborts ? "failure" : "fault")} is injected on {target}. What is to be removed?");
            else if (keepsDelay || keepsAbort) draft.PutOver(standing, keepsDelay ? old! with { Abort = null } : old! with { Delay = null }, "fault");
            else draft.Remove(standing);
            return;
        }
        if (former is not null && old?.Abort?.Status != (int)former.Number)
        {
            draft.Ask("standing", $"{target.Name} is not failed with {former.Text} now. What is to be changed?");
            return;
        }
        var questions = draft.Questions.Count;
        var oldShare = (delays ? old?.Delay?.Percentage : old?.Abort?.Percentage)?.Value;
        // "double the delay" is about how long, "halve the failures" about how many.
        // "delay twice as many requests, 10%": so many more of them, and each as long as before.
        var many = change is Change.Double or Change.Triple or Change.Halve && phrase.Tokens.Any(t => t.Value is "share" or "shares" or "percentage" or "proportion" or "portion" or "fraction" or "number" || t.Concept is Concept.Double or Concept.Triple or Concept.Halve && t.Text.Split(' ').Any(w => w.Equals("many", StringComparison.OrdinalIgnoreCase) || w.Equals("often", StringComparison.OrdinalIgnoreCase)));
        if (many && shares is { To: { } told, From: null, By: null })
        {
            var becomes = oldShare * (change == Change.Double ? phrase.Factor : change == Change.Triple ? 3m : 0.5m);
            if (becomes != told.Share.Value)
            {
                draft.Ask("amount", $"The share of {target.Name} is {oldShare ?? 0:0.####}% now. What is it to be?");
                return;
            }
            (change, many) = (Change.None, false);
        }
        var sharing = change is Change.Double or Change.Triple or Change.Halve or Change.Raise or Change.Lower && (!delays || many) && shares is { To: null, From: null, By: null };
        var silent = delays && !many && shares is { To: null, From: null, By: null };
        var part = silent ? null : sharing ? Adjustment.Apply(change, null, null, null, null, oldShare, draft, $"The share of {target.Name}", p => $"{p:0.####}%", phrase.Factor) : Adjustment.Apply(spans.To is null && spans.By is null ? change : shares.By is null ? Change.None : change, shares.To?.Share.Value, shares.From?.Share.Value, shares.By?.Share.Value, null, spans.To is null && spans.By is null && (shares.To ?? shares.By ?? shares.From) is not null ? oldShare : null, draft, $"The share of {target.Name}", p => $"{p:0.####}%", phrase.Factor);
        if (draft.Questions.Count > questions && (sharing || (shares.To ?? shares.By ?? shares.From) is not null)) return;
        if (!delays)
        {
            Abort(draft, target, standing, old, code, part ?? oldShare, everything);
            return;
        }
        questions = draft.Questions.Count;
        var oldSpan = old?.Delay is { } d ? (decimal)d.Duration.TotalMilliseconds : (decimal?)null;
        var milliseconds = Adjustment.Apply(shares.By is null && !many ? change : Change.None, Of(spans.To), Of(spans.From), Of(spans.By), less, oldSpan, draft, $"The delay of {target.Name}", m => Ir.Duration.Format(TimeSpan.FromMilliseconds((long)m)), left ?? phrase.Factor);
        if (draft.Questions.Count > questions) return;
        if ((milliseconds ?? oldSpan) is not { } span || span <= 0)
        {
            draft.Ask("duration", $"By how long are requests to {target.Name} delayed?", ["100ms", "500ms", "2s"]);
            return;
        }
        if (!Percentage.TryOf(part ?? oldShare ?? 100, out var share) || share == Percentage.Zero)
        {
            draft.Ask("share", $"What share of the requests to {target.Name} is delayed?", ["1%", "10%", "100%"]);
            return;
        }
        var delay = TimeSpan.FromMilliseconds((long)span);
        if (target.Matches.IsEmpty && share.Millionths > Percentage.Whole / 2 && (target.Scope is Scope.Gateway or Scope.Fleet || delay > Longest))
        {
            draft.Refuse($"Delaying {share} of the requests to {target} by {Ir.Duration.Format(delay)} is an outage, not a test; name a smaller share or narrow it by a header.");
            return;
        }
        draft.PutOver(standing, (old ?? new FaultInjectionSpec { Target = target }) with { Delay = new DelaySpec { Duration = delay, Percentage = share } }, "fault");
    }

    private void Abort(Draft draft, Target target, Document? standing, FaultInjectionSpec? old, int? code, decimal? part, bool everything)
    {
        if (part is null && !everything && target.Matches.IsEmpty)
        {
            draft.Ask("share", $"What share of the requests to {target.Name} is failed?", ["1%", "5%", "10%"]);
            return;
        }
        if (!Percentage.TryOf(part ?? 100, out var share) || share == Percentage.Zero)
        {
            draft.Ask("share", $"What share of the requests to {target.Name} is failed?", ["1%", "5%", "10%"]);
            return;
        }
        if (target.Matches.IsEmpty && (share == Percentage.Hundred || target.Scope is Scope.Gateway or Scope.Fleet && share.Millionths > Percentage.Whole / 2))
        {
            draft.Refuse($"Failing {share} of the requests to {target} is an outage, not a test; name a share or narrow it by a header.");
            return;
        }
        if ((code ?? old?.Abort?.Status) is not { } status)
        {
            draft.Ask("status", $"With which status are requests to {target.Name} failed?", ["500", "503"]);
            return;
        }
        draft.PutOver(standing, (old ?? new FaultInjectionSpec { Target = target }) with { Abort = new AbortSpec { Status = status, Percentage = share } }, "fault");
    }

    /// <summary>"drop 2% of search with 503", "let 5% die with a 500": a share and a status, and no version that it could be sent to.</summary>
    private static bool IsBroken(IReadOnlyList<Token> tokens)
    {
        var status = tokens.ToList().FindIndex(t => t.Kind == TokenKind.Number && t.Number is >= 400 and <= 599);
        if (status < 0 || tokens.Count(t => t.Kind == TokenKind.Percent) != 1 || tokens.Has(TokenKind.Version) || tokens.Has(TokenKind.Path) || tokens.HasAny(Concept.Retry, Concept.Failing, Concept.Mirror, Concept.Undo, Concept.Off) || tokens.Has(TokenKind.Rate)) return false;
        var stop = tokens.ToList().FindIndex(t => t.Concept is Concept.Stop);
        return stop < 0 ? tokens.Take(status).LastOrDefault() is { Value: "with" or "a" or "get" or "return" } or { Kind: TokenKind.Percent } || tokens.Has(Concept.Abort) || tokens.Take(status).LastOrDefault() is null or { Kind: TokenKind.Punctuation } && tokens.ElementAtOrDefault(status + 1)?.Value is "for" or "on" or "in" : tokens[stop].Value is not ("stop" or "stops" or "no longer" or "cease") && (tokens.Skip(stop + 1).FirstOrDefault(t => t.Concept != Concept.Filler) is { Kind: TokenKind.Percent } || tokens.Skip(stop + 1).FirstOrDefault(t => t.Concept != Concept.Filler) is { Value: "with" });
    }

    /// <summary>"The chaos", "the faults": delays and failures alike.</summary>
    private static bool IsGeneral(Token token) => token.Concept == Concept.Abort && (token.Value.StartsWith("chaos", StringComparison.Ordinal) || token.Value.StartsWith("inject", StringComparison.Ordinal) && !token.Value.Contains(' ') || token.Value is "injected faults" or "injected fault" || token.Value.StartsWith("fault", StringComparison.Ordinal) || token.Value.StartsWith("simulat", StringComparison.Ordinal) && !token.Value.Contains(' '));

    /// <summary>"hold every request for 250 ms".</summary>
    private static bool IsHeld(IReadOnlyList<Token> tokens) => (tokens.Any(t => t.Concept == Concept.Set && t.Value is "hold" or "holds" or "holding") || tokens.Has(TokenKind.Percent) && tokens.Any(t => t is { Concept: Concept.Wait, Value: "wait" or "waits" }) && !tokens.Has(Concept.Retry)) && tokens.Has(Concept.Request) && tokens.Any(t => t.Kind == TokenKind.Duration && t.Duration < TimeSpan.FromMinutes(1)) && !tokens.Has(TokenKind.Version);

    /// <summary>"delay by 300ms" is how long; "raise the delay by 300ms" how much longer.</summary>
    private static Amounts Duration(Phrase phrase, Change change)
    {
        var spans = Amounts.Of(phrase, TokenKind.Duration);
        return change is Change.None or Change.Remove && spans is { To: null, By: not null } ? spans with { To = spans.By, By = null } : spans;
    }

    private static decimal? Of(Token? token) => token is null ? null : (decimal)token.Duration.TotalMilliseconds;
}
