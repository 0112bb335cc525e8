using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Policies.RateLimits;

public enum RateUnit { Second, Minute, Hour, Day }

public sealed record RateLimitSpec : TargetedSpec
{
    [Field("How many requests are let through in each unit; the others are answered 429. Counted by each Envoy for itself.", Min = 1, Max = 1_000_000_000)]
    public required int Requests { get; init; }

    [Field("The unit of time.")]
    public required RateUnit Per { get; init; }

    [Field("How many may come at once; as many as 'requests', if not given.", Min = 1, Max = 1_000_000_000)]
    public int? Burst { get; init; }

    [Field("Counts each value by itself: each client, each value of a header, each path.")]
    public RateLimitKeySpec? Key { get; init; }

    [Field("Count and report, but let pass.")]
    public bool Shadow { get; init; }

    public override IEnumerable<Flaw> Check()
    {
        foreach (var flaw in base.Check()) yield return flaw;
        if (Key is { From: RateLimitKeySource.Header, Name: null }) yield return new Flaw(DiagnosticCatalogue.MissingField, "key.name", "which header?", "add name: x-api-key");
        if (Key is { From: not RateLimitKeySource.Header, Name: not null }) yield return new Flaw(DiagnosticCatalogue.InvalidValue, "key.name", "only a header has a name");
    }
}

public sealed record RateLimitKeySpec
{
    [Field("What tells one client from another: its address (client-ip), the /24 or, of IPv6, /64 that it is in (client-range), a header, or what it asks for (path).")]
    public required RateLimitKeySource From { get; init; }

    [Field("Name of the header.", Pattern = Patterns.HeaderName, Expected = Patterns.HeaderNameExpected, MaxLength = 128)]
    public string? Name { get; init; }
}
