using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Faults;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Models.Answers;

/// <summary>What the embedded planner refuses by its words, found in the documents: whoever wrote them, it is not offered to anybody.</summary>
internal static class Danger
{
    public static IEnumerable<string> Of(PolicyEdit edit) => edit.Upserted is { Spec: TargetedSpec spec } ? Of(spec) : [];

    private static IEnumerable<string> Of(TargetedSpec spec)
    {
        if (spec is AuthorizationSpec { Shadow: false } authorization && authorization.Rules.Any(IsEverybody))
            yield return authorization.Action == AuthorizationEffect.Deny ? "it would shut everybody out" : "it would let everybody in";
        if (spec is not FaultInjectionSpec fault || !spec.Target.Matches.IsEmpty) yield break;
        var wide = spec.Target.Scope is Scope.Gateway or Scope.Fleet;
        if (fault.Abort is { } abort && (abort.Percentage == Percentage.Hundred || wide && IsMost(abort.Percentage)) || wide && fault.Delay is { } delay && IsMost(delay.Percentage))
            yield return "it is an outage, not a test";
    }

    private static bool IsMost(Percentage share) => share.Millionths > Percentage.Whole / 2;

    /// <summary>A rule that nobody escapes: every address, every path, and nothing that narrows it.</summary>
    private static bool IsEverybody(AuthorizationRuleSpec rule) =>
        rule.Methods.IsEmpty && rule.Headers.IsEmpty
        && (rule.Cidrs.IsEmpty || rule.Cidrs.Any(c => c.IsEverything))
        && (rule.Paths.IsEmpty || rule.Paths.Any(p => p.Prefix == "/" || p.Regex is ".*" or "/.*" || p.Template is "/**"));
}
