using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Faults;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"delay 10% of search by 300ms", "abort 1% of checkout with 503", "remove the delay on search".</summary>
internal sealed class FaultClause : IClause
{
    public int Recognises(IReadOnlyList<Token> tokens) => tokens.Has(Concept.Delay) || tokens.Has(Concept.Abort) ? 42 : 0;

    public void Apply(Phrase phrase, Draft draft)
    {
        var delays = phrase.Has(Concept.Delay);
        phrase.TakeAll(Concept.Delay, Concept.Abort, Concept.Set, Concept.Times);
        phrase.Take(t => t.Value is "errors" or "error" or "failures");
        var change = Adjustment.Of(phrase);
        var until = Scoping.Until(phrase, draft);
        var share = phrase.Take(TokenKind.Percent)?.Share;
        var duration = phrase.Take(TokenKind.Duration)?.Duration;
        var status = phrase.Take(t => t.Kind == TokenKind.Number && t.Number is >= 200 and <= 599);
        var everything = phrase.Take(t => t.Concept is Concept.Fully or Concept.Everyone) is not null;
        if (Scoping.TargetOf(phrase, draft, "Faults are injected") is not { } target) return;
        var standing = draft.Standing(Kinds.FaultInjection, target).FirstOrDefault();
        if (change == Adjustment.Kind.Remove)
        {
            if (standing is null) draft.Ask("standing", $"No fault is injected on {target}. What is to be removed?");
            else if (delays && standing.Spec is FaultInjectionSpec { Abort: not null } both && both.Delay is not null) draft.Put(standing.With(both with { Delay = null }));
            else draft.Remove(standing);
            return;
        }
        var old = standing?.Spec as FaultInjectionSpec;
        var part = share ?? (delays ? old?.Delay?.Percentage : old?.Abort?.Percentage);
        if (!delays && duration is null && status is null && old?.Abort is null)
        {
            draft.Ask("status", $"With which status are requests to {target.Name} failed?", ["500", "503"]);
            return;
        }
        if (delays && (duration ?? Adjustment.Apply(change, old?.Delay?.Duration) ?? old?.Delay?.Duration) is not { Ticks: > 0 })
        {
            draft.Ask("duration", $"By how long are requests to {target.Name} delayed?", ["100ms", "500ms", "2s"]);
            return;
        }
        if (!delays && part is null && !everything)
        {
            draft.Ask("share", $"What share of the requests to {target.Name} is failed?", ["1%", "5%", "10%"]);
            return;
        }
        var all = part ?? Percentage.Hundred;
        if (!delays && all == Percentage.Hundred && target.Matches.IsEmpty || target.Scope is Scope.Gateway or Scope.Fleet && all.Millionths > Percentage.Whole / 2 && target.Matches.IsEmpty)
        {
            draft.Refuse($"Failing or delaying {all} of the requests to {target} is an outage, not a test; name a share or narrow it by a header.");
            return;
        }
        var spec = new FaultInjectionSpec
        {
            Target = target,
            Delay = delays ? new DelaySpec { Duration = (duration ?? Adjustment.Apply(change, old?.Delay?.Duration) ?? old?.Delay?.Duration)!.Value, Percentage = all } : null,
            Abort = delays ? null : new AbortSpec { Status = status is null ? old!.Abort!.Status : (int)status.Number, Percentage = all },
        };
        draft.PutOrReplace(spec, "fault", merge: (o, n) => o with { Delay = n.Delay ?? o.Delay, Abort = n.Abort ?? o.Abort }, until: until);
    }
}
