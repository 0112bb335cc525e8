using System.Collections.Immutable;
using System.Globalization;
using PolicyEngine.Ir;

namespace PolicyEngine.Cli.Evals;

/// <summary>An effect in the words of a <see cref="Verdict"/>, aspect by aspect.</summary>
internal static class Expectations
{
    /// <summary>Stands for any text within a word of an expectation: what the case leaves to the planner.</summary>
    private const string Free = "\u0001";

    /// <summary>What the aspect should be; null where the effect does not speak of it.</summary>
    public static string? Of(Effect effect, Aspect aspect, Verdict before) => aspect switch
    {
        Aspect.Route => Route(effect),
        Aspect.Rewrite => effect.Rewrite is { } r ? Verdict.Rewrite(r.Prefix, r.Path, r.Host) : null,
        Aspect.Timeout => Time(effect.Timeout),
        Aspect.Idle => Time(effect.Idle),
        Aspect.Connect => Time(effect.Connect),
        Aspect.Retry => effect.Retry is { } r ? Retry(r, before.Route?.Traffic.Retry) : Absent(effect, "retry"),
        Aspect.Limit => effect.Limit is { } l ? Limit(l, before[Aspect.Limit]) : Absent(effect, "limit"),
        Aspect.Mirror => effect.Mirror.IsEmpty ? Absent(effect, "mirror") : Shares(effect.Mirror, effect),
        Aspect.Delay => effect.Delay is { } d ? $"{Duration.Format(d.Duration)} of {d.Share}" : Absent(effect, "delay"),
        Aspect.Abort => effect.Abort is { } a ? string.Create(CultureInfo.InvariantCulture, $"{a.Status} of {a.Share}") : Absent(effect, "abort"),
        Aspect.Headers => effect.Headers.IsEmpty ? null : Headers(effect.Headers, before[Aspect.Headers]),
        _ => null,
    };

    /// <summary>Equal, but for the parts that the expectation leaves free; an append of a header is as good as a set.</summary>
    public static bool Holds(string expected, string actual)
    {
        if (expected == actual || expected == actual.Replace(" append ", " put ", StringComparison.Ordinal)) return true;
        var parts = expected.Split(Free);
        if (parts.Length == 1 || !actual.StartsWith(parts[0], StringComparison.Ordinal)) return false;
        var at = parts[0].Length;
        foreach (var part in parts[1..])
        {
            var found = part.Length == 0 ? actual.Length : actual.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0) return false;
            at = found + part.Length;
        }
        return at == actual.Length;
    }

    private static string? Route(Effect effect) => effect switch
    {
        { Respond: { } r } => Verdict.Action(new DirectResponse(r.Status, "")),
        { Redirect: { } r } => $"redirect {(r.Status is { } s ? s.ToString(CultureInfo.InvariantCulture) : Free)} {r.Scheme ?? Verdict.Nothing} {r.Host ?? Verdict.Nothing} {Verdict.Nothing} {r.Path ?? Verdict.Nothing}",
        { To.IsEmpty: false } => Shares(effect.To, effect),
        _ => effect.None.Contains("route") ? Verdict.Missing : null,
    };

    private static string Shares(ImmutableSortedDictionary<string, string> shares, Effect effect) => Verdict.Joined(shares.Select(s => $"{Scopes.Upstream(s.Key, effect)}={Share(s.Value)}"));

    private static string Share(string text) => Percentage.TryParse(text, out var share) ? share.ToString() : throw new InvalidDataException($"'{text}' is not a percentage");

    /// <summary>What is not named stays as it was; where there was no retry, on what is the planner's choice and the rest is not there.</summary>
    private static string Retry(RetryEffect retry, Retry? before)
    {
        var on = retry.On.Concat(retry.Statuses.IsEmpty ? [] : ["retriable-status-codes"]).Distinct().Order(StringComparer.Ordinal).ToList();
        var conditions = on.Count > 0 ? string.Join(",", on) : before is null ? Free : string.Join(",", before.On);
        var kept = on.Count == 0 && before is not null ? before.StatusCodes : retry.Statuses;
        var statuses = kept.IsEmpty ? Verdict.Nothing : string.Join(",", kept.Order().Select(s => s.ToString(CultureInfo.InvariantCulture)));
        return string.Create(CultureInfo.InvariantCulture, $"{retry.Attempts} on {conditions} statuses {statuses} per try {Verdict.Time(retry.PerTry ?? before?.PerTryTimeout)} wait {Verdict.Time(retry.Base ?? before?.BackOffBase)} to {Verdict.Time(retry.Max ?? before?.BackOffMax)}");
    }

    private static string Limit(LimitEffect limit, string before)
    {
        var key = limit.Key ?? "all";
        var window = limit.Per switch { "second" => TimeSpan.FromSeconds(1), "minute" => TimeSpan.FromMinutes(1), "hour" => TimeSpan.FromHours(1), _ => TimeSpan.FromDays(1) };
        var others = Parts(before).Where(l => !l.StartsWith($"[{key}] ", StringComparison.Ordinal));
        return Verdict.Joined(others.Append(Verdict.Limit(limit.Requests, window, limit.Burst ?? limit.Requests, key, limit.Shadow)));
    }

    private static string Headers(ImmutableArray<string> wanted, string before)
    {
        var edits = Parts(before).ToDictionary(Subject, e => e, StringComparer.Ordinal);
        foreach (var edit in wanted)
        {
            if (edit.Split(' ') is [_, "gone", ..]) edits.Remove(Subject(edit));
            else edits[Subject(edit)] = edit;
        }
        return Verdict.Joined(edits.Values);
    }

    private static string Subject(string edit) => edit.Split(' ', 3) is [var side, _, var rest] ? $"{side} {rest.Split(':')[0]}" : edit;

    private static IEnumerable<string> Parts(string text) => text == Verdict.Nothing ? [] : text.Split("; ");

    private static string? Absent(Effect effect, string what) => effect.None.Contains(what) ? Verdict.Nothing : null;

    private static string? Time(string? text) => text switch
    {
        null => null,
        "none" => Verdict.Nothing,
        _ => Duration.TryParse(text, out var time) ? Duration.Format(time) : throw new InvalidDataException($"'{text}' is not a duration"),
    };
}
