using System.Globalization;
using PolicyEngine.Policies.Playbooks;

namespace PolicyEngine.Telemetry.Detecting;

/// <summary>
/// Whether surely more than a share of the requests took longer than what hardly any did beside it, or before (its 95th percentile times a factor).
/// Asks of shares, so a heavy tail or a coarse bucket moves nothing by itself. Pure.
/// </summary>
internal static class LatencyDetector
{
    public const string Usually = "95th percentile, ms";
    private const double Usual = 0.95;

    public static Judgement Judge(Subject subject, Side candidate, Side reference, DateTimeOffset from, DateTimeOffset now, DetectionOptions options)
    {
        if (candidate.Totals.Latency is not { } own || own.Total < options.MinimumVolume) return Judgement.Unknown(subject, $"too few durations of {candidate.Name}");
        if (reference.Totals.Latency is not { } other || other.Total < options.MinimumVolume || !own.SameBounds(other)) return Judgement.Unknown(subject, $"too few durations of {reference.Name} to compare with");
        var usual = other.UpperQuantile(Usual);
        var slow = Math.Max(usual * options.LatencyFactor, usual + options.LatencyFloor);
        if (!own.Bounds.Any(b => b >= slow)) return Judgement.Unknown(subject, $"{reference.Name} is slower than the greatest bucket");
        var bound = own.Bounds.First(b => b >= slow);
        var (slower, otherSlower) = (own.Above(slow), other.Above(slow));
        var (lower, upper) = (Wilson.Lower(slower, own.Total, options.Z), Wilson.Upper(slower, own.Total, options.Z));
        if (lower <= options.SlowShare || lower <= Wilson.Upper(otherSlower, other.Total, options.Z))
        {
            return upper <= options.SlowShare + options.HealthyMargin
                ? Judgement.Healthy(subject, string.Create(CultureInfo.InvariantCulture, $"{slower / own.Total:0.#%} of {candidate.Name} took longer than {bound:0} ms"))
                : Judgement.Unknown(subject, $"too few durations of {candidate.Name} to tell");
        }
        return new Judgement(subject, Verdict.Failing,
            string.Create(CultureInfo.InvariantCulture, $"{slower / own.Total:0.#%} of {own.Total:0} requests of {candidate.Name} took longer than {bound:0} ms (surely more than {lower:0.#%}); of {reference.Name}, {otherSlower / other.Total:0.##%}"),
            Normal.Greater(slower, own.Total, otherSlower, other.Total),
            new Evidence
            {
                From = from,
                To = now,
                Figures =
                [
                    new($"share above {bound.ToString("0", CultureInfo.InvariantCulture)} ms", candidate.Name, slower / own.Total, lower, upper, own.Total),
                    new($"share above {bound.ToString("0", CultureInfo.InvariantCulture)} ms", reference.Name, otherSlower / other.Total, Volume: other.Total),
                    new(Usually, candidate.Name, Math.Min(own.UpperQuantile(Usual), own.Bounds[^1])),
                    new(Usually, reference.Name, usual),
                ],
            });
    }

    public static Subject Of(string service, string? version) => new() { Kind = FindingKind.LatencyShift, Service = service, Version = version };
}
