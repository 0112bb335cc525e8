using PolicyEngine.Compiler.Combining;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.RateLimits;

namespace PolicyEngine.Compiler.RateLimits;

/// <summary>One limit a key: the total, and each way to tell clients apart, are limited side by side.</summary>
internal sealed class RateLimitFeature : ITrafficFeature
{
    public Type SpecType => typeof(RateLimitSpec);

    public bool WorksProxyless => false;

    public IEnumerable<Part> Parts(Document document, RouteContext route)
    {
        var spec = (RateLimitSpec)document.Spec;
        var key = spec.Key is { } k ? new RateLimitKey(k.From, k.Name?.ToLowerInvariant()) : null;
        var limit = new RateLimit
        {
            Requests = spec.Requests,
            Window = Window(spec.Per),
            Burst = spec.Burst ?? spec.Requests,
            Key = key,
            Shadow = spec.Shadow,
            Origin = document.Id,
        };
        yield return new Part(document, spec, $"rate-limit.{key?.Source}.{key?.Name}", limit);
    }

    public RouteTraffic Apply(RouteTraffic traffic, IReadOnlyList<Part> parts) =>
        traffic with { RateLimits = [.. parts.OrderBy(p => p.Slot, StringComparer.Ordinal).Select(p => (RateLimit)p.Value)] };

    private static TimeSpan Window(RateUnit unit) => unit switch
    {
        RateUnit.Second => TimeSpan.FromSeconds(1),
        RateUnit.Minute => TimeSpan.FromMinutes(1),
        RateUnit.Hour => TimeSpan.FromHours(1),
        _ => TimeSpan.FromDays(1),
    };
}
