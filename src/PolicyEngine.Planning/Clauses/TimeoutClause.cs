using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.Timeouts;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"a 2s timeout", "time out search after 500 ms", "raise the timeout of search to 3s", "double it", "remove the timeout".</summary>
internal sealed class TimeoutClause : IClause
{
    public int Recognises(IReadOnlyList<Token> tokens) => tokens.Has(Concept.Timeout) && !tokens.Has(Concept.PerTry) ? 50 : 0;

    public void Apply(Phrase phrase, Draft draft)
    {
        phrase.Take(Concept.Timeout);
        phrase.TakeAll(Concept.Timeout, Concept.Set);
        var (idle, connect) = (phrase.Take(Concept.Idle), phrase.Take(Concept.Connect));
        var change = Adjustment.Of(phrase);
        var duration = phrase.Take(TokenKind.Duration)?.Duration;
        if (Scoping.TargetOf(phrase, draft, "A time-out") is not { } target) return;
        var standing = draft.Standing(Kinds.Timeout, target).FirstOrDefault(d => ((TargetedSpec)d.Spec).Target.Matches.Length == target.Matches.Length);
        if (change == Adjustment.Kind.Remove)
        {
            if (standing is null) draft.Ask("standing", $"No time-out is set for {target}. What is to be removed?");
            else draft.Remove(standing);
            return;
        }
        var old = standing?.Spec as TimeoutSpec;
        var value = duration ?? Adjustment.Apply(change, idle ? old?.Idle : connect ? old?.Connect : old?.Request);
        if (value is null)
        {
            draft.Ask("duration", $"How long may a request to {target.Name} take?", ["500ms", "1s", "2s", "5s"]);
            return;
        }
        if (connect && target.Scope != Scope.Service)
        {
            draft.Ask("service", "Connecting is to a service. To which?", draft.Catalog.Services.Keys);
            return;
        }
        var spec = new TimeoutSpec { Target = target, Request = idle || connect ? null : value, Idle = idle ? value : null, Connect = connect ? value : null };
        draft.PutOrReplace(spec, "timeout", merge: (o, n) => o with { Request = n.Request ?? o.Request, Idle = n.Idle ?? o.Idle, Connect = n.Connect ?? o.Connect });
    }
}
