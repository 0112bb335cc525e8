using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Policies.RateLimits;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Floods;
using PolicyEngine.Telemetry.Samples;

namespace PolicyEngine.Telemetry.Remedies;

/// <summary>Limits each client of a service by what the flood was found by, far enough above what all the others ask for.</summary>
internal static class FloodRemedy
{
    public static Attempt Of(Finding finding, LimitRateSpec bounds, PolicySet policies)
    {
        if (finding.Subject is not { Dimension: { } dimension, Service: var service }) return Attempt.No("it does not say by what the clients were told apart");
        var key = dimension == KeySample.ClientRange ? new RateLimitKeySpec { From = RateLimitKeySource.ClientRange } : new RateLimitKeySpec { From = RateLimitKeySource.Header, Name = dimension };
        var needed = bounds.Headroom * (finding.Evidence.Value(FloodState.Rate, FloodState.Others) ?? 0) * Seconds(bounds.Per);
        if (needed > 1_000_000_000) return Attempt.No("the others ask for more than any limit could leave them");
        var requests = Math.Max(bounds.Requests, (int)Math.Ceiling(needed));
        if (finding.Evidence.Value(FloodState.Rate, finding.Subject.Key ?? "") is { } rate && requests / Seconds(bounds.Per) >= rate)
            return Attempt.No($"a limit that hurts nobody else ({requests} per {Word(bounds.Per)}) would not hold the flood back");
        var standing = policies.Of(Kinds.RateLimit)
            .Where(d => d.Spec is RateLimitSpec { Target: { Scope: Scope.Service, Matches.IsEmpty: true } target } l && target.Name == service && l.Key?.From == key.From && string.Equals(l.Key?.Name, key.Name, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(d => ((RateLimitSpec)d.Spec).Priority)
            .FirstOrDefault();
        if (standing?.Spec is RateLimitSpec { Shadow: false } old && old.Requests / Seconds(old.Per) <= requests / Seconds(bounds.Per))
            return Attempt.No($"{standing.Id} already limits each to {old.Requests} per {Word(old.Per)}");
        var priority = standing is null ? 0 : ((RateLimitSpec)standing.Spec).Priority + 1;
        if (priority > 1000) return Attempt.No($"{standing!.Id} has the highest priority, so nothing can be laid over it");
        var spec = new RateLimitSpec { Target = Target.OfService(service), Priority = priority, Requests = requests, Per = bounds.Per, Key = key };
        return new Attempt([Document.Of(Overlay.NameOf($"{service}-flood"), spec)], $"each {(key.Name is null ? "range of clients" : "value of " + key.Name)} is let through to {service} at most {requests} times per {Word(bounds.Per)}");
    }

    private static double Seconds(RateUnit unit) => unit switch
    {
        RateUnit.Second => 1,
        RateUnit.Minute => 60,
        RateUnit.Hour => 3600,
        _ => 86_400,
    };

    private static string Word(RateUnit unit) => unit.ToString().ToLowerInvariant();
}
