using System.Globalization;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Telemetry.Detecting;

namespace PolicyEngine.Telemetry.Remedies;

/// <summary>From a finding to edits of policy documents, by the playbooks and within their bounds. Pure: the same finding and documents give the same edits.</summary>
public static class RemedyPlanner
{
    private const int LongestReason = 500;

    public static RemedyOutcome For(Finding finding, Playbooks playbooks, PolicySet policies, ServiceCatalog catalog, DateTimeOffset now)
    {
        if (finding.Subject.Source is { } source) return RemedyOutcome.None($"{source} is silent: what it would tell is unknown, and no policy mends a source");
        var answering = playbooks.All.Where(d => ((PlaybookSpec)d.Spec).Answers.Contains(finding.Kind)).ToList();
        if (answering.Count == 0) return RemedyOutcome.None($"no playbook answers {finding.Kind}");
        var reasons = new List<string>();
        foreach (var playbook in answering)
        {
            var attempt = Try(finding, (PlaybookSpec)playbook.Spec, policies, catalog);
            if (!attempt.IsRefusal) return RemedyOutcome.Of(Proposal(finding, playbook, attempt, now));
            reasons.Add($"{playbook.Name}: {attempt.Says}");
        }
        return RemedyOutcome.None(string.Join("; ", reasons));
    }

    private static Attempt Try(Finding finding, PlaybookSpec playbook, PolicySet policies, ServiceCatalog catalog)
    {
        if (finding.Confidence < (double)playbook.Confidence.Value / 100)
            return Attempt.No(string.Create(CultureInfo.InvariantCulture, $"the finding is {finding.Confidence:0.##%} sure, and {playbook.Confidence} are needed"));
        var attempt = playbook.LimitRate is { } limit ? FloodRemedy.Of(finding, limit, policies) : VersionRemedy.Of(finding, playbook, policies, catalog);
        var standing = attempt.Documents.FirstOrDefault(d => policies.Documents.ContainsKey(d.Id));
        return standing is null ? attempt : Attempt.No($"{standing.Id} stands already");
    }

    private static RemedyProposal Proposal(Finding finding, Document playbook, Attempt attempt, DateTimeOffset now)
    {
        var spec = (PlaybookSpec)playbook.Spec;
        var end = now + spec.Lasts;
        return new RemedyProposal
        {
            Playbook = playbook.Name,
            Edits = [.. attempt.Documents.Select(d => PolicyEdit.Upsert(d.With(Marked(d.Metadata, finding, playbook, end))))],
            Says = $"{attempt.Says}, until {end.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC",
            EndsAt = end,
            RecoveryWithin = spec.RecoveryWithin,
            CoolDown = spec.CoolDown,
        };
    }

    private static Metadata Marked(Metadata metadata, Finding finding, Document playbook, DateTimeOffset end) => metadata with
    {
        ExpiresAt = end,
        Reason = finding.Says.Length <= LongestReason ? finding.Says : finding.Says[..LongestReason],
        Labels = metadata.Labels.SetItem(Overlay.PlaybookLabel, playbook.Name).SetItem(Overlay.FindingLabel, finding.Id),
    };
}
