using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Retries;

namespace PolicyEngine.Planning.Clauses;

/// <summary>What is tried again: "5xx", "502 and 503", "connection resets".</summary>
internal static class RetryReasons
{
    /// <summary>Statuses, classes and words for failures.</summary>
    public static (List<string> On, List<int> Codes) Of(Phrase phrase)
    {
        var on = new List<string>();
        var codes = new List<int>();
        // "conditions 5xx and reset", "a reason to retry".
        if (phrase.Free.Any(t => IsCause(t) || t.Concept == Concept.Connect)) phrase.Take(t => t.Kind == TokenKind.Word && t.Value is "condition" or "conditions" or "reason" or "reasons" or "cause" or "causes" or "trigger" or "triggers");
        TakeFormer(phrase);
        foreach (var status in phrase.TakeAll(TokenKind.Status)) on.Add(status.Value == "4xx" ? "retriable-4xx" : status.Value);
        while (phrase.Take(t => Reason(t) is not null) is { } word) on.Add(Reason(word)!);
        if (phrase.Take(Concept.Connect)) on.Add("connect-failure");
        while (phrase.Take(t => t.Kind == TokenKind.Number && t.Number is >= 400 and <= 599 || t.Kind == TokenKind.Duration && t.Text.Length == 4 && t.Text[0] is '4' or '5' && t.Text[3] == 's') is { } code)
            codes.Add(code.Kind == TokenKind.Number ? (int)code.Number : (int)code.Duration.TotalSeconds);
        // "a gateway error (502, 503, 504)": what that is.
        if (on.Contains("gateway-error")) codes.RemoveAll(c => c is >= 502 and <= 504);
        return (on, codes);
    }

    /// <summary>"on gateway errors instead of every 5xx", "on 503, not on any old 5xx": what it is now is said beside what it is to be.</summary>
    private static void TakeFormer(Phrase phrase)
    {
        // "change the conditions from 5xx to connect-failure".
        if (phrase.Free.FirstOrDefault(t => IsCause(t) && phrase.PrepositionOf(t) is "from" && phrase.After(t) is { Value: "to" } to && phrase.After(to) is { } next && (IsCause(next) || next.Concept == Concept.Connect)) is { } former)
        {
            phrase.Mark(former);
            return;
        }
        if (phrase.Free.Where(t => t.Concept is Concept.InsteadOf or Concept.Not).ToList() is not [var mark]) return;
        var was = phrase.After(mark);
        while (was is { Concept: Concept.Filler or Concept.Preposition or Concept.Fully or Concept.Older } or { Concept: Concept.Per, Value: "every" or "each" } && !phrase.IsTaken(was)) was = phrase.After(was);
        if (was is null || phrase.IsTaken(was) || !IsCause(was) || phrase.After(was) is { Concept: Concept.Separator or Concept.Or } || !phrase.Free.Any(t => t.Position < mark.Position && IsCause(t) && t.Value != was.Value)) return;
        for (var token = mark; !ReferenceEquals(token, was); token = phrase.After(token)!) phrase.Mark(token);
        phrase.Mark(was);
    }

    private static bool IsCause(Token token) => token.Kind == TokenKind.Status || token.Kind == TokenKind.Number && token.Number is >= 400 and <= 599 || token.Kind == TokenKind.Word && Reason(token) is not null;

    public static string? Reason(Token token) => token.Value switch
    {
        "reset" or "resets" or "connection reset" or "connection resets" or "connection gets reset" or "connections get reset" or "gets reset" or "get reset" or "connection was reset" or "connection being reset" or "reset connections" or "connections reset" or "resets the connection" or "reset the connection" or "resets connections" or "drops the connection" or "drops connections" or "connection drops" or "connection is reset" or "connections that are reset" or "connections that get reset" or "reset connection" or "connection-reset" or "connection-resets" or "connections are reset" or "connection dropped" => "reset",
        "refused-stream" or "refused-streams" or "refused streams" or "refused stream" or "stream refused" => "refused-stream",
        "gateway-error" or "gateway-errors" or "gateway errors" or "gateway error" or "gateway failures" => "gateway-error",
        "unavailable" => "unavailable",
        "internal" when token.Text == "INTERNAL" => "internal",
        "envoy-ratelimited" => "envoy-ratelimited",
        "retriable-4xx" or "retriable 4xx" => "retriable-4xx",
        "cancelled" => "cancelled",
        "deadline-exceeded" => "deadline-exceeded",
        "resource-exhausted" => "resource-exhausted",
        "server errors" or "server error" or "5xx errors" or "internal server error" or "internal server errors" => "5xx",
        "bad gateway" or "bad gateways" => "gateway-error",
        _ => null,
    };

    /// <summary>"stop retrying ledger on reset": the others go on being tried again; where none is left, nothing is.</summary>
    public static void Without(Draft draft, Document standing, RetrySpec old, List<string> on, List<int> codes)
    {
        if (!on.TrueForAll(old.RetryOn.Contains) || !codes.TrueForAll(old.StatusCodes.Contains))
        {
            draft.Ask("on", $"{old.Target.Name} is tried again on {string.Join(" and ", old.RetryOn.Concat(old.StatusCodes.Select(c => $"{c}")))}. Which of these is to be left out?");
            return;
        }
        var left = old with { RetryOn = [.. old.RetryOn.Where(r => !on.Contains(r))], StatusCodes = [.. old.StatusCodes.Where(c => !codes.Contains(c))] };
        if (left.RetryOn.IsEmpty && left.StatusCodes.IsEmpty) draft.Remove(standing);
        else draft.PutOver(standing, left, "retry");
    }
}
