using System.Globalization;
using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Telemetry.Samples;

namespace PolicyEngine.Telemetry.Detecting;

/// <summary>Whether something that spoke has stopped: a source that reported regularly, a version that requests went to, a service. Pure.</summary>
internal static class SilenceDetector
{
    public static Judgement Source(string name, SourceState source, DateTimeOffset now, DetectionOptions options)
    {
        var subject = new Subject { Kind = FindingKind.Silence, Source = name };
        if (source.Interval == TimeSpan.Zero) return Judgement.Unknown(subject, $"{name} has only begun to report");
        var silent = now - source.LastHeard;
        var allowed = TimeSpan.FromTicks(Math.Max(options.SilentAfter.Ticks, (long)(options.SilentIntervals * source.Interval.Ticks)));
        return silent <= allowed
            ? Judgement.Healthy(subject, $"{name} reports")
            : Failing(subject, now, source.LastHeard, string.Create(CultureInfo.InvariantCulture, $"source {name} reported every {source.Interval.TotalSeconds:0.#} s and has been silent for {silent.TotalSeconds:0} s"),
                1 - Math.Exp(-silent / source.Interval), [new("seconds between reports", name, source.Interval.TotalSeconds), new("seconds silent", name, silent.TotalSeconds)]);
    }

    /// <summary>The whole service, if <paramref name="version"/> is null.</summary>
    public static Judgement Traffic(string service, string? version, Past past, DateTimeOffset lastTraffic, TimeSpan reportInterval, DateTimeOffset now, DetectionOptions options)
    {
        var subject = new Subject { Kind = FindingKind.Silence, Service = service, Version = version };
        if (past.Length < options.LongWindow) return Judgement.Unknown(subject, $"{subject} was not watched for long enough");
        var silent = now - lastTraffic - reportInterval;
        var missed = past.Rate * silent.TotalSeconds;
        var allowed = TimeSpan.FromTicks(Math.Max(options.SilentAfter.Ticks, (long)(options.SilentIntervals * reportInterval.Ticks)));
        return silent <= allowed || missed < options.SilentRequests
            ? silent <= allowed ? Judgement.Healthy(subject, $"{subject} is asked") : Judgement.Unknown(subject, $"{subject} is asked too seldom to tell")
            : Failing(subject, now, lastTraffic, string.Create(CultureInfo.InvariantCulture, $"{subject} was asked {past.Rate:0.#} times a second and has had no request for {(now - lastTraffic).TotalSeconds:0} s"),
                1 - Math.Exp(-missed), [new("requests a second, before", subject.ToString(), past.Rate), new("seconds silent", subject.ToString(), (now - lastTraffic).TotalSeconds)]);
    }

    private static Judgement Failing(Subject subject, DateTimeOffset now, DateTimeOffset since, string says, double confidence, ReadOnlySpan<Figure> figures) =>
        new(subject, Verdict.Failing, says, confidence, new Evidence { From = since, To = now, Figures = [.. figures] });
}
