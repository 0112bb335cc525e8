using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Telemetry.Floods;
using PolicyEngine.Telemetry.Samples;

namespace PolicyEngine.Telemetry.Detecting;

/// <summary>
/// Whether what a finding told of is over, judged by the traffic since a moment (the remedy's promotion) with the same bounds that found it. A version
/// that no longer gets requests proves nothing by itself: the service as a whole must be seen to be well.
/// </summary>
internal static class Recovery
{
    /// <param name="remembered">What to compare with instead of the past, where a restart emptied that.</param>
    public static Verdict Of(Subject subject, ServiceState service, DateTimeOffset since, DateTimeOffset now, DetectionOptions options, Remembered? remembered = null)
    {
        // What the last seconds say counts; only where they say too little, all that there was since.
        var brief = In(subject, service, Shorter(now - since, options.ShortWindow), now, options, remembered);
        return brief != Verdict.Unknown ? brief : In(subject, service, Shorter(now - since, options.LongWindow), now, options, remembered);

        static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
    }

    private static Verdict In(Subject subject, ServiceState service, TimeSpan window, DateTimeOffset now, DetectionOptions options, Remembered? remembered)
    {
        if (window < TimeSpan.FromSeconds(1)) return Verdict.Unknown;
        var whole = service.Sum(now, window);
        if (subject.Kind == FindingKind.Silence) return Silence(subject, service, whole, window, now, options, remembered is null);
        if (subject.Version is { } version && service.Versions.TryGetValue(version, out var state))
        {
            // Those that are not to blame tell what is usual.
            var others = remembered?.Like(whole) ?? Totals.Sum(service.Versions.Where(v => v.Key != version).Select(v => v.Value.Past.Totals));
            return Judge(subject, new Side(service.Name, whole), new Side("its siblings before", others), new Side(version, state.Window.Sum(now, window)), now, options);
        }
        return Judge(subject, new Side(service.Name, whole), new Side("before", remembered?.Like(whole) ?? service.Past.Totals), null, now, options);
    }

    private static Verdict Judge(Subject subject, Side whole, Side before, Side? culprit, DateTimeOffset now, DetectionOptions options)
    {
        var all = One(whole);
        // Few requests of a failing version vanish among the many of the others.
        var own = culprit is null || culprit.Totals.Requests < options.MinimumVolume ? all : One(culprit);
        return all == Verdict.Failing || own == Verdict.Failing ? Verdict.Failing : all == Verdict.Healthy && own == Verdict.Healthy ? Verdict.Healthy : Verdict.Unknown;

        Verdict One(Side side) => subject.Kind == FindingKind.LatencyShift
            ? LatencyDetector.Judge(subject, side, before, now, now, options).Verdict
            : ErrorRatioDetector.Judge(subject, side, before, now, now, options).Verdict;
    }

    private static Verdict Silence(Subject subject, ServiceState service, Totals whole, TimeSpan window, DateTimeOffset now, DetectionOptions options, bool isUsualKnown)
    {
        var asked = subject.Version is { } version && service.Versions.TryGetValue(version, out var state) ? state.Window.Sum(now, window) : whole;
        if (asked.Requests >= options.MinimumVolume) return Verdict.Healthy;
        // Taken out, its requests must have arrived elsewhere.
        return isUsualKnown && subject.Version is not null && whole.Requests >= options.MinimumVolume && whole.Requests / window.TotalSeconds >= service.Past.Rate / 2 ? Verdict.Healthy : Verdict.Unknown;
    }

    public static Verdict Of(Subject subject, FloodState flood, DateTimeOffset since, DateTimeOffset now) =>
        flood.LastHeard <= since ? Verdict.Unknown : flood.Judge(now, [subject.Key!]).Single(j => j.Subject == subject).Verdict;
}
