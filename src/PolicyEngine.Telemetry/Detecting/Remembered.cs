using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Telemetry.Samples;

namespace PolicyEngine.Telemetry.Detecting;

/// <summary>
/// What a finding was held against, as its own evidence has it. After a restart the past is empty, and what is learnt since may be the failure itself:
/// so a finding that was open before is over only by the bounds that found it.
/// </summary>
internal sealed record Remembered(double Requests, double ErrorRatio, double? UsualMs)
{
    public static Remembered Of(Finding finding)
    {
        if (finding.Evidence.Figures is not [_, { Volume: { } volume } other, ..]) return new Remembered(0, 0, null);
        var isRatio = finding.Kind == FindingKind.ErrorRatio && other.Name == ErrorRatioDetector.Ratio;
        return new Remembered(finding.Kind == FindingKind.LatencyShift || isRatio ? volume : 0, isRatio ? other.Value : 0, finding.Evidence.Value(LatencyDetector.Usually, other.Of));
    }

    /// <summary>As totals, to be compared with others; of durations only the usual is known, and only where the buckets are still the same.</summary>
    public Totals Like(Totals own) => new(Requests, ErrorRatio * Requests, own.Latency is { } latency && UsualMs is { } usual && latency.Bounds.IndexOf(usual) is >= 0 and var bucket
        ? Histogram.Of(latency.Bounds, [.. Enumerable.Range(0, latency.Counts.Length).Select(i => i == bucket ? Requests : 0)])
        : null);
}
