using System.Collections.Frozen;

namespace PolicyEngine.Planning.Lexing;

/// <summary>The words the planner knows, by what they are about. A new feature adds its words here and its clause beside the others.</summary>
internal static class Lexicon
{
    private static readonly (Concept Concept, string Words)[] Entries =
    [
        (Concept.Filler, "the a an of please pls kindly could can you we i want would like need should let us me now just traffic calls users user customers people be is are was were has have that this there their its your my our some also so hey hi hello thanks thank currently ok okay here it's i'd we'd let's lets going go load service services app version versions new value called named maximum max rule rules give gets goes"),
        (Concept.Preposition, "to on for in at from into by with via towards over onto as after out up of between"),
        (Concept.Separator, "and then plus while"),
        (Concept.Send, "send sends sending shift move direct divert split steer push forward shoot start begin roll put switch canary-release route-traffic cut serve promote"),
        (Concept.Mirror, "mirror mirroring mirrors mirrored copy copies duplicate tee"),
        (Concept.Shadow, "shadow shadowing dry-run report-only"),
        (Concept.Limit, "limit limits limited throttle throttling cap rate-limit ratelimit rate-limiting limiting rate"),
        (Concept.Deny, "block blocks blocking blocked deny denying denies ban bans forbid reject refuse blacklist denylist"),
        (Concept.Allow, "allow allows permit whitelist allowlist admit"),
        (Concept.Retry, "retry retries retrying retried"),
        (Concept.Timeout, "timeout timeouts time-out time-outs deadline"),
        (Concept.Delay, "delay delays delaying slow latency"),
        (Concept.Abort, "abort aborts aborting fail failing fault faults inject injecting injection error"),
        (Concept.Header, "header headers"),
        (Concept.Redirect, "redirect redirects redirecting"),
        (Concept.Answer, "answer answers respond reply return"),
        (Concept.Rewrite, "rewrite rewriting"),
        (Concept.Canary, "canary split-traffic"),
        (Concept.Stop, "stop remove removing drop delete cancel end disable lift kill clear unset"),
        (Concept.Set, "set make change use add apply configure enable put-in keep adjust update append insert"),
        (Concept.Raise, "raise increase bump grow extend lengthen"),
        (Concept.Lower, "lower decrease reduce shorten shrink"),
        (Concept.Double, "double"),
        (Concept.Halve, "halve"),
        (Concept.Undo, "undo revert rollback"),
        (Concept.Same, "same ditto likewise"),
        (Concept.Back, "back again"),
        (Concept.It, "it them"),
        (Concept.Fully, "fully completely entirely everything all"),
        (Concept.PerTry, "per-try per-attempt"),
        (Concept.Per, "per each every a-"),
        (Concept.Second, "second seconds sec"),
        (Concept.Minute, "minute minutes min"),
        (Concept.Hour, "hour hours"),
        (Concept.Day, "day days"),
        (Concept.Times, "times time attempts attempt tries try more"),
        (Concept.Client, "client clients ip caller callers visitor address"),
        (Concept.Everyone, "everyone everybody anyone anybody world internet"),
        (Concept.Only, "only"),
        (Concept.Connect, "connect connection connecting"),
        (Concept.Idle, "idle"),
        (Concept.Burst, "burst bursts"),
        (Concept.Request, "request requests"),
        (Concept.Response, "response responses"),
        (Concept.Method, "get post patch"),
        (Concept.Until, "until till"),
        (Concept.Rest, "rest remainder others remaining"),
        (Concept.Route, "route routes"),
        (Concept.Policy, "policy policies authorization authentication security mode"),
        (Concept.Present, "present exists"),
        (Concept.Path, "path paths prefix"),
    ];

    private static readonly FrozenDictionary<string, Concept> ByWord = Entries
        .SelectMany(e => e.Words.Split(' ').Select(w => (Word: w, e.Concept)))
        .GroupBy(e => e.Word, StringComparer.Ordinal)
        .ToFrozenDictionary(g => g.Key, g => g.First().Concept, StringComparer.Ordinal);

    public static Concept Of(string word) => ByWord.GetValueOrDefault(word);

    public static IEnumerable<string> Words => ByWord.Keys;
}
