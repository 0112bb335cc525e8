using System.Collections.Immutable;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Retries;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"two retries on 5xx", "retry checkout twice with a 500ms per-try timeout", "stop retrying search".</summary>
internal sealed class RetryClause : IClause
{
    public int Recognises(IReadOnlyList<Token> tokens) => tokens.Has(Concept.Retry) ? 55 : 0;

    public void Apply(Phrase phrase, Draft draft)
    {
        phrase.TakeAll(Concept.Retry, Concept.Times, Concept.Set, Concept.Abort);
        var change = Adjustment.Of(phrase);
        TimeSpan? perTry = null;
        if (phrase.Take(Concept.PerTry))
        {
            phrase.TakeAll(Concept.Timeout);
            perTry = phrase.Take(TokenKind.Duration)?.Duration;
        }
        var (on, codes) = Conditions(phrase);
        var count = phrase.Take(TokenKind.Number)?.Number;
        if (Scoping.TargetOf(phrase, draft, "Retries") is not { } target) return;
        var standing = draft.Standing(Kinds.Retry, target).FirstOrDefault(d => ((TargetedSpec)d.Spec).Target.Matches.Length == target.Matches.Length);
        if (change == Adjustment.Kind.Remove)
        {
            if (standing is null) draft.Ask("standing", $"No retries are set for {target}. What is to be removed?");
            else draft.Remove(standing);
            return;
        }
        var old = standing?.Spec as RetrySpec;
        var attempts = count is { } c && c == decimal.Truncate(c) ? (int)c : Adjustment.Apply(change, old?.Attempts) ?? old?.Attempts;
        if (attempts is null)
        {
            draft.Ask("attempts", $"How often is a failed request to {target.Name} tried again?", ["1", "2", "3"]);
            return;
        }
        if (attempts > 10)
        {
            draft.Ask("attempts", $"{attempts} retries of one request would be a storm; at most 10 can be set. How many?", ["1", "2", "3"]);
            return;
        }
        var spec = new RetrySpec
        {
            Target = target,
            Attempts = attempts.Value,
            RetryOn = on.IsEmpty && codes.IsEmpty ? old?.RetryOn ?? ["5xx"] : on,
            StatusCodes = codes.IsEmpty && on.IsEmpty ? old?.StatusCodes ?? [] : codes,
            PerTryTimeout = perTry ?? old?.PerTryTimeout,
        };
        draft.PutOrReplace(spec, "retry", merge: (o, n) => n with { BackOff = o.BackOff, Priority = o.Priority });
    }

    /// <summary>Statuses, classes and words for failures.</summary>
    private static (ImmutableArray<string> On, ImmutableArray<int> Codes) Conditions(Phrase phrase)
    {
        var on = new List<string>();
        foreach (var status in phrase.TakeAll(TokenKind.Status)) on.Add(status.Value == "4xx" ? "retriable-4xx" : status.Value);
        while (phrase.Take(t => t.Value is "reset" or "resets" or "refused-stream" or "gateway-error" or "gateway-errors" or "connect-failure" or "connect-failures" or "unavailable" or "cancelled") is { } word)
            on.Add(word.Value.TrimEnd('s') is "gateway-error" or "connect-failure" or "reset" ? word.Value.TrimEnd('s') : word.Value);
        if (phrase.Take(Concept.Connect)) on.Add("connect-failure");
        phrase.Take(t => t.Value is "errors" or "failures" or "failure" or "error");
        var codes = new List<int>();
        while (phrase.Take(t => t.Kind == TokenKind.Number && t.Number is >= 400 and <= 599) is { } code) codes.Add((int)code.Number);
        return ([.. on.Distinct()], [.. codes.Distinct()]);
    }
}
