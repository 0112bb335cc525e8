using PolicyEngine.Console.Sources;
using PolicyEngine.Engine.Remedies;
using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Telemetry.Detecting;

namespace PolicyEngine.Server.Hosting;

/// <summary>
/// Findings for the console: what was seen of the version and of what it was compared with, as shares of failed requests; of a flood, the requests a second of
/// the client range and of all.
/// </summary>
internal sealed class FindingsBridge(RemedyService remedies) : IFindings
{
    public DateTimeOffset? LookingSince => remedies.Since;

    public IReadOnlyList<FindingView> All => [.. remedies.Findings.OrderByDescending(f => f.State == FindingState.Open).ThenByDescending(f => f.OpenedAt).Select(View)];

    public async Task WatchAsync(Action changed, CancellationToken cancellation)
    {
        await foreach (var _ in remedies.Watch(cancellation)) changed();
    }

    private FindingView View(Finding finding) => new(
        finding.Id, finding.Kind.ToString(), finding.Subject.ToString(), finding.Says, finding.State == FindingState.Open, finding.OpenedAt, finding.ClosedAt, finding.Confidence,
        [.. finding.Evidence.Series.Select(s => finding.Kind == FindingKind.Flood ? Rate(s) : Failed(s))],
        remedies.State.Find(finding.Id)?.Change);

    private static EvidenceSeries Failed(NamedSeries series) => new($"{series.Name}: failed", "%", [.. series.Points.Where(p => p.Requests > 0).Select(p => new EvidencePoint(p.At, 100 * p.Errors / p.Requests))]);

    private static EvidenceSeries Rate(NamedSeries series) => new($"{series.Name}: requests", "a second", [.. series.Points.Select(p => new EvidencePoint(p.At, p.Requests))]);
}
