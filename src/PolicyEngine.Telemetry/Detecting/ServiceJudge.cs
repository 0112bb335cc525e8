using System.Collections.Immutable;
using PolicyEngine.Telemetry.Samples;

namespace PolicyEngine.Telemetry.Detecting;

/// <summary>
/// Judges one service at one moment: each version against its busiest sibling, the service as a whole against its own past. What explains a failure
/// most narrowly is named: a version that fails is left out of the whole.
/// </summary>
internal sealed class ServiceJudge(ServiceState service, DateTimeOffset now, DetectionOptions options, Func<Subject, bool> isSuspected)
{
    private const int PointSlots = 5;

    private readonly Dictionary<(VersionState, TimeSpan), Totals> _sums = [];

    public IEnumerable<Judgement> Judge()
    {
        var failing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (version, state) in service.Versions)
        {
            foreach (var judgement in new[] { Errors(version, state), Latency(version, state) })
            {
                if (judgement.Verdict == Verdict.Failing || isSuspected(judgement.Subject)) failing.Add(version);
                yield return judgement;
            }
        }
        var rest = service.Versions.Where(v => !failing.Contains(v.Key)).Select(v => v.Value).ToList();
        var (own, before) = (new Func<TimeSpan, Side>(w => new Side(service.Name, Sum(rest, w))), new Side(service.Name + " before", service.Past.Totals));
        foreach (var (subject, judge) in new (Subject, Comparison)[] { (ErrorRatioDetector.Of(service.Name, null), ErrorRatioDetector.Judge), (LatencyDetector.Of(service.Name, null), LatencyDetector.Judge) })
        {
            yield return service.Past.Length < options.PastNeeded
                ? Judgement.Unknown(subject, $"{service.Name} was not watched for long enough")
                : Shown(Either(subject, own, _ => before, judge), ("all versions", rest));
        }
    }

    private delegate Judgement Comparison(Subject subject, Side candidate, Side reference, DateTimeOffset from, DateTimeOffset now, DetectionOptions options);

    private Judgement Errors(string version, VersionState state)
    {
        var subject = ErrorRatioDetector.Of(service.Name, version);
        if (Sibling(version) is not { } sibling) return Judgement.Unknown(subject, $"{subject} has no sibling with requests");
        var judgement = Either(subject, w => Of(version, state, w), w => Of(sibling.Name, sibling.State, w), ErrorRatioDetector.Judge);
        // Two that fail alike are not well: what is fine beside the sibling must be fine beside its own past too.
        if (judgement.Verdict == Verdict.Healthy && state.Past.Length >= options.PastNeeded && AgainstPast(subject, version, state, ErrorRatioDetector.Judge).Verdict == Verdict.Failing)
            return Judgement.Unknown(subject, $"{subject} fails no more than {sibling.Name}, but more than before");
        return Shown(judgement with { Stable = sibling.Name }, (version, [state]), (sibling.Name, [sibling.State]));
    }

    private Judgement Latency(string version, VersionState state)
    {
        var subject = LatencyDetector.Of(service.Name, version);
        if (Sibling(version) is not { } sibling) return Judgement.Unknown(subject, $"{subject} has no sibling with requests");
        var judgement = Either(subject, w => Of(version, state, w), w => Of(sibling.Name, sibling.State, w), LatencyDetector.Judge);
        // A version that always was slower than its sibling has not shifted.
        if (judgement.Verdict == Verdict.Failing && state.Past.Length >= options.PastNeeded && AgainstPast(subject, version, state, LatencyDetector.Judge) is { Verdict: Verdict.Healthy } past) return past;
        return Shown(judgement with { Stable = sibling.Name }, (version, [state]), (sibling.Name, [sibling.State]));
    }

    private Judgement AgainstPast(Subject subject, string version, VersionState state, Comparison judge) =>
        Either(subject, w => Of(version, state, w), _ => new Side(version + " before", state.Past.Totals), judge);

    /// <summary>Failing if either window shows it; healthy as the shorter says, if it can say anything.</summary>
    private Judgement Either(Subject subject, Func<TimeSpan, Side> own, Func<TimeSpan, Side> other, Comparison judge)
    {
        var (brief, whole) = (In(options.ShortWindow), In(options.LongWindow));
        if (brief.Verdict == Verdict.Failing || whole.Verdict == Verdict.Failing) return brief.Verdict == Verdict.Failing ? brief : whole;
        return brief.Verdict == Verdict.Healthy ? brief : whole;

        Judgement In(TimeSpan window) => judge(subject, own(window), other(window), now - window, now, options);
    }

    private (string Name, VersionState State)? Sibling(string version)
    {
        var siblings = service.Versions.Where(v => v.Key != version).Select(v => (v.Key, v.Value, Sum(v.Value, options.LongWindow).Requests)).Where(s => s.Requests >= options.MinimumVolume).ToList();
        return siblings.Count == 0 ? null : (siblings.MaxBy(s => s.Requests).Key, siblings.MaxBy(s => s.Requests).Value);
    }

    private Side Of(string version, VersionState state, TimeSpan window) => new($"{service.Name} {version}", Sum(state, window));

    private Totals Sum(IEnumerable<VersionState> versions, TimeSpan window) => Totals.Sum(versions.Select(v => Sum(v, window)));

    /// <summary>Each sum is asked for several times at one moment.</summary>
    private Totals Sum(VersionState state, TimeSpan window)
    {
        if (!_sums.TryGetValue((state, window), out var sum)) _sums[(state, window)] = sum = state.Window.Sum(now, window);
        return sum;
    }

    private Judgement Shown(Judgement judgement, params (string Name, IReadOnlyList<VersionState> States)[] series) => judgement.Verdict != Verdict.Failing
        ? judgement
        : judgement with
        {
            Evidence = judgement.Evidence with
            {
                Figures = [.. judgement.Evidence.Figures, .. series.SelectMany(s => s.States.Where(v => v.InFlight is not null).Take(1).Select(v => new Figure("under way", s.Name, v.InFlight!.Value)))],
                Series = [.. series.Select(s => new NamedSeries(s.Name, Points(s.States)))],
            },
        };

    private ImmutableArray<SeriesPoint> Points(IReadOnlyList<VersionState> states) =>
        [.. states.SelectMany(s => s.Window.Points(now, PointSlots)).GroupBy(p => p.From).OrderBy(g => g.Key).Select(g => new SeriesPoint(g.Key, g.Sum(p => p.Totals.Requests), g.Sum(p => p.Totals.Errors)))];
}
