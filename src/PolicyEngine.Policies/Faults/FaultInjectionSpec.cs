using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Policies.Faults;

[AnyOf("delay", "abort")]
public sealed record FaultInjectionSpec : TargetedSpec
{
    [Field("Holds requests back.")]
    public DelaySpec? Delay { get; init; }

    [Field("Fails requests.")]
    public AbortSpec? Abort { get; init; }

    public override IEnumerable<Flaw> Check()
    {
        foreach (var flaw in base.Check()) yield return flaw;
        if (Delay is { Duration.Ticks: 0 }) yield return new Flaw(DiagnosticCatalogue.InvalidValue, "delay.duration", "a delay of nothing delays nothing");
    }
}

public sealed record DelaySpec
{
    [Field("For how long.", Example = "500ms")]
    public required TimeSpan Duration { get; init; }

    [Field("The share of requests.", Example = "10%")]
    public Percentage Percentage { get; init; } = Percentage.Hundred;
}

public sealed record AbortSpec
{
    [Field("HTTP status of the answer.", Min = 200, Max = 599)]
    public required int Status { get; init; }

    [Field("The share of requests.", Example = "1%")]
    public Percentage Percentage { get; init; } = Percentage.Hundred;
}
