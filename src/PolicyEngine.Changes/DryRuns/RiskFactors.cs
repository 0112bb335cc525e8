using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Faults;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.TrafficSplits;
using PolicyEngine.Xds;
using PolicyEngine.Xds.Diffing;

namespace PolicyEngine.Changes.DryRuns;

/// <summary>Why one might look twice, from the documents and resources that differ.</summary>
internal static class RiskFactors
{
    public static IEnumerable<RiskFactor> Of(Candidate from, Candidate to, ImmutableArray<PolicyEdit> edits, ImmutableArray<SnapshotDiff> diffs)
    {
        foreach (var edit in edits)
        {
            var (before, after) = (from.Policies.Documents.GetValueOrDefault(edit.Id), edit.Upserted);
            if ((before ?? after)!.Spec is AuthorizationSpec) yield return Security(edit, before, after);
            if (after?.Spec is TargetedSpec { Target.Scope: Scope.Fleet or Scope.Gateway } wide)
                yield return new RiskFactor("reach", RiskLevel.Medium, $"{edit.Id} applies to every route of {wide.Target}");
            if (before?.Spec is TrafficSplitSpec && after is null) yield return new RiskFactor("traffic-moved", RiskLevel.Medium, $"{edit.Id} goes: its requests go where they went without it");
            if (after?.Spec is FaultInjectionSpec) yield return new RiskFactor("faults", RiskLevel.Medium, $"{edit.Id} delays or fails requests on purpose");
            if (after?.Spec is TrafficSplitSpec split && Moved(before?.Spec as TrafficSplitSpec, split) is { Millionths: > 250_000 } moved)
                yield return new RiskFactor("traffic-moved", moved.Millionths > 500_000 ? RiskLevel.High : RiskLevel.Medium, $"{edit.Id} moves {moved} of the requests at once");
        }
        foreach (var diff in diffs)
        {
            var gone = diff.Changes.Where(c => c.Kind == ChangeKind.Removed && c.Type == ResourceType.Cluster).Select(c => c.Name).ToList();
            if (gone.Count > 0) yield return new RiskFactor("clusters-removed", RiskLevel.Medium, $"fleet {diff.Fleet} no longer knows {string.Join(", ", gone.Take(5))}{(gone.Count > 5 ? $" and {gone.Count - 5} more" : "")}");
            foreach (var listener in diff.Changes.Where(c => c.Type == ResourceType.Listener && c.Kind != ChangeKind.Added))
                yield return new RiskFactor("connections-drained", RiskLevel.High, $"fleet {diff.Fleet}: listener {listener.Name} is {listener.Kind.ToString().ToLowerInvariant()}, its connections are drained");
        }
    }

    /// <summary>Removing a deny, adding to an allow, or lifting an enforced rule into shadow lets more in; the other way round keeps more out.</summary>
    private static RiskFactor Security(PolicyEdit edit, Document? before, Document? after)
    {
        var (old, now) = (before?.Spec as AuthorizationSpec, after?.Spec as AuthorizationSpec);
        var widens = (old, now) switch
        {
            ({ Shadow: false }, null) => true,
            ({ Shadow: false }, { Shadow: true }) => true,
            // More denies keep more out, more allows let more in; anything in between may let in.
            ({ } o, { } n) => o.Action != n.Action || !Holds(n.Action == AuthorizationEffect.Deny ? n : o, n.Action == AuthorizationEffect.Deny ? o : n),
            _ => false,
        };
        return widens
            ? new RiskFactor("security-widened", RiskLevel.High, $"{edit.Id}: requests that were refused may pass")
            : new RiskFactor("security-tightened", RiskLevel.Medium, $"{edit.Id}: requests that passed may be refused");
    }

    /// <summary>Whether every rule of the smaller is one of the larger's.</summary>
    private static bool Holds(AuthorizationSpec larger, AuthorizationSpec smaller)
    {
        static string Text(AuthorizationRuleSpec rule) => Policies.Shapes.JsonWriter.Write(rule).ToJsonString();
        var rules = larger.Rules.Select(Text).ToHashSet(StringComparer.Ordinal);
        return smaller.Rules.All(r => rules.Contains(Text(r)));
    }

    private static Percentage Moved(TrafficSplitSpec? before, TrafficSplitSpec after)
    {
        if (before is null) return after.Backends.Length == 1 ? Percentage.Hundred : after.Backends.Min(b => b.Weight);
        var moved = after.Backends.Sum(b => Math.Max(0, b.Weight.Millionths - (before.Backends.FirstOrDefault(o => o.Version == b.Version && o.Service == b.Service)?.Weight.Millionths ?? 0)));
        return Percentage.FromMillionths(moved);
    }
}
