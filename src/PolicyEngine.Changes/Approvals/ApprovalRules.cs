using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Approvals;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Changes.Approvals;

/// <summary>The approval document laid over a change: pure.</summary>
public static class ApprovalRules
{
    /// <param name="touched">The documents that the change would put, take away or replace, in both forms.</param>
    public static ApprovalNeed Needed(ApprovalSpec spec, RiskLevel risk, IReadOnlyCollection<Document> touched)
    {
        var fitting = spec.Rules.Where(r => Fits(r, risk, touched)).ToList();
        return new ApprovalNeed(
            fitting.Select(r => r.Approvals).Append(spec.Approvals).Max(),
            // The strictest comes first in the order of the words.
            fitting.Select(r => r.Author ?? spec.Author).Append(spec.Author).Min());
    }

    /// <summary>Why somebody's approval does not count; null where it does.</summary>
    public static string? Objection(Change change, Actor actor, int people)
    {
        if (!actor.May(Roles.Approver)) return $"{actor.Name} is no approver";
        if (change.Approvals.Any(a => a.By == actor.Name)) return $"{actor.Name} approved {change.Id} already; it needs {change.Need.Approvals} different people";
        if (actor.Name != change.Author) return null;
        return change.Need.Author switch
        {
            AuthorApproval.Always => null,
            AuthorApproval.WhileAlone when people <= 1 => null,
            AuthorApproval.WhileAlone => $"{actor.Name} is the author of {change.Id}: now that there are other users, one of them must approve it",
            _ => $"{actor.Name} is the author of {change.Id}: somebody else must approve it",
        };
    }

    private static bool Fits(ApprovalRule rule, RiskLevel risk, IReadOnlyCollection<Document> touched) =>
        (rule.Risk is not { } least || risk >= least)
        && (rule.Kinds.IsEmpty || touched.Any(d => rule.Kinds.Contains(d.Kind.Name)))
        && (rule.Services.IsEmpty || touched.Any(d => Services(d).Any(rule.Services.Contains)));

    private static IEnumerable<string> Services(Document document)
    {
        if (document.Spec is TargetedSpec { Target.Service: { } target }) yield return target;
        if (document.Spec is TrafficSplitSpec split)
            foreach (var backend in split.Backends)
                if (backend.Service is { } service) yield return service;
        if (document.Spec is Policies.Routes.RouteSpec route)
            foreach (var backend in route.Backends) yield return backend.Service;
    }
}
