using System.Globalization;
using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Telemetry.Samples;

namespace PolicyEngine.Telemetry.Detecting;

/// <summary>One side of a comparison: whose traffic, and how much of it failed or was slow.</summary>
internal sealed record Side(string Name, Totals Totals);

/// <summary>
/// Whether errors are surely more frequent than beside it, or than before: the lower Wilson bound of the one must lie above the upper bound of
/// the other by a margin. Pure.
/// </summary>
internal static class ErrorRatioDetector
{
    public const string Ratio = "error ratio";

    public static Judgement Judge(Subject subject, Side candidate, Side reference, DateTimeOffset from, DateTimeOffset now, DetectionOptions options)
    {
        var (own, other) = (candidate.Totals, reference.Totals);
        if (own.Requests < options.MinimumVolume) return Judgement.Unknown(subject, $"only {own.Requests:0} requests of {candidate.Name}");
        if (other.Requests < options.MinimumVolume) return Judgement.Unknown(subject, $"only {other.Requests:0} requests of {reference.Name} to compare with");
        var (lower, upper) = (Wilson.Lower(own.Errors, own.Requests, options.Z), Wilson.Upper(own.Errors, own.Requests, options.Z));
        var (otherLower, otherUpper) = (Wilson.Lower(other.Errors, other.Requests, options.Z), Wilson.Upper(other.Errors, other.Requests, options.Z));
        if (lower > otherUpper + options.ErrorMargin && own.ErrorRatio > options.ErrorFactor * other.ErrorRatio)
        {
            return new Judgement(subject, Verdict.Failing,
                string.Create(CultureInfo.InvariantCulture, $"{own.ErrorRatio:0.#%} of {own.Requests:0} requests of {candidate.Name} failed (surely more than {lower:0.#%}); of {reference.Name}, {other.ErrorRatio:0.##%} of {other.Requests:0}"),
                Normal.Greater(own.Errors, own.Requests, other.Errors, other.Requests),
                new Evidence { From = from, To = now, Figures = [new(Ratio, candidate.Name, own.ErrorRatio, lower, upper, own.Requests), new(Ratio, reference.Name, other.ErrorRatio, otherLower, otherUpper, other.Requests)] });
        }
        return upper <= other.ErrorRatio + options.HealthyMargin
            ? Judgement.Healthy(subject, string.Create(CultureInfo.InvariantCulture, $"{own.ErrorRatio:0.##%} of {own.Requests:0} requests of {candidate.Name} failed (surely less than {upper:0.##%})"))
            : Judgement.Unknown(subject, string.Create(CultureInfo.InvariantCulture, $"{own.ErrorRatio:0.##%} of {own.Requests:0} requests of {candidate.Name} failed: too few to tell"));
    }

    public static Subject Of(string service, string? version) => new() { Kind = FindingKind.ErrorRatio, Service = service, Version = version };
}
