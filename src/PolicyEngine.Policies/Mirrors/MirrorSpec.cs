using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Policies.Mirrors;

public sealed record MirrorSpec : TargetedSpec
{
    [Field("Where the copies go.")]
    public required MirrorDestination To { get; init; }

    [Field("The share that is copied.", Example = "10%")]
    public Percentage Percentage { get; init; } = Percentage.Hundred;

    public override IEnumerable<Flaw> Check()
    {
        foreach (var flaw in base.Check()) yield return flaw;
        if (To.Service is null && Target.Scope != Scope.Service)
            yield return new Flaw(DiagnosticCatalogue.MissingField, "to.service", "which service? The target is not one", "add service: …");
    }
}

public sealed record MirrorDestination
{
    [Field("The service, where it is not the target.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public string? Service { get; init; }

    [Field("The version; the service's default, if not given.", Pattern = Patterns.Version, Expected = Patterns.VersionExpected)]
    public string? Version { get; init; }
}
